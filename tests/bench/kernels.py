"""The JMH benchmarks: what a class calls ours, beside what it calls beside."""

import json
import pathlib
import subprocess
import tempfile

from toolkit import ENVIRONMENT, Row, command

# Per class what is timed, on what, and what beside it.
CLASSES = {
    "ScanBenchmark": ("chunked scan", "64 states, batch 8", "step after step"),
    "LayerBenchmark": ("half of the states removed", "one layer, batch 8, L=1024", "the whole layer"),
    "ScoreBenchmark": ("scores and masks", "S5 Image, 6 × 192 pairs, h=512", "a pass of the model, batch 1, L=1024"),
    "MaskBenchmark": ("masks", "S5 Image, 6 × 192 pairs", "removing the states"),
    "HinfBenchmark": ("certified H∞ norm", "64 pairs, h=96, D", "bisection on Hamiltonian matrices"),
}


def rows(large):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "jmh.json"
        run = command("org.openjdk.jmh.Main", "-rf", "json", "-rff", path, "-v", "SILENT", "-foe", "true")
        subprocess.run(run, check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        results = json.loads(path.read_text(encoding="utf-8"))
    times = {}
    for result in results:
        *_, name, method = result["benchmark"].split(".")
        parameters = ", ".join(f"{key}={value}" for key, value in result.get("params", {}).items())
        times.setdefault((name, parameters), {})[method] = result["primaryMetric"]["score"] / 1e3
    for (name, parameters), both in times.items():
        what, case, beside = CLASSES[name]
        yield Row(what, ", ".join(filter(None, [case, parameters])), both["ours"], beside, both["beside"])
