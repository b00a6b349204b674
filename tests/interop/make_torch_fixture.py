"""Writes what tests read of PyTorch, which is too large to be installed for them.

Usage: python make_torch_fixture.py, with torch (2.2.2 wrote the committed file); numbers count up.
"""

from collections import OrderedDict
from pathlib import Path

import torch

TARGET = Path(__file__).resolve().parents[1] / "src/test/resources/io/github/last4j/io/state-dict.pth"


def checkpoint():
    numbers = torch.arange(12.0)
    types = ["float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64"]
    state = OrderedDict((name, torch.arange(2).to(getattr(torch, name))) for name in types)
    state["matrix"] = numbers.reshape(3, 4)
    state["transposed"] = numbers.reshape(3, 4).T
    state["slice"] = numbers.reshape(3, 4)[1:, ::2]
    state["number"] = torch.tensor(7.0)
    state["parameter"] = torch.nn.Parameter(torch.ones(2))
    # As modules have it, and torch.save keeps.
    state._metadata = OrderedDict([("", {"version": 1})])
    optimizer = {"state": {0: {"step": torch.tensor(3.0)}}, "param_groups": [{"lr": 0.01, "betas": (0.9, 0.999)}]}
    return {"model": state, "acc": 91.5, "epoch": 300, "best": True, "note": None, "optimizer": optimizer}


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    torch.save(checkpoint(), TARGET)
    print(TARGET, TARGET.stat().st_size, "bytes")
