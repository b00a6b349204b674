"""The toolkit's H-infinity norm beside SLICOT's AB13DD on the same layers.

BesideSlicot.java makes the layers, times the toolkit on them and writes both to files; this program
reads them and times AB13DD. SLICOT gets the real state-space form; its value is an estimate from
below, and may lie outside the toolkit's interval by the tolerance that both are asked for.
"""

import csv
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from slycot import ab13dd

from toolkit import ENVIRONMENT, Row, command

TOLERANCE = 1e-6
# Pairs, h, whether there is a D, and a seed.
SMALL = ["64:96:false:1", "64:96:false:2", "64:96:false:3", "64:96:true:1", "64:96:true:2"]
LARGE = ["192:128:false:1", "192:512:false:1", "192:512:true:1"]


def read(path):
    """The real state-space matrices of a layer that BesideSlicot wrote."""
    data = np.fromfile(path, "<f8")
    n, m, p, feedthrough = data[:4].astype(int)
    at = 4

    def take(*shape):
        nonlocal at
        count = int(np.prod(shape))
        at += count
        return data[at - count : at].reshape(shape)

    pole = take(n) + 1j * take(n)
    b = take(n, m) + 1j * take(n, m)
    c = take(p, n) + 1j * take(p, n)
    d = np.diag(take(p)) if feedthrough else np.zeros((p, m))
    a = np.zeros((2 * n, 2 * n))
    even = 2 * np.arange(n)
    a[even, even] = a[even + 1, even + 1] = pole.real
    a[even, even + 1], a[even + 1, even] = -pole.imag, pole.imag
    stack = np.stack([b.real, b.imag], 1).reshape(2 * n, m)
    shifted = c * pole  # the current input is included: y = 2Re(C(λ x + B u)) + D u
    out = np.stack([2 * shifted.real, -2 * shifted.imag], 2).reshape(p, 2 * n)
    return a, stack, out, d + 2 * (c @ b).real


def slicot(path, tolerance, repeat):
    a, b, c, d = read(path)
    n = len(a)
    best = np.inf
    for _ in range(repeat):
        start = time.perf_counter()
        gain, _ = ab13dd("D", "I", "N", "D", n, b.shape[1], len(c), a, np.eye(n), b, c, d, tolerance)
        best = min(best, time.perf_counter() - start)
    return gain, best


def rows(large):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cases = SMALL + (LARGE if large else [])
        run = command("BesideSlicot", folder, TOLERANCE, *cases)
        subprocess.run(run, check=True, env=ENVIRONMENT, stderr=subprocess.DEVNULL)
        with open(folder / "last4j.csv", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                pairs, h, feedthrough, seed = row["case"].split(":")
                layer = folder / (row["case"].replace(":", "_") + ".bin")
                gain, seconds = slicot(layer, TOLERANCE, 3 if int(pairs) < 100 else 1)
                lower, upper = float(row["lower"]), float(row["upper"])
                if not lower * (1 - TOLERANCE) <= gain <= upper * (1 + TOLERANCE):
                    raise AssertionError(f"{row['case']}: AB13DD has {gain}, last4j [{lower}, {upper}]")
                d = "with D" if feedthrough == "true" else "no D"
                case = f"{pairs} pairs, h={h}, {d}, seed {seed}"
                yield Row("certified H∞ norm", case, float(row["median"]), "AB13DD, an estimate", seconds)
