"""Times the toolkit's S5 beside a jitted S5 in JAX, in one run, both sides taking turns.

    make bench                 # a minute
    make bench ARGS=--large    # and a larger batch and longer sequences

S5Bench.java makes the models; this program reads them, checks that both sides give the same
log-probabilities, times them and prints one table, which also goes to a file. Compilation is not timed.
"""

import argparse
import csv
import json
import os
import pathlib
import platform
import statistics
import subprocess
import tempfile
import time

import jax
import numpy as np

import peer

ROOT = pathlib.Path(__file__).resolve().parents[3]
RESULTS = pathlib.Path(__file__).resolve().parents[1] / "results" / "s5.csv"
# Single precision over six layers.
TOLERANCE = 1e-4


class Toolkit:
    """The Java program, one line at a time."""

    def __init__(self, folder):
        toolkit = ROOT / "toolkit" / "target"
        path = os.pathsep.join([str(toolkit / "classes"), str(toolkit / "lib" / "*")])
        java = pathlib.Path(os.environ["JAVA_HOME"]) / "bin" / "java" if "JAVA_HOME" in os.environ else "java"
        environment = dict(os.environ, OPT_OUT_TRACKING="true", DJL_OFFLINE="true", OMP_WAIT_POLICY="PASSIVE")
        self.folder = pathlib.Path(folder)
        self.process = subprocess.Popen(
            [str(java), "-cp", path, str(pathlib.Path(__file__).with_name("S5Bench.java")), str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
        )

    def say(self, line=""):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self):
        line = self.process.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"the Java side ended with {self.process.wait()}")
        return line

    def ask(self, line):
        self.say(line)
        return self.hear()

    def model(self, preset, batch, length, kept=1.0):
        """Parameters, statistics, configuration, inputs and log-probabilities of a new model."""
        self.ask(f"model m {preset} {batch} {length} {kept}")
        with np.load(self.folder / "m.npz") as file:
            arrays = {name: file[name] for name in file.files}
        config = json.loads(str(arrays.pop("last4j.config")))
        tree = peer.nested(arrays)
        with np.load(self.folder / "m.data.npz") as data:
            return tree["params"], tree["batch_stats"], config, data["x"], data["y"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def seconds(work):
    start = time.perf_counter()
    jax.block_until_ready(work())
    return time.perf_counter() - start


def turns(ours, theirs, repeat):
    """Medians of what two ways take, timed by turns after two warm-ups."""
    pairs = [(ours(), theirs()) for _ in range(repeat + 2)][2:]
    return tuple(statistics.median(side) for side in zip(*pairs))


def forward(toolkit, preset, batch, length, kept, repeat):
    params, stats, config, x, y = toolkit.model(preset, batch, length, kept)
    run = peer.forward(config)
    error = float(np.abs(np.asarray(run(params, stats, x)) - y).max())
    if error > TOLERANCE:
        raise AssertionError(f"log-probabilities differ by {error}")
    return turns(
        lambda: float(toolkit.ask("forward")), lambda: seconds(lambda: run(params, stats, x)), repeat
    )


def gemms(toolkit, repeat):
    """A forward pass of the present model, and its matrix products alone."""
    passes = [float(toolkit.ask("forward")) for _ in range(repeat)]
    toolkit.say(f"gemms {repeat}")
    products = []
    for _ in range(repeat):
        products.append(float(toolkit.hear()))
        toolkit.say()
    toolkit.hear()
    return statistics.median(passes), statistics.median(products)


def train(toolkit, preset, batch, length, kept, repeat):
    params, stats, config, x, _ = toolkit.model(preset, batch, length, kept)
    step, state = peer.training(config, params)
    labels, key = np.zeros(batch, int), jax.random.key(0)
    carried = [params, stats, state]

    def theirs():
        start = time.perf_counter()
        *carried[:], loss = step(*carried, x, labels, key)
        jax.block_until_ready(loss)
        return time.perf_counter() - start

    count = repeat + 2
    toolkit.say(f"train {count}")
    pairs = []
    for _ in range(count):
        ours = float(toolkit.hear())
        pairs.append((ours, theirs()))
        toolkit.say()
    toolkit.hear()
    return tuple(statistics.median(side) for side in zip(*pairs[2:]))


def score(toolkit, repeat):
    params, *_ = toolkit.model("Image", 1, 8)
    layers = [params["encoder"][f"layers_{i}"]["seq"] for i in range(6)]
    theirs = lambda: seconds(lambda: peer.last_masks(layers, 0.5))  # noqa: E731
    compiled = turns(lambda: float(toolkit.ask("score")), theirs, repeat)
    with jax.disable_jit():
        eager = statistics.median(theirs() for _ in range(5))
    return compiled, eager


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--repeat", type=int, default=9)
    options = parser.parse_args()
    cases = [("sMNIST", 8, 784), ("LRA", 8, 1024)]
    if options.large:
        cases += [("sMNIST", 32, 784)]
    rows = []

    def row(what, case, ours, theirs, beside):
        rows.append([what, case, f"{ours:.4f}", f"{theirs:.4f}", beside, f"{theirs / ours:.2f}"])
        print("| " + " | ".join(rows[-1]) + " |", flush=True)

    print("| what | model | last4j s | beside s | beside | ratio |\n|---|---|---:|---:|---|---:|")
    with tempfile.TemporaryDirectory() as folder:
        toolkit = Toolkit(folder)
        for preset, batch, length in cases:
            case = f"{preset}, batch {batch}, L={length}"
            row("forward", case, *forward(toolkit, preset, batch, length, 1.0, options.repeat), "JAX")
            row("forward", case, *gemms(toolkit, options.repeat), "its matrix products alone")
            row("forward, half the pairs", case, *forward(toolkit, preset, batch, length, 0.5, options.repeat), "JAX")
            row("training step", case, *train(toolkit, preset, batch, length, 1.0, options.repeat), "JAX")
        (ours, theirs), eager = score(toolkit, options.repeat)
        row("scores and masks", "Image, 6 x 192 pairs, h=512", ours, theirs, "JAX, jitted")
        row("scores and masks", "Image, 6 x 192 pairs, h=512", ours, eager, "JAX, not jitted")
        for length in [1024, 2048, 4096] + ([8192, 16384] if options.large else []):
            both = forward(toolkit, "sMNIST", 4, length, 1.0, 5)
            row("forward", f"sMNIST, batch 4, L={length}", *both, "JAX")
        for kept in [0.25, 0.5, 0.75, 1.0]:
            both = forward(toolkit, "LRA", 4, 1024, kept, 5)
            row("forward", f"LRA, batch 4, L=1024, {96 * kept:.0f} pairs", *both, "JAX")
        toolkit.close()
    RESULTS.parent.mkdir(exist_ok=True)
    partial = RESULTS.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["what", "model", "last4j_s", "beside_s", "beside", "ratio"])
        writer.writerows(rows)
        writer.writerow(
            ["machine", f"{platform.machine()}, {os.cpu_count()} processors, JAX {jax.__version__}", "", "", "", ""]
        )
    partial.replace(RESULTS)


if __name__ == "__main__":
    main()
