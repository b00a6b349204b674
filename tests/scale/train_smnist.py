"""Trains the paper's S5 for sMNIST (Table 4) on all of MNIST, with one or several seeds at once.

    python train_smnist.py --mnist FOLDER --seeds 0,1,2 --minutes 9 --tf32 --out RUN

FOLDER holds the four IDX files of MNIST, plain or with .gz. The digits of this project's own validation
and test splits (--leave-out, data/mnist) are not trained on, so that a model can be judged by these
and by the published test set. RUN gets a checkpoint of each seed in the tree of the S5 release, as
flax writes it, log.csv, card.json, and state.msgpack, from which the same command goes on.

With --minutes, counted from the start of the process, the first steps are timed and as many epochs are
planned as fit, at most 150. Rates, warm-up and cosine decay are for the planned number.

How it is fast: whole sections of an epoch are one call on the device, with the images there. Time is
laid out as (position in a chunk, chunk), features come first, and so every product, the recurrence's
too, is a matrix product of arrays as they lie in memory. The recurrence has its own derivative: the
adjoint recurrence, by the same products, and one sum for the poles.
"""

import time

STARTED = time.time()

import argparse  # noqa: E402
import csv  # noqa: E402
import dataclasses  # noqa: E402
import functools  # noqa: E402
import gzip  # noqa: E402
import io  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
from pathlib import Path  # noqa: E402

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from flax import serialization  # noqa: E402
from jax.flatten_util import ravel_pytree  # noqa: E402

SIDE = 28  # An image is 28 chunks of 28 steps: its rows.
SSM = ("Lambda_re", "Lambda_im", "B", "log_step")
LARGEST_REAL_PART = -1e-4
CLASSES = 10


@dataclasses.dataclass(frozen=True)
class Config:
    """The architecture and the recipe: Table 4's row for sMNIST."""

    layers: int = 4
    channels: int = 96
    pairs: int = 64
    dropout: float = 0.1
    step_min: float = 0.001
    step_max: float = 0.1
    momentum: float = 0.95
    clip_poles: bool = True
    batch: int = 50
    rate: float = 0.008
    ssm_rate: float = 0.002
    decay: float = 0.01
    warm_up_epochs: int = 1
    scan: str = "chunked"


# Data


def idx(folder, name):
    """The array of an IDX file of bytes, plain or with .gz."""
    plain = Path(folder) / name
    content = plain.read_bytes() if plain.exists() else gzip.decompress(Path(f"{plain}.gz").read_bytes())
    if content[:3] != b"\x00\x00\x08":
        raise ValueError(f"{plain}: expected an IDX file of bytes, got {content[:4].hex()}")
    shape = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(content[3])]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(shape)


def split(folder, prefix):
    """Images (N, 784) and labels (N)."""
    images = idx(folder, f"{prefix}-images-idx3-ubyte")
    labels = idx(folder, f"{prefix}-labels-idx1-ubyte")
    if images.shape[1:] != (SIDE, SIDE) or len(images) != len(labels) or labels.max() >= CLASSES:
        raise ValueError(f"{folder}/{prefix}: expected images of 28×28 and as many labels below 10")
    return images.reshape(len(images), -1), labels.astype(np.int32)


def without(training, others):
    """The training data without images whose pixels are those of an image in the other splits."""
    seen = {image.tobytes() for images, _ in others for image in images}
    kept = np.array([image.tobytes() not in seen for image in training[0]])
    return training[0][kept], training[1][kept]


def arranged(images):
    """Pixels (N, 784) in the order (position in a row, row), in which the model takes them."""
    return images.reshape(-1, SIDE, SIDE).swapaxes(1, 2).reshape(len(images), -1)


def pixels(images):
    """Arranged bytes (batch, 784) as numbers in [0, 1], shape (784, batch)."""
    return images.T.astype(jnp.float32) / 255


# Initial parameters


def hippo(size):
    """Half of the eigenvalues of HiPPO-LegS's normal part, and their eigenvectors (size, size/2)."""
    root = np.sqrt(np.arange(size) + 0.5)
    skew = np.triu(np.outer(root, root), 1)
    skew = skew - skew.T
    im, vectors = np.linalg.eigh(-1j * skew)
    return -0.5 + 1j * im[: size // 2], vectors[:, : size // 2]


def lecun(random, shape, inputs):
    """Normal with variance 1/inputs, cut off at two standard deviations of the uncut normal."""
    values = random.standard_normal(shape)
    while (far := np.abs(values) > 2).any():
        values[far] = random.standard_normal(far.sum())
    return values / (np.sqrt(inputs) * 0.8796256610342398)


def dense(random, inputs, outputs):
    return {"kernel": lecun(random, (inputs, outputs), inputs), "bias": np.zeros(outputs)}


def initial(config, seed):
    """Parameters and running statistics in the tree of the S5 release."""
    random = np.random.default_rng(seed)
    h, n = config.channels, config.pairs
    poles, vectors = hippo(2 * n)
    parts = lambda z: np.stack([z.real, z.imag], -1)
    encoder, stats = {"encoder": dense(random, 1, h)}, {}
    for i in range(config.layers):
        b = vectors.conj().T @ lecun(random, (2 * n, h), 2 * n)
        c = lecun(random, (h, 2 * n, 2), 2 * n)
        seq = {
            "Lambda_re": poles.real,
            "Lambda_im": poles.imag,
            "B": parts(b),
            "C": parts((c[..., 0] + 1j * c[..., 1]) @ vectors),
            "D": random.standard_normal(h),
            "log_step": random.uniform(np.log(config.step_min), np.log(config.step_max), (n, 1)),
        }
        norm = {"scale": np.ones(h), "bias": np.zeros(h)}
        encoder[f"layers_{i}"] = {"seq": seq, "norm": norm, "out2": dense(random, h, h)}
        stats[f"layers_{i}"] = {"norm": {"mean": np.zeros(h), "var": np.ones(h)}}
    tree = {"encoder": encoder, "decoder": dense(random, h, 10)}, {"encoder": stats}
    return jax.tree.map(lambda a: np.asarray(a, np.float32), tree)


# The recurrence x_k = λ̄ x_{k-1} + u_k, with λ̄ = exp(re + i·im), on arrays (pairs, 2, position, chunk, batch)
# of real and imaginary parts; in reverse x_k = conj(λ̄) x_{k+1} + u_k, its adjoint.


def real_matrices(re, angle, lags):
    """Matrices (pairs, 2·rows, 2·columns) of λ̄ to the powers of lags (rows, columns), 0 for negative ones."""
    k = jnp.maximum(lags, 0).astype(jnp.float32)
    size = jnp.where(lags >= 0, jnp.exp(re[:, None, None] * k), 0)
    x, y = size * jnp.cos(angle[:, None, None] * k), size * jnp.sin(angle[:, None, None] * k)
    return jnp.block([[x, -y], [y, x]])


def chunked(re, im, u, reverse):
    """By matrix products within chunks, after one over the chunks' ends."""
    pairs, _, length, chunks, batch = u.shape
    # The angle between -π and π: powers of it stay accurate.
    angle = jnp.arctan2(jnp.sin(im), jnp.cos(im))
    t, c = jnp.arange(length), jnp.arange(chunks)
    within, end = t[:, None] - t, length - 1 - t[None]
    between = length * (c[:, None] - c - 1) + 1
    if reverse:
        angle, within, end = -angle, -within, t[None]
        between = between.T
    between = jnp.where(between > 0, between, -1)
    product = functools.partial(jnp.matmul, precision=jax.lax.Precision.HIGHEST)
    ends = product(real_matrices(re, angle, end), u.reshape(pairs, 2 * length, chunks * batch))
    before = product(real_matrices(re, angle, between), ends.reshape(pairs, 2 * chunks, batch))
    first = length - 1 if reverse else 0
    row = u[:, :, first] + before.reshape(pairs, 2, chunks, batch)
    u = jax.lax.dynamic_update_slice_in_dim(u, row[:, :, None], first, 2)
    return product(real_matrices(re, angle, within), u.reshape(pairs, 2 * length, -1)).reshape(u.shape)


def associative(re, im, u, reverse):
    """By JAX's parallel scan over all steps."""
    _, _, length, chunks, batch = u.shape
    steps = u.transpose(1, 3, 2, 0, 4).reshape(2, chunks * length, -1, batch)
    sign = -1 if reverse else 1
    bar = jnp.stack([jnp.exp(re) * jnp.cos(im), sign * jnp.exp(re) * jnp.sin(im)])[:, None, :, None]
    bar = jnp.broadcast_to(bar, (2, chunks * length, bar.shape[2], 1))

    def times(a, b):
        return jnp.stack([a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]])

    def combine(left, right):
        return times(left[0], right[0]), times(right[0], left[1]) + right[1]

    x = jax.lax.associative_scan(combine, (bar, steps), axis=1, reverse=reverse)[1]
    return x.reshape(2, chunks, length, -1, batch).transpose(3, 0, 2, 1, 4)


FORMS = {"chunked": chunked, "associative": associative}


@functools.partial(jax.custom_vjp, nondiff_argnums=(3,))
def states(re, im, u, form):
    return FORMS[form](re, im, u, False)


def states_forward(re, im, u, form):
    x = FORMS[form](re, im, u, False)
    return x, (re, im, x)


def states_backward(form, kept, gradient):
    re, im, x = kept
    w = FORMS[form](re, im, gradient, True)

    def lagged(a, b):
        """The sum over time and batch of a, at each step times b at the step before."""
        inner = (a[:, 1:] * b[:, :-1]).sum((1, 2, 3))
        return inner + (a[:, 0, 1:] * b[:, -1, :-1]).sum((1, 2))

    by_re = lagged(w[:, 0], x[:, 0]) + lagged(w[:, 1], x[:, 1])
    by_im = lagged(w[:, 1], x[:, 0]) - lagged(w[:, 0], x[:, 1])
    a, b = jnp.exp(re) * jnp.cos(im), jnp.exp(re) * jnp.sin(im)
    return a * by_re + b * by_im, a * by_im - b * by_re, w


states.defvjp(states_forward, states_backward)


# The model


def weight_gradient(gradient, x, pieces):
    """gradient @ x.T for few rows and very many columns, the columns in so many pieces."""
    if pieces == 1:
        return gradient @ x.T
    cut = lambda a: a.reshape(len(a), pieces, -1)
    return jnp.einsum("okn,ikn->koi", cut(gradient), cut(x)).sum(0)


@functools.partial(jax.custom_vjp, nondiff_argnums=(2,))
def product(weight, x, pieces):
    return weight @ x


product.defvjp(
    lambda weight, x, pieces: (weight @ x, (weight, x)),
    lambda pieces, kept, gradient: (
        weight_gradient(gradient, kept[1], pieces), kept[0].T @ gradient
    ),
)  # fmt: skip


def system(u, seq, config, pieces):
    """An S5 system by zero-order hold, of u (channels, 784·batch) in arranged order."""
    n, size = config.pairs, u.shape[1]
    re, im, step = seq["Lambda_re"], seq["Lambda_im"], jnp.exp(seq["log_step"][:, 0])
    if config.clip_poles:
        re = jnp.minimum(re, LARGEST_REAL_PART)
    a, b = re * step, im * step
    # (exp(λΔ) - 1)/λ without cancellation.
    top_re = jnp.expm1(a) * jnp.cos(b) - 2 * jnp.sin(b / 2) ** 2
    top_im = jnp.exp(a) * jnp.sin(b)
    square = re**2 + im**2
    gain_re, gain_im = (top_re * re + top_im * im) / square, (top_im * re - top_re * im) / square
    b_re, b_im = seq["B"][..., 0], seq["B"][..., 1]
    inputs = jnp.stack(
        [
            gain_re[:, None] * b_re - gain_im[:, None] * b_im,
            gain_re[:, None] * b_im + gain_im[:, None] * b_re,
        ],
        1,
    ).reshape(2 * n, -1)
    outputs = (seq["C"] * jnp.array([2.0, -2.0])).reshape(-1, 2 * n)
    x = product(inputs, u, pieces).reshape(n, 2, SIDE, SIDE, -1)
    x = states(a, b, x, config.scan).reshape(2 * n, size)
    return product(outputs, x, pieces) + seq["D"][:, None] * u


# What is cheap to compute again is not kept for the gradient.
gelu = jax.checkpoint(functools.partial(jax.nn.gelu, approximate=True))
gated = jax.checkpoint(lambda g, gate: g * jax.nn.sigmoid(gate))
normalised = jax.checkpoint(
    lambda x, mean, var, norm: (x - mean[:, None])
    * (jax.lax.rsqrt(var + 1e-5) * norm["scale"])[:, None]
    + norm["bias"][:, None]
)


def log_probabilities(params, stats, x, config, masks=None, pieces=1):
    """Shape (batch, 10) of arranged pixels (784, batch), and the running statistics.

    In training, masks hold dropout's factors (layers, 2, channels, batch), the same for all steps of a
    sequence.
    """
    batch = x.shape[1]
    params, decoder = params["encoder"], params["decoder"]
    kernel, bias = params["encoder"]["kernel"][0], params["encoder"]["bias"]
    x = kernel[:, None] * x.reshape(1, -1) + bias[:, None]
    dropped = lambda a, mask: (a.reshape(len(a), -1, batch) * mask[:, None]).reshape(a.shape)
    new = {}
    for i in range(config.layers):
        name = f"layers_{i}"
        layer, old = params[name], stats["encoder"][name]["norm"]
        mean, var = old["mean"], old["var"]
        if masks is not None:
            # Around the running mean, so that mean and variance take one pass and do not cancel.
            centred = x - old["mean"][:, None]
            offset = centred.mean(1)
            mean, var = old["mean"] + offset, jnp.maximum((centred**2).mean(1) - offset**2, 0)
            both = {"mean": mean, "var": var}
            new[name] = {"norm": {k: config.momentum * old[k] + (1 - config.momentum) * both[k] for k in both}}
        y = system(normalised(x, mean, var, layer["norm"]), layer["seq"], config, pieces)
        g = gelu(y)
        if masks is not None:
            g = dropped(g, masks[i, 0])
        gate = product(layer["out2"]["kernel"].T, g, pieces) + layer["out2"]["bias"][:, None]
        out = gated(g, gate)
        x = x + (out if masks is None else dropped(out, masks[i, 1]))
    pooled = x.reshape(len(x), -1, batch).mean(1)
    scores = pooled.T @ decoder["kernel"] + decoder["bias"]
    return jax.nn.log_softmax(scores), {"encoder": new} if new else stats


# Training


class Trainer:
    """Jitted training and evaluation of several seeds at once, their parameters as rows of one array."""

    def __init__(self, config, data, seeds, tf32=False, pieces=1, one_by_one=False):
        self.config, self.seeds, self.pieces, self.one_by_one = config, seeds, pieces, one_by_one
        trees = [initial(config, seed) for seed in seeds]
        flat, self.params = ravel_pytree(trees[0][0])
        stats, self.stats = ravel_pytree(trees[0][1])
        ssm = jax.tree_util.tree_map_with_path(
            lambda path, a: np.full(a.shape, path[-1].key in SSM, np.float32), trees[0][0]
        )
        self.ssm = ravel_pytree(ssm)[0]
        self.data = tuple(jnp.asarray(a) for a in data)
        self.keys = jnp.stack([jax.random.key(seed) for seed in seeds])
        self.start = {
            "params": np.stack([ravel_pytree(params)[0] for params, _ in trees]),
            "stats": np.stack([ravel_pytree(stats)[0] for _, stats in trees]),
            "first": np.zeros((len(seeds), flat.size), np.float32),
            "second": np.zeros((len(seeds), flat.size), np.float32),
        }
        self.precision = "tensorfloat32" if tf32 else "float32"
        self._jitted = jax.jit(self._section, donate_argnums=0)
        self.order = jax.jit(self._order, static_argnums=(1, 2))
        self.batch = jax.jit(self._evaluate)

    def _order(self, epoch, sections, steps):
        """Which samples the steps of an epoch see, shape (sections, steps, seeds, batch)."""
        count = sections * steps * self.config.batch

        def one(key):
            key = jax.random.fold_in(jax.random.fold_in(key, 1), epoch)
            return jax.random.permutation(key, len(self.data[1]))[:count]

        order = jax.vmap(one)(self.keys).reshape(len(self.seeds), sections, steps, -1)
        return order.transpose(1, 2, 0, 3)

    def _loss(self, params, stats, images, labels, key):
        config = self.config
        shape = (config.layers, 2, config.channels, len(labels))
        masks = jax.random.bernoulli(key, 1 - config.dropout, shape) / (1 - config.dropout)
        scores, new = log_probabilities(params, self.stats(stats), pixels(images), config, masks, self.pieces)
        loss = -jnp.take_along_axis(scores, labels[:, None], 1).mean()
        return loss, ravel_pytree(new)[0]

    def _step(self, state, key, images, labels, step, share):
        """A step of Adam, with decay but for the system's parameters; none where something is not finite."""
        config, count = self.config, step + 1
        key = jax.random.fold_in(jax.random.fold_in(key, 2), step)
        derivative = jax.value_and_grad(self._loss, has_aux=True)
        params = self.params(state["params"])
        (loss, stats), gradient = derivative(params, state["stats"], images, labels, key)
        gradient = ravel_pytree(gradient)[0]
        first = 0.9 * state["first"] + 0.1 * gradient
        second = 0.999 * state["second"] + 0.001 * gradient**2
        correction = lambda beta: -jnp.expm1(count * np.float32(np.log(beta)))
        update = first / correction(0.9) / (jnp.sqrt(second / correction(0.999)) + 1e-8)
        rate = share * jnp.where(self.ssm, config.ssm_rate, config.rate)
        params = state["params"] - rate * (update + config.decay * (1 - self.ssm) * state["params"])
        new = {"params": params, "stats": stats, "first": first, "second": second}
        good = jnp.isfinite(loss) & jnp.isfinite((gradient**2).sum())
        return jax.tree.map(lambda a, b: jnp.where(good, a, b), new, state), (jnp.where(good, loss, 0), good)

    def section(self, state, order, start, total, warm_up):
        """Steps from the one numbered start, of a plan of total steps; sums of losses, and counts of steps."""
        return self._jitted(state, self.data, order, jnp.int32(start), jnp.float32(total), jnp.float32(warm_up))

    def _section(self, state, data, order, start, total, warm_up):
        images, labels = data

        def one(state, inputs):
            index, step = inputs
            count = jnp.float32(step)
            turn = jnp.pi * jnp.maximum(count - warm_up, 0) / (total - warm_up)
            share = jnp.where(step < warm_up, (count + 1) / warm_up, (1 + jnp.cos(turn)) / 2)
            each = lambda a: self._step(a[0], a[1], images[a[2]], labels[a[2]], step, share)
            through = jax.lax.map if self.one_by_one else lambda f, a: jax.vmap(f)(a)
            return through(each, (state, self.keys, index))

        with jax.default_matmul_precision(self.precision):
            steps = start + jnp.arange(len(order))
            state, (losses, good) = jax.lax.scan(one, state, (order, steps))
        return state, losses.sum(0), good.sum(0)

    def _evaluate(self, params, stats, images, labels):
        def one(params, stats):
            scores, _ = log_probabilities(self.params(params), self.stats(stats), pixels(images), self.config)
            known = jnp.maximum(labels, 0)
            loss = -jnp.take_along_axis(scores, known[:, None], 1)[:, 0]
            return jnp.where(labels >= 0, loss, 0).sum(), ((scores.argmax(1) == labels)).sum()

        with jax.default_matmul_precision("float32"):
            return jax.vmap(one)(params, stats)

    def evaluate(self, state, data, size):
        """Mean loss and accuracy of each seed on arranged images and their labels."""
        images, labels = data
        short = -len(labels) % size
        images = np.concatenate([images, np.zeros((short, images.shape[1]), np.uint8)])
        labels = np.concatenate([labels, np.full(short, -1, np.int32)])
        found = [
            self.batch(state["params"], state["stats"], images[i : i + size], labels[i : i + size])
            for i in range(0, len(labels), size)
        ]
        total = len(data[1])
        return [np.sum([np.asarray(part[k], np.float64) for part in found], 0) / total for k in (0, 1)]

    def checkpoint(self, state, row):
        """The tree of a seed as bytes; poles are written as they count."""
        tree = {
            "params": self.params(jnp.asarray(state["params"][row])),
            "batch_stats": self.stats(jnp.asarray(state["stats"][row])),
        }
        if self.config.clip_poles:
            for i in range(self.config.layers):
                seq = tree["params"]["encoder"][f"layers_{i}"]["seq"]
                seq["Lambda_re"] = jnp.minimum(seq["Lambda_re"], LARGEST_REAL_PART)
        return serialization.to_bytes(jax.tree.map(np.asarray, tree))


def fastest_pieces(config, seeds, tf32):
    """How many pieces the products for the gradients of weights are best cut into, as timed here."""
    size = SIDE * SIDE * config.batch
    g = jnp.ones((seeds, config.channels, size))
    x = jnp.ones((seeds, 2 * config.pairs, size))
    times = {}
    for pieces in (1, SIDE, 4 * SIDE):

        def run(g, x, pieces=pieces):
            with jax.default_matmul_precision("tensorfloat32" if tf32 else "float32"):
                return jax.vmap(lambda a, b: weight_gradient(a, b, pieces))(g, x)

        run = jax.jit(run).lower(g, x).compile()
        run(g, x).block_until_ready()
        begun = time.time()
        for _ in range(20):
            result = run(g, x)
        result.block_until_ready()
        times[pieces] = (time.time() - begun) / 20
    say("weight gradients, ms by pieces:", {k: round(1e3 * v, 3) for k, v in times.items()})
    return min(times, key=times.get)


# Files and the run


def say(*words):
    print(f"[{time.time() - STARTED:6.1f} s]", *words, flush=True)


def write(path, content):
    """Replaces a file as a whole."""
    beside = path.with_name(path.name + ".tmp")
    beside.write_bytes(content)
    os.replace(beside, path)


class Run:
    """A folder that a training is kept in, and what is in it."""

    def __init__(self, out, identity):
        self.out, self.identity = Path(out), identity
        self.out.mkdir(parents=True, exist_ok=True)
        self.state, self.plan, self.rows = None, None, []
        self.step, self.seconds = 0, 0.0
        self.sums = np.zeros(len(identity["seeds"]))
        self.good = np.zeros(len(identity["seeds"]), np.int64)
        self.saved = time.time()

    def load(self):
        """Goes on from a state that was kept; false if there is none."""
        path = self.out / "state.msgpack"
        if not path.exists():
            return False
        kept = serialization.msgpack_restore(path.read_bytes())
        about = json.loads(kept["about"])
        if about["identity"] != self.identity:
            raise SystemExit(f"{path}: expected a state of {self.identity}, got {about['identity']}")
        self.state = {k: jnp.asarray(v) for k, v in kept["state"].items()}
        self.plan, self.rows, self.step, self.seconds = (about[k] for k in ("plan", "rows", "step", "seconds"))
        self.sums, self.good = np.array(about["sums"]), np.array(about["good"])
        return True

    def save(self, trainer):
        state = {k: np.asarray(v) for k, v in self.state.items()}
        about = {k: getattr(self, k) for k in ("identity", "plan", "rows", "step", "seconds")}
        about |= {"sums": self.sums.tolist(), "good": self.good.tolist()}
        for row, seed in enumerate(trainer.seeds):
            write(self.out / f"smnist-s5-full-{seed}.msgpack", trainer.checkpoint(state, row))
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(["epoch", "seed", "train_loss", "validation_loss", "validation_accuracy", "seconds"])
        table.writerows(self.rows)
        write(self.out / "log.csv", text.getvalue().encode())
        kept = {"about": json.dumps(about), "state": state}
        write(self.out / "state.msgpack", serialization.msgpack_serialize(kept))
        self.saved = time.time()
        say(f"saved step {self.step}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    here = Path(__file__).resolve()
    committed = here.parents[min(2, len(here.parents) - 1)] / "data" / "mnist"
    parser.add_argument("--mnist", required=True, help="the folder of MNIST's IDX files")
    parser.add_argument("--leave-out", default=committed, help="a folder whose test and validation splits to leave out")
    parser.add_argument("--out", required=True, help="the folder of the run, new or to go on with")
    parser.add_argument("--seeds", default="0", help="such as 0,1,2: trained side by side")
    parser.add_argument("--epochs", type=int, help="how many, whatever time it takes")
    parser.add_argument("--minutes", type=float, help="plan as many epochs as fit, at most 150, and stop then")
    parser.add_argument("--scan", choices=FORMS, default="chunked", help="how the recurrence is computed")
    parser.add_argument("--tf32", action="store_true", help="TF32 in the products of training, but for the recurrence")
    parser.add_argument("--no-clip", action="store_true", help="let real parts of poles exceed -1e-4")
    parser.add_argument("--pieces", type=int, help="pieces of weight gradients' products; timed if absent, on a GPU")
    parser.add_argument("--one-by-one", action="store_true", help="in a step, one seed after another")
    parser.add_argument("--save-seconds", type=float, default=60, help="how often to save")
    parser.add_argument("--smoke", action="store_true", help="a tiny model, few images and steps")
    parser.add_argument("--time-only", action="store_true", help="compile, time the steps, say so and stop")
    return parser.parse_args()


def main():
    args = arguments()
    seeds = [int(seed) for seed in args.seeds.split(",")]
    config = Config(scan=args.scan, clip_poles=not args.no_clip)
    say("jax", jax.__version__, jax.devices()[0].device_kind)

    training = split(args.mnist, "train")
    given = len(training[0])
    committed = {name: split(args.leave_out, prefix) for name, prefix in (("validation", "validation"), ("test", "t10k"))}
    training = without(training, committed.values())
    tests = committed | {"official": split(args.mnist, "t10k")}
    left_out = given - len(training[0])
    say(f"{len(training[0])} of {given} images to train on, {left_out} left out")
    evaluation, section = 250, 100
    if args.smoke:
        config = dataclasses.replace(config, layers=2, channels=8, pairs=8, batch=10)
        training = tuple(a[:170] for a in training)
        tests = {name: (images[:40], labels[:40]) for name, (images, labels) in tests.items()}
        evaluation, section = 40, 4
    training, tests = (arranged(training[0]), training[1]), {k: (arranged(x), y) for k, (x, y) in tests.items()}

    batches = len(training[0]) // config.batch
    # About as long a section as wanted, which leaves out the fewest batches of an epoch.
    steps = max(range(section // 2, section * 3 // 2), key=lambda k: (batches // k * k, -abs(k - section)))
    sections = batches // steps
    every = sections * steps
    identity = {"config": dataclasses.asdict(config), "seeds": seeds, "tf32": args.tf32, "samples": len(training[0])}
    run = Run(args.out, identity)
    resumed = run.load()
    pieces = run.plan["pieces"] if resumed else args.pieces
    if pieces is None:
        timed = jax.default_backend() != "cpu" and not args.smoke
        pieces = fastest_pieces(config, 1 if args.one_by_one else len(seeds), args.tf32) if timed else 1

    trainer = Trainer(config, training, seeds, args.tf32, pieces, args.one_by_one)
    if not resumed:
        run.state = {k: jnp.asarray(v) for k, v in trainer.start.items()}

    def advance(state, order, start, plan):
        total, warm_up = plan["epochs"] * every, min(config.warm_up_epochs, plan["epochs"] - 1) * every
        return trainer.section(state, order, start, total, warm_up)

    copy = lambda: jax.tree.map(jnp.copy, run.state)
    some = trainer.order(0, sections, steps)
    jax.block_until_ready(advance(copy(), some[0], 0, {"epochs": 150}))
    trainer.evaluate(run.state, tests["validation"], evaluation)
    say(f"compiled; {pieces} pieces, {sections} sections of {steps} steps an epoch")
    begun = time.time()
    trainer.evaluate(run.state, tests["validation"], evaluation)
    checking = time.time() - begun
    if not resumed or args.time_only:
        begun, state = time.time(), copy()
        rounds = 2 if sections > 1 else 1
        for i in range(rounds):
            state, *_ = advance(state, some[i], i * steps, {"epochs": 150})
        jax.block_until_ready(state)
        a_step = (time.time() - begun) / (rounds * steps)
        an_epoch = every * a_step + checking
        say(f"{1e3 * a_step:.2f} ms a step of {len(seeds)} seeds, {an_epoch:.1f} s an epoch")
        if args.time_only:
            return
        epochs = args.epochs
        if epochs is None:
            ending = 5 + 2 * checking * sum(len(y) for _, y in tests.values()) / len(tests["validation"][1])
            left = 60 * (args.minutes or np.inf) - (time.time() - STARTED) - ending
            epochs = int(min(150, max(1, 0.95 * left // an_epoch)))
        run.plan = {"epochs": epochs, "steps_per_epoch": every, "pieces": pieces}
    say(f"{'going on at step' if resumed else 'starting at step'} {run.step} of {run.plan['epochs'] * every}")

    epochs, before, orders = run.plan["epochs"], run.seconds, None
    begun = time.time()
    while run.step < epochs * every:
        epoch, place = divmod(run.step, every)
        if place == 0 or orders is None:
            orders = trainer.order(epoch, sections, steps)
        run.state, losses, good = advance(run.state, orders[place // steps], run.step, run.plan)
        run.sums = run.sums + np.asarray(losses, np.float64)
        good = np.asarray(good, np.int64)
        run.good = run.good + good
        run.step += steps
        run.seconds = before + time.time() - begun
        for seed, count in zip(seeds, good):
            if count < steps:
                say(f"seed {seed}: {steps - count} of {steps} steps skipped, loss or gradient not finite")
        if run.step % every == 0:
            loss, accuracy = trainer.evaluate(run.state, tests["validation"], evaluation)
            means = np.where(run.good > 0, run.sums / np.maximum(run.good, 1), np.nan)
            for row in zip(seeds, means, loss, accuracy):
                run.rows.append([epoch + 1, row[0], *(round(float(x), 6) for x in row[1:]), round(run.seconds, 1)])
            run.sums, run.good = run.sums * 0, run.good * 0
            shown = " ".join(f"{mean:.4f}/{100 * right:.1f}%" for mean, right in zip(means, accuracy))
            say(f"epoch {epoch + 1}/{epochs}: training loss/validation accuracy {shown}")
        late = args.minutes and time.time() - STARTED > 60 * args.minutes + 15
        if run.step == epochs * every or late or time.time() - run.saved >= args.save_seconds:
            run.save(trainer)
        if late and run.step < epochs * every:
            say("time is up; the same command goes on")
            return

    results = {}
    for name, data in tests.items():
        loss, accuracy = trainer.evaluate(run.state, data, evaluation)
        results[name] = {"samples": len(data[1]), "loss": loss.tolist(), "accuracy": accuracy.tolist()}
        say(name, " ".join(f"{100 * right:.2f}%" for right in accuracy))
    params = [trainer.params(row) for row in run.state["params"]]
    real = [np.concatenate([p["encoder"][f"layers_{i}"]["seq"]["Lambda_re"] for i in range(config.layers)]) for p in params]
    card = identity | run.plan | {
        "warm_up_epochs": min(config.warm_up_epochs, epochs - 1),
        "given": given,
        "left_out": left_out,
        "samples_seen_an_epoch": every * config.batch,
        "results": results,
        "poles_beyond_clip": [int((re > LARGEST_REAL_PART).sum()) for re in real],
        "training_seconds": round(run.seconds, 1),
        "device": jax.devices()[0].device_kind,
        "jax": jax.__version__,
    }  # fmt: skip
    write(run.out / "card.json", (json.dumps(card, indent=2) + "\n").encode())
    say("done")


if __name__ == "__main__":
    main()
