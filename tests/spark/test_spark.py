"""A sweep on two executors, of which one is killed, makes the rows that `make sweep` makes."""

import csv
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KIND = "smnist14-s5"
ARGS = f'{KIND} --methods "Random;LAST;LAST within L" --ratios 0.0,0.5,0.7,0.9'
FILES = [f"results/{KIND}.csv", f"results/beyond/{KIND}.csv"]


def data(folder):
    """A data folder without results."""
    for part in ("mnist", "fashion-mnist", "models"):
        shutil.copytree(ROOT / "data" / part, folder / part)
    return folder


def start(target, folder):
    environment = {**os.environ, "LAST4J_DATA": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"}
    command = ["make", target, "MASTER=local-cluster[2,1,2048]", f"ARGS={ARGS}", "SPARK_OPTS=-Dspark.ui.enabled=false"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )


def rows(file):
    if not file.exists():
        return {}
    with file.open(encoding="utf-8") as lines:
        found = list(csv.DictReader(lines))
    places = {(row["model"], row["seed"], row["method"], row["ratio"]): row for row in found}
    assert len(places) == len(found), "a row is there twice"
    return places


def executors(parent):
    """Processes of executors below another one."""
    listed = subprocess.run(["ps", "-eww", "-o", "pid,ppid,args"], text=True, capture_output=True, check=True).stdout
    lines = [line.split(None, 2) for line in listed.splitlines()[1:]]
    below = {parent}
    while True:
        more = {int(pid) for pid, ppid, *_ in lines if int(ppid) in below} - below
        if not more:
            break
        below |= more
    return [int(pid) for pid, _, *args in lines if int(pid) in below and "CoarseGrainedExecutorBackend" in "".join(args)]


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    folder = data(tmp_path_factory.mktemp("one") / "data")
    local = start("sweep", folder)
    output, _ = local.communicate(timeout=600)
    assert local.returncode == 0, output
    return folder


def test_killed_executor(swept, tmp_path):
    folder = data(tmp_path / "data")
    cluster = start("sweep-cluster", folder)
    try:
        deadline = time.monotonic() + 300
        while len(rows(folder / FILES[0])) < 3:
            assert cluster.poll() is None and time.monotonic() < deadline, cluster.communicate()[0]
            time.sleep(0.2)
        running = executors(cluster.pid)
        assert len(running) == 2
        os.kill(running[0], signal.SIGKILL)
        output, _ = cluster.communicate(timeout=600)
        assert cluster.returncode == 0, output
    finally:
        if cluster.poll() is None:
            os.killpg(cluster.pid, signal.SIGKILL)
    assert "ost executor" in output
    for file in FILES:
        one, many = rows(swept / file), rows(folder / file)
        assert one.keys() == many.keys() and one
        for place, row in one.items():
            other = many[place]
            for column in row.keys() - {"seconds", "loss", "accuracy"}:
                assert row[column] == other[column], (place, column)
            # Sums over one thread, not two: a float32 loss, and at most one of 1,000 digits.
            assert float(row["loss"]) == pytest.approx(float(other["loss"]), rel=1e-4, abs=1e-6)
            assert float(row["accuracy"]) == pytest.approx(float(other["accuracy"]), abs=1.5e-3)


def test_nothing_is_made_again(swept):
    before = {file: (swept / file).read_bytes() for file in FILES}
    cluster = start("sweep-cluster", swept)
    output, _ = cluster.communicate(timeout=600)
    assert cluster.returncode == 0, output
    assert output.count(": 0 of 24 rows to make") == 2, output
    assert before == {file: (swept / file).read_bytes() for file in FILES}
