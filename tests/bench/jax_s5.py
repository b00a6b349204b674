"""An S5 classifier in JAX, jitted and vectorised, in two ways: what the toolkit is timed against.

Both have the same layers around two systems. `system` is as fast as we could make it: time comes
first, the batch second, and complex numbers are kept apart as real and imaginary parts wherever a
product with real numbers allows it. `plain_system` is S5 as it is usually written: complex matrices, for
one sequence, and vmap for the batch.
"""

import functools

import jax
import jax.numpy as jnp
import optax

SSM = ("Lambda_re", "Lambda_im", "B", "log_step")


def nested(flat):
    tree = {}
    for name, value in flat.items():
        *path, last = name.split("/")
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[last] = jnp.asarray(value)
    return tree


def scan(bar, inputs, reverse):
    def combine(left, right):
        return left[0] * right[0], right[0] * left[1] + right[1]

    bars = jnp.broadcast_to(bar, (inputs.shape[0], 1, bar.shape[0]))
    return jax.lax.associative_scan(combine, (bars, inputs), axis=0, reverse=reverse)[1]


def discretized(seq):
    """Poles and input matrix by zero-order hold."""
    lam = seq["Lambda_re"] + 1j * seq["Lambda_im"]
    bar = jnp.exp(lam * jnp.exp(seq["log_step"][:, 0]))
    return bar, ((bar - 1) / lam)[:, None] * (seq["B"][..., 0] + 1j * seq["B"][..., 1])


def directions(seq):
    return [("C1", False), ("C2", True)] if "C1" in seq else [("C", False)]


def system(u, seq):
    bar, b = discretized(seq)
    inputs = jax.lax.complex(u @ b.real.T, u @ b.imag.T)
    y = seq["D"] * u
    for name, reverse in directions(seq):
        states, c = scan(bar, inputs, reverse), 2 * seq[name]
        y = y + states.real @ c[..., 0].T - states.imag @ c[..., 1].T
    return y


def plain_system(u, seq):
    bar, b = discretized(seq)

    def one(u):
        inputs = jax.vmap(lambda x: b @ x)(u)
        y = seq["D"] * u
        for name, reverse in directions(seq):
            c = seq[name][..., 0] + 1j * seq[name][..., 1]
            states = scan(bar, inputs[:, None], reverse)[:, 0]
            y = y + jax.vmap(lambda x, c=c: 2 * (c @ x).real)(states)
        return y

    return jax.vmap(one, 1, 1)(u)


def dense(x, tree):
    return x @ tree["kernel"] + tree["bias"]


def dropout(x, rate, key):
    """The same over time, as in the S5 release."""
    if key is None or rate == 0:
        return x
    return x * jax.random.bernoulli(key, 1 - rate, (1, *x.shape[1:])) / (1 - rate)


def log_probabilities(params, stats, x, config, key=None, system=system):
    """Shape (batch, classes), and the new statistics; with a key in training."""
    x = dense(jnp.swapaxes(x, 0, 1), params["encoder"]["encoder"])
    momentum, new = config["batchNormMomentum"], {}
    for i in range(len(config["pairs"])):
        name = f"layers_{i}"
        layer, old = params["encoder"][name], stats["encoder"][name]["norm"]
        mean, var = old["mean"], old["var"]
        if key is not None:
            mean, var = x.mean((0, 1)), x.var((0, 1))
            mixed = {"mean": mean, "var": var}
            new[name] = {"norm": {k: momentum * old[k] + (1 - momentum) * mixed[k] for k in mixed}}
        u = (x - mean) * jax.lax.rsqrt(var + 1e-5) * layer["norm"]["scale"] + layer["norm"]["bias"]
        keys = (None, None) if key is None else jax.random.split(jax.random.fold_in(key, i))
        y = system(u, layer["seq"])
        g = dropout(jax.nn.gelu(y, approximate=True), config["dropout"], keys[0])
        gate = jax.nn.sigmoid(dense(g, layer["out2"]))
        value = {"HALF_GLU1": lambda: g, "HALF_GLU2": lambda: y, "FULL_GLU": lambda: dense(g, layer["out1"])}
        x = x + dropout(value[config["activation"]]() * gate, config["dropout"], keys[1])
    return jax.nn.log_softmax(dense(x.mean(0), params["decoder"])), {"encoder": new}


def forward(config, system=system):
    return jax.jit(lambda params, stats, x: log_probabilities(params, stats, x, config, system=system)[0])


def training(config, params, system=system):
    """A jitted step (params, stats, state, x, labels, key) -> the same three and the loss; and the state."""
    groups = jax.tree_util.tree_map_with_path(
        lambda path, _: "ssm" if path[-1].key in SSM else "rest", params
    )
    optimiser = optax.multi_transform(
        {"ssm": optax.adam(0.002), "rest": optax.adamw(0.008, weight_decay=0.01)}, groups
    )

    def loss(params, stats, x, labels, key):
        scores, new = log_probabilities(params, stats, x, config, key, system)
        return -jnp.take_along_axis(scores, labels[:, None], 1).mean(), new

    @functools.partial(jax.jit, donate_argnums=(0, 1, 2))
    def step(params, stats, state, x, labels, key):
        (value, new), gradient = jax.value_and_grad(loss, has_aux=True)(params, stats, x, labels, key)
        updates, state = optimiser.update(gradient, state, params)
        return optax.apply_updates(params, updates), new, state, value

    return step, optimiser.init(params)


@functools.partial(jax.jit, static_argnums=1)
def last_masks(layers, ratio):
    """LAST scores of all layers (Eq. 9) and which states survive, globally."""
    scores = []
    for seq in layers:
        re, step = seq["Lambda_re"], jnp.exp(seq["log_step"][:, 0])
        lam = re + 1j * seq["Lambda_im"]
        b = (jnp.abs((jnp.exp(lam * step) - 1) / lam) ** 2) * jnp.square(seq["B"]).sum((1, 2))
        names = ("C1", "C2") if "C1" in seq else ("C",)
        c = sum(jnp.square(seq[name]).sum((0, 2)) for name in names) / len(names)
        squares = b * c / jnp.expm1(re * step) ** 2
        order = jnp.argsort(-squares)
        ranked = squares[order]
        scores.append(jnp.zeros_like(ranked).at[order].set(ranked / jnp.cumsum(ranked)))
    every = jnp.sort(jnp.concatenate(scores))
    threshold = every[round(ratio * every.size)]
    return [each >= threshold for each in scores]
