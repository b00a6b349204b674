"""What make run does when it is stopped."""

import os
import signal
import subprocess
import sys
import time

import nbformat

from conftest import NOTEBOOKS

# Says which process the kernel is, and then has much to do.
ENDLESS = """
java.nio.file.Files.writeString(java.nio.file.Path.of("PID"), "" + ProcessHandle.current().pid());
Thread.sleep(600_000);
"""


def write(path, code: str) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code.strip())],
        metadata={"kernelspec": {"name": "java", "display_name": "Java", "language": "java"}},
    )
    nbformat.write(notebook, path)


def wait_for(what, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_goes_on_after_a_failure_and_stops_when_told(tmp_path):
    write(tmp_path / "00-fails.ipynb", 'throw new IllegalStateException("so");')
    write(tmp_path / "01-first.ipynb", ENDLESS)
    write(tmp_path / "02-second.ipynb", ENDLESS)
    report = subprocess.Popen(
        [sys.executable, NOTEBOOKS / "kernel" / "report.py", tmp_path, tmp_path / "reports"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    kernel = tmp_path / "PID"
    try:
        wait_for(lambda: kernel.exists() and kernel.read_text(), 120)
        report.send_signal(signal.SIGINT)
        said, _ = report.communicate(timeout=60)
    finally:
        report.kill()
    assert report.returncode == 130
    failed, stopped = said.splitlines()
    assert failed.startswith("00-fails.ipynb ... FAILED: ") and "so" in failed
    assert stopped == "01-first.ipynb ... stopped"
    wait_for(lambda: not is_running(int(kernel.read_text())), 10)
