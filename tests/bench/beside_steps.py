"""Steps of a stream beside a jitted step in JAX, and those of a pruned model beside the whole one's.

BesideSteps.java makes the models; both sides take turns, some hundred steps each, and wait for the
log-probabilities of every step. At the end of a sequence JAX, the stream and the pass over the
whole sequence have to agree.
"""

import json
import pathlib
import statistics
import tempfile
import time

import jax
import numpy as np

import jax_s5
import jax_step
from beside_jax import Toolkit
from toolkit import Row

# Log-probabilities of about -10 round by more, in either way of computing them.
TOLERANCE = 1e-5
STEPS = {1: 400, 32: 100}
TURNS, WARM_UP = 25, 15
MODELS = {"S5": "S5 sMNIST, causal, h=96, 4 × 64 pairs", "S4D": "S4D, causal, h=96, 4 × 96 × 32 pairs"}


def model(toolkit, family, batch):
    """A new model on the Java side; its parameters, statistics, configuration, inputs and answers."""
    shares = toolkit.ask(f"model {family} {batch}").split()
    with np.load(toolkit.folder / "m.npz") as file:
        arrays = {name: file[name] for name in file.files}
    config = json.loads(str(arrays.pop("last4j.config")))
    tree = jax_s5.nested(arrays)
    with np.load(toolkit.folder / "m.data.npz") as data:
        x, y, streamed = data["x"], data["y"], data["streamed"]
    fixed = jax_step.constants(tree["params"], tree["batch_stats"], config)
    return jax_step.step(config), fixed, x, y, streamed, float(shares[0])


def turn(step, fixed, state, inputs, count):
    """Seconds a step, and the state after them."""
    start = time.perf_counter()
    for i in range(count):
        state, scores = step(fixed, state, inputs[i % len(inputs)])
        np.asarray(scores)
    return (time.perf_counter() - start) / count, state


def compare(toolkit, family, batch):
    step, fixed, x, y, streamed, share = model(toolkit, family, batch)
    inputs = [x[:, i] for i in range(x.shape[1])]
    state = jax_step.at_rest(fixed, batch)
    for each in inputs:
        state, scores = step(fixed, state, each)
    error = max(float(np.abs(np.exp(each) - np.exp(y)).max()) for each in (np.asarray(scores), streamed))
    if error > TOLERANCE:
        raise AssertionError(f"probabilities differ by {error}")
    count, times = STEPS[batch], []
    for _ in range(TURNS + WARM_UP):
        theirs, state = turn(step, fixed, state, inputs, count)
        times.append((float(toolkit.ask(f"step whole {count}")), float(toolkit.ask(f"step pruned {count}")), theirs))
    return [statistics.median(side) for side in zip(*times[WARM_UP:])], share


def rows(large):
    with tempfile.TemporaryDirectory() as folder:
        toolkit = Toolkit(folder, "BesideSteps")
        for family, title in MODELS.items():
            for batch in (1, 32):
                (whole, pruned, theirs), share = compare(toolkit, family, batch)
                case = f"{title}, batch {batch}"
                yield Row("step of a stream", case, whole, "JAX", theirs)
                what = f"the whole model's step (multiplications allow {1 / share:.2f})"
                yield Row("step, 80 % removed", case, pruned, what, whole)
        toolkit.close()
