"""Writes data/foreign/psmnist-s5.msgpack: a trained model as flax saves a train state of the S5 release.

Usage: python make_checkpoint.py [FILE]
"""

import json
import sys
from pathlib import Path

import numpy as np
import optax
from flax import serialization
from flax.training.train_state import TrainState
from flax.traverse_util import unflatten_dict

DATA = Path(__file__).resolve().parents[2] / "data"
SOURCE = DATA / "models" / "psmnist-s5-0.safetensors"
TARGET = DATA / "foreign" / "psmnist-s5.msgpack"


class State(TrainState):
    """What the release trains: parameters, an optimiser's memory and running statistics."""

    batch_stats: dict


def arrays(content: bytes) -> dict[str, np.ndarray]:
    """The float32 arrays of a safetensors file: a length, a JSON header, numbers."""
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    header.pop("__metadata__")
    found = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", name
        first, last = (start + offset for offset in entry["data_offsets"])
        found[name] = np.frombuffer(content[first:last], "<f4").reshape(entry["shape"])
    return found


def checkpoint() -> bytes:
    tree = unflatten_dict(arrays(SOURCE.read_bytes()), sep="/")
    # Adam's moments are not in the file that the model was kept in: this optimiser has none.
    state = State.create(
        apply_fn=None, params=tree["params"], tx=optax.sgd(1e-3), batch_stats=tree["batch_stats"]
    )
    return serialization.to_bytes(state)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(checkpoint())
    print(target, target.stat().st_size, "bytes")
