"""One time step of a causal S5 or S4D classifier in JAX, jitted: what a stream is timed against.

All that depends on the parameters alone is made once, states are donated, complex numbers are kept
apart as real and imaginary parts, and batch normalisation is a scale and a shift.
"""

import jax
import jax.numpy as jnp
import numpy as np

from jax_s5 import dense


def poles(seq, steps):
    """Discrete poles and the gains from B to B̄ by zero-order hold, in double precision."""
    lam = np.asarray(seq["Lambda_re"], float) + 1j * np.asarray(seq["Lambda_im"], float)
    bar = np.exp(lam * steps)
    return bar, (bar - 1) / lam


def parts(array):
    array = np.asarray(array)
    return jnp.asarray(array.real, jnp.float32), jnp.asarray(array.imag, jnp.float32)


def pairs(array):
    return np.asarray(array[..., 0], float) + 1j * np.asarray(array[..., 1], float)


def s5(seq):
    bar, gain = poles(seq, np.exp(np.asarray(seq["log_step"], float)[:, 0]))
    c = 2 * pairs(seq["C"]).T
    return {"bar": parts(bar), "b": parts((gain[:, None] * pairs(seq["B"])).T), "c": (parts(c)), "d": seq["D"]}


def s4d(seq, channels):
    steps = np.repeat(np.exp(np.asarray(seq["log_step"], float)[:, 0]), len(seq["Lambda_re"]) // channels)
    clipped = seq | {"Lambda_re": np.minimum(np.asarray(seq["Lambda_re"]), -1e-4)}
    bar, gain = poles(clipped, steps)
    by_channel = lambda a: a.reshape(channels, -1)  # noqa: E731
    return {"bar": parts(by_channel(bar)), "c": parts(by_channel(2 * gain * pairs(seq["C"]))), "d": seq["D"]}


def constants(params, stats, config):
    """What a step is given of the parameters: an encoder, layers, a decoder."""
    layers = []
    for i in range(len(config["pairs"])):
        layer, old = params["encoder"][f"layers_{i}"], stats["encoder"][f"layers_{i}"]["norm"]
        scale = layer["norm"]["scale"] / jnp.sqrt(old["var"] + 1e-5)
        system = s5(layer["seq"]) if config["family"] == "S5" else s4d(layer["seq"], config["channels"])
        norm = {"scale": scale, "shift": layer["norm"]["bias"] - scale * old["mean"]}
        layers.append({"norm": norm, "system": system, **{k: layer[k] for k in ("out1", "out2") if k in layer}})
    return {"encoder": params["encoder"]["encoder"], "layers": layers, "decoder": params["decoder"]}


def at_rest(fixed, batch):
    """States of all layers, the sum of the features and the number of steps."""
    shapes = [(batch, *layer["system"]["bar"][0].shape) for layer in fixed["layers"]]
    states = [(jnp.zeros(shape), jnp.zeros(shape)) for shape in shapes]
    return states, jnp.zeros((batch, fixed["encoder"]["bias"].size)), jnp.zeros(())


def recurrence(system, state, u):
    (re, im), (x, z) = system["bar"], state
    drive = (u @ system["b"][0], u @ system["b"][1]) if "b" in system else (u[..., None], 0)
    x, z = re * x - im * z + drive[0], re * z + im * x + drive[1]
    c = system["c"]
    out = x @ c[0] - z @ c[1] if "b" in system else (c[0] * x - c[1] * z).sum(-1)
    return (x, z), out + system["d"] * u


def step(config):
    """A jitted (fixed, state, x) -> the next state and log-probabilities (batch, classes)."""
    kind = config["activation"]

    def one(fixed, state, x):
        states, total, count = state
        x, new = dense(x, fixed["encoder"]), []
        for layer, old in zip(fixed["layers"], states):
            kept, y = recurrence(layer["system"], old, layer["norm"]["scale"] * x + layer["norm"]["shift"])
            new.append(kept)
            g = jax.nn.gelu(y, approximate=True)
            value = dense(g, layer["out1"]) if kind == "FULL_GLU" else g
            x = x + value * jax.nn.sigmoid(dense(g, layer["out2"]))
        total, count = total + x, count + 1
        return (new, total, count), jax.nn.log_softmax(dense(total / count, fixed["decoder"]))

    return jax.jit(one, donate_argnums=1)
