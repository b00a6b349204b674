"""Forward passes written from the papers: float64 numpy for foreign trees, JAX for exports."""

import math

import numpy as np


def gelu(x, exact=False):
    if exact:
        return x * (1 + np.vectorize(math.erf)(x / np.sqrt(2))) / 2
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def dense(x, tree):
    return x @ tree["kernel"] + tree["bias"]


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def as_complex(a):
    return a if np.iscomplexobj(a) else a[..., 0] + 1j * a[..., 1]


def recurrence(bar, inputs, reverse=False):
    """States x_k = bar x_{k-1} + inputs_k, one step after another."""
    states = np.zeros_like(inputs)
    state = np.zeros_like(inputs[:, 0])
    steps = range(inputs.shape[1])
    for k in reversed(steps) if reverse else steps:
        state = bar * state + inputs[:, k]
        states[:, k] = state
    return states


def s5(u, seq, options):
    lam = as_complex(seq["Lambda"]) if "Lambda" in seq else seq["Lambda_re"] + 1j * seq["Lambda_im"]
    if options.get("clip"):
        lam = np.minimum(lam.real, -1e-4) + 1j * lam.imag
    step = options.get("stepRescale", 1) * np.exp(seq["log_step"].reshape(-1))
    if options.get("discretization") == "BILINEAR":
        bar = (1 + step * lam / 2) / (1 - step * lam / 2)
        gain = step / (1 - step * lam / 2)
    else:
        bar = np.exp(lam * step)
        gain = (bar - 1) / lam
    inputs = u @ (gain[:, None] * as_complex(seq["B"])).T
    if "C1" in seq:
        c = np.concatenate([as_complex(seq["C1"]), as_complex(seq["C2"])], axis=1)
    else:
        c = as_complex(seq["C"])
    states = recurrence(bar, inputs)
    if c.shape[1] == 2 * len(lam):
        states = np.concatenate([states, recurrence(bar, inputs, reverse=True)], axis=-1)
    factor = 2 if options.get("conjugatePairs", True) else 1
    return factor * (states @ c.T).real + seq["D"] * u


def convolved(u, kernel):
    """Causal convolution of u (batch, L, h) with a kernel (L, h)."""
    y = np.zeros_like(u)
    for lag in range(u.shape[1]):
        y[:, lag:] += kernel[lag] * u[:, : u.shape[1] - lag]
    return y


def annotated(u, seq, options):
    a = np.minimum(seq["A_re"], -1e-4) + 1j * seq["A_im"]
    step = np.exp(seq["log_step"])
    c = as_complex(seq["C"]) * (np.exp(step * a) - 1) / a
    powers = np.exp(step * a * np.arange(u.shape[1])[:, None, None])
    return convolved(u, (c * powers).sum(1).real) + seq["D"] * u


def state_spaces(u, layer):
    k = layer["kernel"]
    a = -np.exp(k["log_A_real"]) + 1j * k["A_imag"]
    step = np.exp(k["log_dt"])[:, None]
    c = as_complex(k["C"]) * (np.exp(a * step) - 1) / a
    powers = np.exp(a * step * np.arange(u.shape[1])[:, None, None])
    return convolved(u, 2 * (c * powers).sum(-1).real) + layer["D"] * u


def normalised(x, norm, statistics, options):
    if statistics is None:
        mean, var, eps = x.mean(-1, keepdims=True), x.var(-1, keepdims=True), 1e-6
    else:
        mean, var, eps = statistics["mean"], statistics["var"], 1e-5
    return (x - mean) / np.sqrt(var + options.get("normEpsilon", eps)) * norm["scale"] + norm["bias"]


def activated(y, layer, options):
    g = gelu(y, options.get("exactGelu"))
    out = layer.get("out1", layer.get("out"))
    if "out2" not in layer:
        return dense(g, out) if out else g
    gate = sigmoid(dense(g, layer["out2"]))
    if out:
        return dense(g, out) * gate
    return (y if options.get("activation") == "HALF_GLU2" else g) * gate


def log_probabilities(variables, x, lengths, options):
    """What a model says: of the S5 release, the annotated S4D or, renamed, of state-spaces."""
    params = variables["params"]
    statistics = variables.get("batch_stats", {})
    stack = params
    if "encoder" in params["encoder"]:
        stack, statistics = params["encoder"], statistics.get("encoder", {})
    if "Embed_0" in params["encoder"]:
        words = x.astype(int)
        x = np.where(words[..., None] > 0, params["encoder"]["Embed_0"]["embedding"][words], 0)
    else:
        x = dense(x, stack["encoder"])
    for i in range(sum(name.startswith("layers_") for name in stack)):
        layer = stack[f"layers_{i}"]
        stats = statistics.get(f"layers_{i}", {}).get("norm")
        u = x if options.get("postNorm") else normalised(x, layer["norm"], stats, options)
        seq = layer["seq"]
        if "kernel" in seq:
            y = state_spaces(u, seq)
        else:
            y = annotated(u, seq, options) if "A_re" in seq else s5(u, seq, options)
        x = x + activated(y, layer, options)
        if options.get("postNorm"):
            x = normalised(x, layer["norm"], stats, options)
    if options.get("pooling") == "LAST":
        x = x[:, -1]
    elif lengths is not None:
        mask = np.arange(x.shape[1])[None, :, None] < lengths[:, None, None]
        x = (x * mask).sum(1) / lengths[:, None]
    else:
        x = x.mean(1)
    if "layer1" in params["decoder"]:
        a, b = np.split(x, 2)
        x = gelu(dense(np.concatenate([a, b, a - b, a * b], -1), params["decoder"]["layer1"]))
        return log_softmax(dense(x, params["decoder"]["layer2"]))
    return log_softmax(dense(x, params["decoder"]))


def jax_log_probabilities(tree, config, x, lengths):
    """What an exported model says, in JAX, by the tree and the configuration that it was saved with."""
    import jax
    import jax.numpy as jnp

    def of_pairs(a):
        return a[..., 0] + 1j * a[..., 1]

    def scan(bar, inputs, reverse):
        def combine(left, right):
            return left[0] * right[0], right[0] * left[1] + right[1]

        bars = jnp.broadcast_to(bar, inputs.shape)
        return jax.lax.associative_scan(combine, (bars, inputs), axis=1, reverse=reverse)[1]

    def norm(h, i):
        layer = tree["params"]["encoder"][f"layers_{i}"]["norm"]
        eps = config["normEpsilon"] or (1e-5 if config["normalization"] == "BATCH" else 1e-6)
        if config["normalization"] == "BATCH":
            stats = tree["batch_stats"]["encoder"][f"layers_{i}"]["norm"]
            return (h - stats["mean"]) * jax.lax.rsqrt(stats["var"] + eps) * layer["scale"] + layer["bias"]
        mean, var = h.mean(-1, keepdims=True), h.var(-1, keepdims=True)
        return (h - mean) * jax.lax.rsqrt(var + eps) * layer["scale"] + layer["bias"]

    def system(u, i):
        seq = tree["params"]["encoder"][f"layers_{i}"]["seq"]
        re = seq["Lambda_re"]
        if config["family"] == "S4D" or config["clipPoles"]:
            re = jnp.minimum(re, -1e-4)
        lam = re + 1j * seq["Lambda_im"]
        step = config["stepRescale"] * jnp.exp(seq["log_step"][:, 0])
        if config["family"] == "S4D":
            h = config["channels"]
            counts = config["channelPairs"][i] if config["channelPairs"] else [len(lam) // h] * h
            owner = np.repeat(np.arange(h), counts)
            step = step[owner]
            ports = jax.nn.one_hot(owner, h)
            b, widen = ports, lambda c: of_pairs(c)[:, None] * ports
        else:
            b, widen = of_pairs(seq["B"]), lambda c: of_pairs(c).T
        if config["discretization"] == "ZOH":
            bar, gain = jnp.exp(lam * step), (jnp.exp(lam * step) - 1) / lam
        else:
            half = 1 - step * lam / 2
            bar, gain = (2 - half) / half, step / half
        inputs = u @ (gain[:, None] * b).T
        if config["joinedC"]:
            directions = jnp.split(seq["C"], 2, axis=1)
        else:
            directions = [seq[name] for name in (["C1", "C2"] if config["bidirectional"] else ["C"])]
        y = sum((scan(bar, inputs, back) @ widen(c)).real for back, c in zip([False, True], directions))
        return (1 if config["singleStates"] else 2) * y + seq["D"] * u

    def jdense(h, t):
        return h @ t["kernel"] + t["bias"]

    stack = tree["params"]["encoder"]
    h = jax.nn.one_hot(x.astype(int), config["inputs"]) if config["tokens"] else x
    h = jdense(h, stack["encoder"])
    for i in range(len(config["pairs"])):
        layer = stack[f"layers_{i}"]
        y = system(h if config["postNorm"] else norm(h, i), i)
        g = jax.nn.gelu(y, approximate=not config["exactGelu"])
        kind = config["activation"]
        if kind != "GELU":
            value = {"FULL_GLU": lambda: jdense(g, layer["out1"]), "HALF_GLU1": lambda: g, "HALF_GLU2": lambda: y}
            g = value[kind]() * jax.nn.sigmoid(jdense(g, layer["out2"]))
        h = norm(h + g, i) if config["postNorm"] else h + g
    if config["pooling"] == "LAST":
        h = h[:, -1]
    elif lengths is not None:
        h = (h * (np.arange(h.shape[1])[None, :, None] < lengths[:, None, None])).sum(1) / lengths[:, None]
    else:
        h = h.mean(1)
    decoder = tree["params"]["decoder"]
    if config["documentPairs"]:
        a, b = jnp.split(h, 2)
        h = jax.nn.gelu(jdense(jnp.concatenate([a, b, a - b, a * b], -1), decoder["layer1"]), approximate=not config["exactGelu"])
        decoder = decoder["layer2"]
    return jax.nn.log_softmax(jdense(h, decoder))
