"""Trains the model of data/foreign/psmnist-s5.msgpack in JAX, without the toolkit, and saves it with flax.

Usage: python make_checkpoint.py [FILE]

A small S5 learns permuted digits of 14×14 pixels; it takes some minutes on one core. What is written is the whole train
state in the tree of the S5 release, the optimiser's memory included. Afterwards it says how many test digits it reads.
"""

import functools
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import serialization
from flax.training.train_state import TrainState

TESTS = Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "bench"), str(TESTS / "scale")]

from jax_s5 import SSM, forward, log_probabilities  # noqa: E402
from train_smnist import Config, idx, initial  # noqa: E402

DATA = TESTS.parent / "data"
TARGET = DATA / "foreign" / "psmnist-s5.msgpack"
SIDE = 14
BATCH, EPOCHS = 50, 8
# As with clip_eigs in the S5 release, but on the parameters themselves: whoever reads the file need not be told.
LARGEST_REAL_PART = -1e-4

ARCHITECTURE = Config(layers=3, channels=48, pairs=32, step_min=0.01, step_max=0.3)
CONFIG = {
    "pairs": [ARCHITECTURE.pairs] * ARCHITECTURE.layers,
    "activation": "HALF_GLU1",
    "dropout": ARCHITECTURE.dropout,
    "batchNormMomentum": ARCHITECTURE.momentum,
}


class State(TrainState):
    """What the release trains: parameters, an optimiser's memory and running statistics."""

    batch_stats: dict


def digits(prefix):
    """Permuted pixels (N, 196, 1) in [0, 1], each the mean of 2×2, and labels (N)."""
    images = idx(DATA / "mnist", f"{prefix}-images-idx3-ubyte") / np.float32(255)
    pixels = images.reshape(-1, SIDE, 2, SIDE, 2).mean((2, 4)).reshape(len(images), -1, 1)
    bits = (SIDE * SIDE - 1).bit_length()
    order = sorted(range(SIDE * SIDE), key=lambda k: int(f"{k:0{bits}b}"[::-1], 2))
    return pixels[:, order], idx(DATA / "mnist", f"{prefix}-labels-idx1-ubyte").astype(np.int32)


def optimiser(params, steps):
    """Adam for what makes the recurrence, AdamW for the rest; warm-up for an epoch, then a cosine."""
    groups = jax.tree_util.tree_map_with_path(
        lambda path, _: "ssm" if path[-1].key in SSM else "rest", params
    )
    rate = lambda peak: optax.warmup_cosine_decay_schedule(0, peak, steps // EPOCHS, steps)
    adam = optax.adam(rate(ARCHITECTURE.ssm_rate))
    adamw = optax.adamw(rate(ARCHITECTURE.rate), weight_decay=ARCHITECTURE.decay)
    return optax.multi_transform({"ssm": adam, "rest": adamw}, groups)


@functools.partial(jax.jit, donate_argnums=0)
def step(state, x, labels, key):
    def loss(params):
        scores, stats = log_probabilities(params, state.batch_stats, x, CONFIG, key)
        return -jnp.take_along_axis(scores, labels[:, None], 1).mean(), stats

    (value, stats), gradients = jax.value_and_grad(loss, has_aux=True)(state.params)
    state = state.apply_gradients(grads=gradients, batch_stats=stats)
    stable = lambda path, a: jnp.minimum(a, LARGEST_REAL_PART) if path[-1].key == "Lambda_re" else a
    return state.replace(params=jax.tree_util.tree_map_with_path(stable, state.params)), value


def train(seed=0):
    x, labels = digits("train")
    steps = EPOCHS * (len(x) // BATCH)
    params, stats = initial(ARCHITECTURE, seed)
    state = State.create(
        apply_fn=None, params=params, tx=optimiser(params, steps), batch_stats=stats
    )
    random = np.random.default_rng(seed)
    for epoch in range(EPOCHS):
        order = random.permutation(len(x))[: len(x) // BATCH * BATCH].reshape(-1, BATCH)
        losses = []
        for batch in order:
            key = jax.random.fold_in(jax.random.key(seed), int(state.step))
            state, value = step(state, x[batch], labels[batch], key)
            losses.append(value)
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    return state


def right(tree, prefix):
    """How many digits of a split a train state or what was restored of it reads right, and of how many."""
    x, labels = digits(prefix)
    classify = forward({**CONFIG, "dropout": 0})
    answers = [classify(tree["params"], tree["batch_stats"], x[i : i + 100]) for i in range(0, len(x), 100)]
    return int((np.concatenate(answers).argmax(1) == labels).sum()), len(x)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(serialization.to_bytes(train()))
    restored = serialization.msgpack_restore(target.read_bytes())
    print(target, target.stat().st_size, "bytes;", *right(restored, "t10k"), "test digits")
