"""Models of other projects, written by flax and numpy, come through the toolkit and back."""

import gzip
import json
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

flax = pytest.importorskip("flax")
jax = pytest.importorskip("jax")

import optax  # noqa: E402
from flax import serialization  # noqa: E402
from flax.training.train_state import TrainState  # noqa: E402
from flax.traverse_util import flatten_dict, unflatten_dict  # noqa: E402

import make_checkpoint  # noqa: E402
from reference import jax_log_probabilities, log_probabilities  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]

# Single precision rounds at 6e-8, over a few layers; log-probabilities are of size one to ten.
TOLERANCE = 1e-5

CONFIG = "last4j.config"

# Those that tests/scale trained, here in float64: in float32 they round by 2e-4 over 784 steps.
FULL = ["smnist-s5-full-0", "smnist-s5-full-1"]


def digits(count):
    """Test images (count, 784, 1), each pixel in [0, 1]."""
    content = gzip.decompress((make_checkpoint.DATA / "mnist" / "t10k-images-idx3-ubyte.gz").read_bytes())
    return np.frombuffer(content, np.uint8, 784 * count, 16).reshape(count, 784, 1) / 255


def arrays(content):
    """The float32 arrays of a safetensors file: a length, a JSON header, numbers."""
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    header.pop("__metadata__")
    found = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F32", name
        first, last = (start + offset for offset in entry["data_offsets"])
        found[name] = np.frombuffer(content[first:last], "<f4").reshape(entry["shape"])
    return found


def dense(random, inputs, outputs):
    kernel = random.normal(size=(inputs, outputs)) / np.sqrt(inputs)
    return {"kernel": kernel, "bias": 0.1 * random.normal(size=outputs)}


def norm(random, h):
    return {"scale": 1 + 0.1 * random.normal(size=h), "bias": 0.1 * random.normal(size=h)}


def s5_system(random, h, p, c):
    seq = {
        "Lambda_re": -random.uniform(0.1, 1, size=p),
        "Lambda_im": np.pi * np.arange(p) + random.normal(size=p),
        "B": random.normal(size=(p, h, 2)) / np.sqrt(h),
        "D": random.normal(size=h),
        "log_step": np.log(random.uniform(0.01, 0.2, size=(p, 1))),
    }
    seq["Lambda_re"][0] = -1e-5
    wide = 2 * p if c == "wide" else p
    for name in ["C1", "C2"] if c == "split" else ["C"]:
        seq[name] = random.normal(size=(h, wide, 2)) / np.sqrt(p)
    if c == "complex":
        for name in "BC":
            seq[name] = seq[name][..., 0] + 1j * seq[name][..., 1]
    return seq


def s4d_system(random, h, n):
    im = np.pi * np.arange(n // 2)[:, None] + random.normal(size=(n // 2, h))
    return {
        "A_re": -random.uniform(0.1, 1, size=(n, h)),
        "A_im": np.concatenate([im, -im]),
        "C": random.normal(size=(n, h, 2)) / np.sqrt(n),
        "D": random.normal(size=(1, h)),
        "log_step": np.log(random.uniform(0.01, 0.2, size=(1, h))),
    }


def variables(random, systems, h, inputs, classes, gates, batch, wrapped, documents=False, embed=False):
    """A tree of float64 arrays with the names of the S5 release or of the annotated S4D."""
    layers, stats = {}, {}
    for i, seq in enumerate(systems):
        layers[f"layers_{i}"] = {"seq": seq, "norm": norm(random, h)}
        layers[f"layers_{i}"] |= {name: dense(random, h, h) for name in gates}
        stats[f"layers_{i}"] = {"norm": {"mean": random.normal(size=h), "var": random.uniform(0.5, 2, size=h)}}
    decoder = dense(random, h, classes)
    if documents:
        decoder = {"layer1": dense(random, 4 * h, h), "layer2": dense(random, h, classes)}
    encoder = dense(random, inputs, h)
    if embed:
        encoder = {"Embed_0": {"embedding": random.normal(size=(inputs, h))}}
    if wrapped:
        tree = {"params": {"encoder": {"encoder": encoder, **layers}, "decoder": decoder}}
        stats = {"encoder": stats}
    else:
        tree = {"params": {"encoder": encoder, **layers, "decoder": decoder}}
    return tree | ({"batch_stats": stats} if batch else {})


def cast(tree, real):
    of = {np.float64: real, np.complex128: np.complex64 if real == np.float32 else np.complex128}
    return jax.tree_util.tree_map(lambda a: np.asarray(a).astype(of[np.asarray(a).dtype.type]), tree)


def train_state(tree):
    class State(TrainState):
        batch_stats: dict

    state = State.create(
        apply_fn=None, params=tree["params"], tx=optax.adam(1e-3), batch_stats=tree.get("batch_stats", {})
    )
    return serialization.to_bytes(state)


def safetensors(tree):
    """The format by its description: a length, a JSON header, numbers."""
    header, data = {}, b""
    for name, array in flatten_dict(tree, sep=".").items():
        kind = {"float32": "F32", "float64": "F64", "complex64": "C64"}[array.dtype.name]
        header[name] = {
            "dtype": kind, "shape": array.shape, "data_offsets": [len(data), len(data) + array.nbytes]
        }
        data += np.ascontiguousarray(array).tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def beside(tree):
    """Parameters and a moving average of them, which share their statistics."""
    first = jax.tree_util.tree_map(lambda a: a + 1, tree["params"])
    return serialization.to_bytes({"params": first, "ema_params": tree["params"], "batch_stats": tree["batch_stats"]})


def torch_names(tree):
    """The names and shapes of the model in the state-spaces repository."""
    params, flat = tree["params"], {}
    for name in ["encoder", "decoder"]:
        flat[f"{name}.weight"] = params[name]["kernel"].T
        flat[f"{name}.bias"] = params[name]["bias"]
    for i in range(sum(name.startswith("layers_") for name in params)):
        layer = params[f"layers_{i}"]
        flat[f"norms.{i}.weight"], flat[f"norms.{i}.bias"] = layer["norm"]["scale"], layer["norm"]["bias"]
        flat[f"s4_layers.{i}.D"] = layer["seq"]["D"]
        for name, array in layer["seq"]["kernel"].items():
            flat[f"s4_layers.{i}.kernel.{name}"] = array
        kernels = [layer[name]["kernel"].T for name in ["out1", "out2"]]
        biases = [layer[name]["bias"] for name in ["out1", "out2"]]
        flat[f"s4_layers.{i}.output_linear.0.weight"] = np.concatenate(kernels)[..., None]
        flat[f"s4_layers.{i}.output_linear.0.bias"] = np.concatenate(biases)
    return flat


def torch_port(tree):
    """The names and shapes of a model in PyTorch around the layers of a port of S5."""
    flat = {}
    for name, array in flatten_dict(tree["params"], sep=".").items():
        name = name.replace("layers_", "layers.").replace(".seq.", ".s5.seq.")
        if name.endswith(".kernel"):
            name, array = name.replace(".kernel", ".weight"), array.T
        flat[name.replace(".scale", ".weight")] = array
    return flat


def nnx(tree):
    """A state of flax.nnx: layers by number, statistics in them, every variable with its value."""
    flat = {}
    for part in tree.values():
        for name, array in flatten_dict(part).items():
            split = [(*each.split("_")[:1], int(each[7:])) if each.startswith("layers_") else (each,) for each in name]
            flat[sum(split, ()) + ("value",)] = array
    return serialization.msgpack_serialize(unflatten_dict(flat))


def cases():
    random = np.random.default_rng(7)

    def s5(c, sizes, h, gates, batch, **more):
        systems = [s5_system(random, h, p, c) for p in sizes]
        return variables(random, systems, h, 3, 4, gates, batch, True, **more)

    def s4d(n, layers, h, gates, batch=False, **more):
        systems = [s4d_system(random, h, n) for _ in range(layers)]
        return variables(random, systems, h, 3, 5, gates, batch, False, **more)

    full, half = ["out1", "out2"], ["out2"]
    yield "s5-train-state", s5("one", [6, 6], 8, half, True), {}, np.float32, train_state
    layer = {"normalization": "LAYER"}
    yield "s5-bare", s5("split", [5, 3, 4], 6, full, False), layer, np.float32, lambda t: serialization.to_bytes(t["params"])
    yield "s5-wide", s5("wide", [4, 4], 6, [], True), {"postNorm": True}, np.float32, serialization.to_bytes
    options = {"activation": "HALF_GLU2", "clip": True, "discretization": "BILINEAR", "pooling": "LAST", "stepRescale": 0.5}
    yield "s5-options", s5("complex", [7], 5, half, True), options, np.float64, serialization.to_bytes
    yield "s5-no-pairs", s5("complex", [6, 6], 4, half, False), layer | {"conjugatePairs": False}, np.float32, "npz"
    yield "s5-documents", s5("split", [4], 6, full, True, documents=True), {}, np.float32, safetensors
    yield "s5-everything", s5("wide", [4, 5], 6, half, True), options | {"conjugatePairs": False}, np.float32, train_state
    average = s5("one", [4, 4], 6, half, True)
    yield "s5-average", average, {"tree": "ema_params"}, np.float32, beside
    one_step = s5("complex", [4, 4], 6, full, True)
    for i in range(2):
        seq = one_step["params"]["encoder"][f"layers_{i}"]["seq"]
        seq["Lambda"] = seq.pop("Lambda_re") + 1j * seq.pop("Lambda_im")
        seq["log_step"] = seq["log_step"][:1, 0]
    yield "s5-one-lambda", one_step, {}, np.float32, serialization.to_bytes
    yield "s5-nnx", s5("split", [4, 3], 6, full, True), {}, np.float32, nnx
    port = s5("wide", [4, 4], 6, half, False)
    for i in range(2):
        seq = port["params"]["encoder"][f"layers_{i}"]["seq"]
        seq["Lambda"] = seq.pop("Lambda_re") + 1j * seq.pop("Lambda_im")
        seq["C"] = seq["C"][..., 0] + 1j * seq["C"][..., 1]
    yield "s5-pytorch", port, {}, np.float32, lambda t: safetensors(torch_port(t))
    yield "s5-chunks", s5("one", [40], 24, half, True), {}, np.float32, "chunks"
    yield "s4d", s4d(8, 2, 6, ["out", "out2"]), {}, np.float32, serialization.to_bytes
    yield "s4d-no-gate", s4d(6, 3, 4, ["out"]), {"postNorm": True}, np.float64, "folder"
    tokens = s4d(4, 2, 5, ["out", "out2"], True, embed=True)
    tokens["params"]["encoder"]["embedding"] = random.normal(size=(3, 5))
    yield "s4d-tokens", tokens, {}, np.float32, train_state
    torch = s4d(4, 2, 6, full)
    for i in range(2):
        layer = torch["params"][f"layers_{i}"]
        kernel = {
            "C": random.normal(size=(6, 4, 2)), "log_dt": np.log(random.uniform(0.01, 0.2, size=6)),
            "log_A_real": np.log(random.uniform(0.1, 1, size=(6, 4))), "A_imag": np.pi * random.uniform(0, 4, size=(6, 4)),
        }
        layer["seq"] = {"kernel": kernel, "D": random.normal(size=6)}
    yield "state-spaces", torch, {}, np.float32, "torch"
    for name in FULL:
        kept = arrays((make_checkpoint.DATA / "models" / f"{name}.safetensors").read_bytes())
        exact = {key: array.astype(np.float64) for key, array in kept.items()}
        yield name, unflatten_dict(exact, sep="/"), {"clip": True}, np.float64, serialization.to_bytes


def write(folder, tree, how):
    model = folder / "model"
    if how == "npz":
        np.savez(folder / "model.npz", **flatten_dict(tree, sep="/"))
        (folder / "model.npz").rename(model)
    elif how == "torch":
        model.write_bytes(safetensors(torch_names(tree)))
    elif how == "folder":
        model.mkdir()
        (model / "checkpoint_3").write_bytes(b"older")
        (model / "checkpoint_12").write_bytes(serialization.to_bytes(tree))
    elif how == "chunks":
        largest, serialization.MAX_CHUNK_SIZE = serialization.MAX_CHUNK_SIZE, 1000
        try:
            model.write_bytes(serialization.to_bytes(tree))
        finally:
            serialization.MAX_CHUNK_SIZE = largest
        assert b"__msgpack_chunked_array__" in model.read_bytes()
    else:
        model.write_bytes(how(tree))


CASES = [case[0] for case in cases()]

PYTORCH = {"exactGelu": True, "normEpsilon": 1e-5}

DEFAULTS = {"state-spaces": PYTORCH | {"postNorm": True}, "s5-pytorch": PYTORCH | {"conjugatePairs": False}}


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    """Every case through one run of Java: its folder, tree, inputs and options by its name."""
    made = {}
    random = np.random.default_rng(8)
    for name, tree, options, real, how in cases():
        folder = tmp_path_factory.mktemp(name)
        tree = cast(tree, real)
        write(folder, tree, how)
        if name in DEFAULTS:
            options = DEFAULTS[name] | options
        if name == "s4d-tokens":
            inputs = {"x": random.integers(0, 3, size=(4, 50))}
        elif name in FULL:
            inputs = {"x": digits(4)}
        else:
            inputs = {"x": random.normal(size=(4, 50, 3)).astype(real).astype(np.float64)}
        if name in ("s5-documents", "s5-bare"):
            inputs["lengths"] = np.array([50, 33, 7, 21])
        np.savez(folder / "inputs.npz", **inputs)
        # What an import assumes of a project it finds out by itself.
        said = {k: v for k, v in options.items() if k not in DEFAULTS.get(name, {})}
        (folder / "options.txt").write_text("".join(f"{k} {v}\n" for k, v in said.items()))
        made[name] = folder, tree, inputs, options
    run(*(str(folder) for folder, *_ in made.values()))
    return made


def run(*folders):
    """Runs Interop.java, which says of a file that it refuses why."""
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
    path = f"{ROOT}/toolkit/target/classes{os.pathsep}{ROOT}/toolkit/target/lib/*"
    path = os.environ.get("LAST4J_CLASSPATH", path)
    source = str(Path(__file__).with_name("Interop.java"))
    settings = (ROOT / "notebooks/kernel/environment").read_text(encoding="utf-8")
    environment = os.environ | dict(re.findall(r"^(\w+)=(.*)$", settings, re.MULTILINE))
    command = [java, "-cp", path, source, *folders]
    return subprocess.run(command, check=True, env=environment, timeout=600, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("name", CASES)
def test_import_says_what_the_model_says(results, name):
    folder, tree, inputs, options = results[name]
    exact = jax.tree_util.tree_map(lambda a: a.astype(np.promote_types(a.dtype, np.float64)), tree)
    expected = log_probabilities(exact, inputs["x"], inputs.get("lengths"), options)
    got = np.load(folder / "outputs.npz")["whole"]
    assert got.shape == expected.shape
    print(name, np.abs(got - expected).max())
    np.testing.assert_allclose(got, expected, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("how", ["pruned", "reduced"])
# Without those of 784 steps, a scan of which JAX compiles for half a minute.
@pytest.mark.parametrize("name", [name for name in CASES if name not in FULL])
def test_export_says_the_same_in_jax(results, name, how):
    folder, _, inputs, _ = results[name]
    tree = serialization.msgpack_restore((folder / f"{how}.flax").read_bytes())
    config = json.loads(tree.pop(CONFIG))
    template = jax.tree_util.tree_map(np.zeros_like, tree)
    tree = serialization.from_bytes(template, (folder / f"{how}.flax").read_bytes())
    with jax.enable_x64(True):
        exact = jax.tree_util.tree_map(lambda a: a.astype(np.float64), tree)
        expected = np.asarray(jax_log_probabilities(exact, config, inputs["x"], inputs.get("lengths")))
    got = np.load(folder / "outputs.npz")[how]
    print(name, how, np.abs(got - expected).max())
    # The new poles of a reduction can lie near each other, and what they put out cancels.
    tolerance = TOLERANCE if how == "pruned" else 20 * TOLERANCE
    np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance)
    change = np.abs(got - np.load(folder / "outputs.npz")["whole"]).max()
    assert change > (1e-3 if how == "pruned" else 1e-7), "pruning changed nothing"


@pytest.mark.parametrize("how", ["pruned", "reduced"])
@pytest.mark.parametrize("name", CASES)
def test_torchscript_says_the_same_in_torch(results, name, how):
    """A program that has PyTorch and nothing else loads the file and runs it, padding included."""
    torch = pytest.importorskip("torch")
    folder, _, inputs, _ = results[name]
    extra = {CONFIG: ""}
    module = torch.jit.load(str(folder / f"{how}.pt"), _extra_files=extra)
    config = json.loads(extra[CONFIG])
    real = next(module.buffers()).dtype
    x = torch.tensor(inputs["x"], dtype=torch.int64 if config["tokens"] else real)
    lengths = [torch.tensor(inputs["lengths"])] if "lengths" in inputs else []
    with torch.inference_mode():
        got = module(x, *lengths).numpy()
        alone = module(x[:1], *(each[:1] for each in lengths)).numpy() if not config["documentPairs"] else got[:1]
    expected = np.load(folder / "outputs.npz")[how]
    assert got.dtype == expected.dtype
    print(name, how, np.abs(got - expected).max())
    # Of trained models of 784 steps, and where new poles nearly cancel, either way rounds by more.
    tolerance = TOLERANCE if how == "pruned" and name not in FULL else 20 * TOLERANCE
    np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance)
    np.testing.assert_allclose(alone, got[:1], rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", CASES)
def test_all_formats_hold_the_same(results, name):
    folder = results[name][0]
    tree = serialization.msgpack_restore((folder / "pruned.flax").read_bytes())
    arrays = dict(np.load(folder / "pruned.npz", allow_pickle=False))
    assert str(arrays.pop(CONFIG)) == tree.pop(CONFIG)
    flat = flatten_dict(tree, sep="/")
    content = (folder / "pruned.safetensors").read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    header.pop("__metadata__")
    assert set(flat) == set(arrays) == set(header)
    for key, array in flat.items():
        np.testing.assert_array_equal(array, arrays[key], strict=True)
        first, last = header[key]["data_offsets"]
        numbers = np.frombuffer(content[start + first : start + last], array.dtype)
        np.testing.assert_array_equal(array, numbers.reshape(header[key]["shape"]), strict=True)
    assert unflatten_dict(flat, sep="/").keys() >= {"params"}


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("s4d") or name == "state-spaces"])
def test_pruned_channels_differ_in_their_states(results, name):
    """So that the tests above are about layers that no array of channels by states can hold."""
    folder = results[name][0]
    config = json.loads(serialization.msgpack_restore((folder / "pruned.flax").read_bytes())[CONFIG])
    assert any(len(set(layer)) > 1 for layer in config["channelPairs"]), config["channelPairs"]


RELEASE = ["s5-train-state", "s5-bare", "s5-wide", "s5-options", "s5-no-pairs", "s5-documents", "s5-chunks", "s5-everything"]
RELEASE += FULL


@pytest.mark.parametrize("name", RELEASE)
def test_export_is_the_inverse_of_the_import(results, name):
    """What was read and written again is what the model of its own project reads, bit for bit."""
    folder, tree, _, options = results[name]
    written = serialization.msgpack_restore((folder / "whole.flax").read_bytes())
    config = json.loads(written.pop(CONFIG))
    assert written.keys() == tree.keys()
    got, expected = flatten_dict(written), flatten_dict(tree)
    assert got.keys() == expected.keys()
    for key, array in expected.items():
        pairs = np.stack([array.real, array.imag], -1) if np.iscomplexobj(array) else array
        np.testing.assert_array_equal(got[key], pairs, strict=True)
    # Nor is an option of the import lost.
    for option, (field, value) in {
        "clip": ("clipPoles", True), "stepRescale": ("stepRescale", 0.5), "conjugatePairs": ("singleStates", True),
    }.items():
        if option in options:
            assert config[field] == value


def test_folders_of_orbax_are_converted_by_what_is_said(results, tmp_path):
    """Flax writes them today; the refusal has two lines of Python that make safetensors of them."""
    pytest.importorskip("orbax.checkpoint")
    pytest.importorskip("safetensors")
    from flax.training import checkpoints

    folder, tree, inputs, _ = results["s5-train-state"]
    made = tmp_path / "made"
    checkpoints.save_checkpoint(made, tree, step=5)
    checkpoints.save_checkpoint(made, tree, step=12, keep=2)
    for given in (made, made / "checkpoint_12"):
        refusal = run(str(given)).stdout
        assert "Orbax" in refusal
        lines = refusal.split("\n")[1:3]
        converted = Path(re.search(r'"([^"]*\.safetensors)"', lines[1]).group(1))
        assert converted.parent == made and converted.name.startswith("checkpoint_12")
        exec("\n".join(lines), {})
        for other in (folder / "inputs.npz", folder / "options.txt"):
            (tmp_path / other.name).write_bytes(other.read_bytes())
        (tmp_path / "model").unlink(missing_ok=True)
        converted.rename(tmp_path / "model")
        run(str(tmp_path))
        whole = [np.load(each / "outputs.npz")["whole"] for each in (folder, tmp_path)]
        np.testing.assert_array_equal(*whole)


def test_committed_checkpoint_is_a_train_state_that_reads_digits():
    restored = serialization.msgpack_restore(make_checkpoint.TARGET.read_bytes())
    assert restored.keys() >= {"params", "batch_stats", "opt_state", "step"}
    right, count = make_checkpoint.right(restored, "t10k")
    # What data/foreign/README.md says; another XLA may round a digit or two to the other side.
    assert count == 1000
    assert abs(right - 938) <= 2
