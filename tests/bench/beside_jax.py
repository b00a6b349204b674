"""The toolkit's S5 beside a jitted S5 in JAX, both sides taking turns.

BesideJax.java makes the models; this program reads them, checks that both sides give the same
log-probabilities, and times them. Compilation is not timed.
"""

import json
import pathlib
import statistics
import subprocess
import tempfile
import time

import jax
import numpy as np

import jax_s5
from toolkit import ENVIRONMENT, Row, command

# Single precision over six layers.
TOLERANCE = 1e-4
# Seconds before the clock counts, for XLA to compile and the JVM to do so with what runs often.
WARM_UP = 3
WARM_UP_STEPS = 20


class Toolkit:
    """The Java program, one line at a time."""

    def __init__(self, folder, program="BesideJax"):
        self.folder = pathlib.Path(folder)
        self.process = subprocess.Popen(
            command(program, folder),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENVIRONMENT,
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
        tree = jax_s5.nested(arrays)
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
    """Medians of what two ways take, timed by turns once both have been compiled."""
    for side in (ours, theirs):
        start = time.perf_counter()
        while time.perf_counter() - start < WARM_UP:
            side()
    pairs = [(ours(), theirs()) for _ in range(repeat)]
    return tuple(statistics.median(side) for side in zip(*pairs))


def forward(toolkit, preset, batch, length, kept, repeat, system=jax_s5.system):
    params, stats, config, x, y = toolkit.model(preset, batch, length, kept)
    run = jax_s5.forward(config, system)
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


def train(toolkit, preset, batch, length, repeat, system=jax_s5.system):
    params, stats, config, x, _ = toolkit.model(preset, batch, length)
    step, state = jax_s5.training(config, params, system)
    labels, key = np.zeros(batch, int), jax.random.key(0)
    carried = [params, stats, state]

    def theirs():
        start = time.perf_counter()
        *carried[:], loss = step(*carried, x, labels, key)
        jax.block_until_ready(loss)
        return time.perf_counter() - start

    count = repeat + WARM_UP_STEPS
    toolkit.say(f"train {count}")
    pairs = []
    for _ in range(count):
        ours = float(toolkit.hear())
        pairs.append((ours, theirs()))
        toolkit.say()
    toolkit.hear()
    return tuple(statistics.median(side) for side in zip(*pairs[WARM_UP_STEPS:]))


def score(toolkit, repeat):
    params, *_ = toolkit.model("Image", 1, 8)
    layers = [params["encoder"][f"layers_{i}"]["seq"] for i in range(6)]
    theirs = lambda: seconds(lambda: jax_s5.last_masks(layers, 0.5))  # noqa: E731
    compiled = turns(lambda: float(toolkit.ask("score")), theirs, repeat)
    with jax.disable_jit():
        eager = statistics.median(theirs() for _ in range(5))
    return compiled, eager


def rows(large):
    repeat = 9
    with tempfile.TemporaryDirectory() as folder:
        toolkit = Toolkit(folder)

        def row(what, case, beside, both):
            return Row(what, case, both[0], beside, both[1])

        for preset, batch, length in [("sMNIST", 8, 784), ("LRA", 8, 1024)] + ([("sMNIST", 32, 784)] if large else []):
            case = f"S5 {preset}, batch {batch}, L={length}"
            yield row("forward", case, "JAX", forward(toolkit, preset, batch, length, 1.0, repeat))
            yield row("forward", case, "its matrix products alone", gemms(toolkit, repeat))
            half = forward(toolkit, preset, batch, length, 0.5, repeat)
            yield row("forward, half the pairs", case, "JAX", half)
            yield row("training step", case, "JAX", train(toolkit, preset, batch, length, repeat))
            plain = jax_s5.plain_system
            both = forward(toolkit, preset, batch, length, 1.0, repeat, plain)
            yield row("forward", case, "JAX, complex and vmap", both)
            both = train(toolkit, preset, batch, length, repeat, plain)
            yield row("training step", case, "JAX, complex and vmap", both)
        (ours, theirs), eager = score(toolkit, repeat)
        case = "S5 Image, 6 × 192 pairs, h=512"
        yield Row("scores and masks", case, ours, "JAX", theirs)
        yield Row("scores and masks", case, ours, "JAX, not jitted", eager)
        for length in [1024, 2048, 4096] + ([8192, 16384] if large else []):
            both = forward(toolkit, "sMNIST", 4, length, 1.0, 5)
            yield row("forward", f"S5 sMNIST, batch 4, L={length}", "JAX", both)
        for kept in [0.25, 0.5, 0.75, 1.0]:
            both = forward(toolkit, "LRA", 4, 1024, kept, 5)
            yield row("forward", f"S5 LRA, batch 4, L=1024, {96 * kept:.0f} pairs", "JAX", both)
        toolkit.close()
