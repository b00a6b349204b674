"""Times last4j's H-infinity norm against SLICOT's AB13DD on the same layers, in one run.

    make bench                 # 64 pairs, h=96, with and without D
    make bench ARGS=--large    # and 192 pairs, h=128 and 512: minutes

HinfBench.java makes the layers, times the toolkit on them and writes both to files; this program
reads them, times AB13DD and prints one table. SLICOT gets the real state-space form; its value is
a lower estimate within the tolerance, so it may lie below the interval by as much.
"""

import argparse
import csv
import os
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from slycot import ab13dd

ROOT = pathlib.Path(__file__).resolve().parents[3]
SMALL = ["64:96:false:1", "64:96:false:2", "64:96:false:3", "64:96:true:1", "64:96:true:2"]
LARGE = ["192:128:false:1", "192:512:false:1", "192:512:true:1"]


def read(path):
    """The real state-space matrices of a layer that HinfBench wrote."""
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--tolerance", type=float, default=1e-6)
    options = parser.parse_args()
    cases = SMALL + (LARGE if options.large else [])
    toolkit = ROOT / "toolkit" / "target"
    path = os.pathsep.join([str(toolkit / "classes"), str(toolkit / "lib" / "*")])
    environment = dict(os.environ, OPT_OUT_TRACKING="true", DJL_OFFLINE="true")
    with tempfile.TemporaryDirectory() as folder:
        command = ["java", "-cp", path, str(pathlib.Path(__file__).with_name("HinfBench.java"))]
        subprocess.run(
            [*command, folder, str(options.tolerance), *cases], check=True, env=environment,
            stderr=subprocess.DEVNULL,
        )
        print("| pairs | h | D | last4j lower | width | AB13DD/lower - 1 | first call s | warm s | AB13DD s | ratio |")
        print("|---|---|---|---|---|---|---|---|---|---|")
        with open(pathlib.Path(folder) / "last4j.csv", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                pairs, h, feedthrough, _ = row["case"].split(":")
                name = row["case"].replace(":", "_") + ".bin"
                repeat = 3 if int(pairs) < 100 else 1
                gain, seconds = slicot(pathlib.Path(folder) / name, options.tolerance, repeat)
                lower, upper = float(row["lower"]), float(row["upper"])
                warm = float(row["median"])
                print(
                    f"| {pairs} | {h} | {'yes' if feedthrough == 'true' else 'no'} | {lower:.9g}"
                    f" | {(upper - lower) / lower:.1e} | {gain / lower - 1:+.1e} | {float(row['first']):.3f}"
                    f" | {warm:.3f} | {seconds:.3f} | {seconds / warm:.1f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
