"""The training script: its recurrences, its gradients and optimiser, its checkpoints, and going on after a kill."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

jax = pytest.importorskip("jax")
pytest.importorskip("flax")

import jax.numpy as jnp  # noqa: E402
import optax  # noqa: E402
from flax import serialization  # noqa: E402
from flax.traverse_util import flatten_dict  # noqa: E402

HERE = Path(__file__).resolve().parent
MNIST = HERE.parents[1] / "data" / "mnist"
sys.path[:0] = [str(HERE), str(HERE.parent / "interop")]

import reference  # noqa: E402
import train_smnist as scale  # noqa: E402

SMALL = scale.Config(layers=2, channels=6, pairs=4, batch=3)


def system_inputs(batch=2, pairs=8):
    random = np.random.default_rng(1)
    step = np.geomspace(1e-3, 0.1, pairs)
    poles = scale.hippo(128)[0][:: 64 // pairs] * step
    u = random.standard_normal((pairs, 2, 28, 28, batch))
    return tuple(np.asarray(a, np.float32) for a in (poles.real, poles.imag, u))


def recurrence(re, im, u):
    """Step after step in time, in float64."""
    pairs, _, length, chunks, batch = u.shape
    bar = np.exp(re.astype(float) + 1j * im.astype(float))
    inputs = (u[:, 0] + 1j * u[:, 1]).transpose(3, 2, 1, 0).reshape(batch, -1, pairs)
    x = reference.recurrence(bar, inputs).reshape(batch, chunks, length, pairs)
    return np.stack([x.real, x.imag], 1).transpose(4, 1, 3, 2, 0)


@pytest.mark.parametrize("form", scale.FORMS)
def test_recurrence(form):
    re, im, u = system_inputs()
    x = jax.jit(scale.FORMS[form], static_argnums=3)(re, im, u, False)
    expected = recurrence(re, im, u)
    np.testing.assert_allclose(x, expected, atol=1e-4 * np.abs(expected).max())


def test_forms_agree_with_gradients():
    re, im, u = system_inputs()
    weights = np.random.default_rng(2).standard_normal(u.shape).astype(np.float32)
    found = {}
    for form in scale.FORMS:
        value = lambda re, im, u, form=form: (weights * jnp.tanh(scale.states(re, im, u, form) / 50)).sum()
        found[form] = jax.jit(jax.grad(value, (0, 1, 2)))(re, im, u)
    plain = lambda re, im, u: (weights * jnp.tanh(scale.associative(re, im, u, False) / 50)).sum()
    expected = jax.jit(jax.grad(plain, (0, 1, 2)))(re, im, u)
    for own in found.values():
        for a, b in zip(own, expected):
            np.testing.assert_allclose(a, b, atol=1e-4 * np.abs(b).max())


def test_forward_is_the_reference_of_imports():
    params, stats = scale.initial(SMALL, 3)
    random = np.random.default_rng(4)
    for layer in stats["encoder"].values():
        layer["norm"] = {k: v + random.uniform(0, 0.5, v.shape).astype(np.float32) for k, v in layer["norm"].items()}
    images = random.integers(0, 256, (3, 784), np.uint8)
    x = scale.pixels(jnp.asarray(scale.arranged(images)))
    double = jax.tree.map(lambda a: np.asarray(a, float), {"params": params, "batch_stats": stats})
    options = {"activation": "HALF_GLU1", "clip": True}
    expected = reference.log_probabilities(double, images[..., None] / 255, None, options)
    for form in scale.FORMS:
        config = dataclasses.replace(SMALL, scan=form)
        forward = jax.jit(scale.log_probabilities, static_argnums=3)
        np.testing.assert_allclose(forward(params, stats, x, config)[0], expected, atol=1e-5)


def test_a_step_is_that_of_optax():
    random = np.random.default_rng(5)
    data = scale.arranged(random.integers(0, 256, (6, 784), np.uint8)), random.integers(0, 10, 6).astype(np.int32)
    trainer = scale.Trainer(SMALL, data, [7, 8])
    start = {k: jnp.asarray(v) for k, v in trainer.start.items()}
    order = trainer.order(0, 1, 2)
    assert [sorted(order[0, :, row].ravel().tolist()) for row in (0, 1)] == [list(range(6))] * 2
    found = trainer.section(start, order[0], 0, 10, 2)[0]

    params, stats = scale.initial(SMALL, 8)
    groups = jax.tree_util.tree_map_with_path(lambda path, _: "ssm" if path[-1].key in scale.SSM else "rest", params)
    rate = lambda peak: lambda count: peak * (count + 1) / 2
    optimiser = optax.multi_transform(
        {"ssm": optax.adam(rate(0.002)), "rest": optax.adamw(rate(0.008), weight_decay=0.01)}, groups
    )
    derivative = jax.jit(jax.grad(trainer._loss, has_aux=True))
    state, flat = optimiser.init(params), jnp.asarray(trainer.start["stats"][1])
    for step in range(2):
        key = jax.random.fold_in(jax.random.fold_in(jax.random.key(8), 2), step)
        index = order[0, step, 1]
        gradient, flat = derivative(params, flat, data[0][index], data[1][index], key)
        updates, state = optimiser.update(gradient, state, params)
        params = optax.apply_updates(params, updates)
    np.testing.assert_allclose(found["params"][1], scale.ravel_pytree(params)[0], atol=2e-4)
    np.testing.assert_allclose(found["stats"][1], flat, atol=1e-5)


def test_weight_gradients_in_pieces():
    random = np.random.default_rng(6)
    g, x = random.standard_normal((4, 784)), random.standard_normal((6, 784))
    np.testing.assert_allclose(scale.weight_gradient(g, x, 28), g @ x.T, atol=1e-3)


def command(out):
    options = ["--mnist", MNIST, "--leave-out", MNIST, "--seeds", "0,5", "--epochs", "2", "--smoke", "--save-seconds", "0"]
    return [sys.executable, str(HERE / "train_smnist.py"), *map(str, options), "--out", str(out)]


def test_a_killed_run_goes_on_as_if_it_had_not_been(tmp_path):
    whole = subprocess.run(command(tmp_path / "whole"), check=True, capture_output=True, text=True, timeout=600)
    assert "done" in whole.stdout
    with subprocess.Popen(command(tmp_path / "cut"), stdout=subprocess.PIPE, text=True) as process:
        assert any("saved step 8" in line for line in process.stdout)
        process.kill()
    again = subprocess.run(command(tmp_path / "cut"), check=True, capture_output=True, text=True, timeout=600)
    assert "going on at step" in again.stdout

    for seed in (0, 5):
        files = [(tmp_path / run / f"smnist-s5-full-{seed}.msgpack").read_bytes() for run in ("whole", "cut")]
        trees = [flatten_dict(serialization.msgpack_restore(file), sep="/") for file in files]
        for name, array in trees[0].items():
            np.testing.assert_array_equal(array, trees[1][name], name)
        h, n = 8, 8
        shapes = {name: array.shape for name, array in trees[0].items()}
        expected = {
            "encoder/kernel": (1, h), "encoder/bias": (h,),
            "layers_1/norm/scale": (h,), "layers_1/norm/bias": (h,),
            "layers_1/out2/kernel": (h, h), "layers_1/out2/bias": (h,),
            "layers_1/seq/Lambda_re": (n,), "layers_1/seq/Lambda_im": (n,), "layers_1/seq/log_step": (n, 1),
            "layers_1/seq/B": (n, h, 2), "layers_1/seq/C": (h, n, 2), "layers_1/seq/D": (h,),
        }  # fmt: skip
        expected |= {name.replace("_1", "_0"): shape for name, shape in expected.items() if "_1" in name}
        expected = {f"params/encoder/{name}": shape for name, shape in expected.items()}
        for i in (0, 1):
            expected |= {f"batch_stats/encoder/layers_{i}/norm/{name}": (h,) for name in ("mean", "var")}
        expected |= {"params/decoder/kernel": (h, 10), "params/decoder/bias": (10,)}
        assert shapes == expected
    logs = [(tmp_path / run / "log.csv").read_text().splitlines() for run in ("whole", "cut")]
    assert len(logs[0]) == 5
    assert [line.split(",")[:5] for line in logs[0]] == [line.split(",")[:5] for line in logs[1]]
