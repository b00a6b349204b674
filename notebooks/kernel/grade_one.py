"""Runs the cells of one submission, for grade.py, in a process of its own.

    grade_one.py OUT SECONDS MEGABYTES < NOTEBOOK

It writes what each cell said as JSON. A cell that runs too long, a kernel that dies and an output
that floods end the run; the reason is then in the file. Nothing that a submission sends is trusted
here: it is text, cut to a length, and the receipts are signed.
"""

import json
import os
import re
import resource
import signal
import sys
import time
from pathlib import Path
from queue import Empty

import nbformat
from jupyter_client.manager import KernelManager

MOST_TEXT = 4_000
MOST_OUTPUT = 1_000_000
# Above the largest library that DJL unpacks.
FILE_BYTES = 1 << 30
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class Ended(Exception):
    """That a submission has to be stopped."""


class Kernel:
    """A kernel and what it sends."""

    def __init__(self, megabytes: int):
        self.manager = KernelManager(kernel_name="java")
        options = self.manager.kernel_spec.env.get("JJAVA_JVM_OPTS", "")
        scratch = Path("tmp").resolve()
        scratch.mkdir()
        options = re.sub(r"-Xmx\w+", "", options) + f" -Xmx{megabytes}m -Djava.io.tmpdir={scratch}"
        self.manager.kernel_spec.env["JJAVA_JVM_OPTS"] = options.strip()
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)
        self.sent = 0

    def run(self, code: str, seconds: float) -> tuple[str, str]:
        """What a cell says, and the text of its value."""
        request = self.client.execute(code)
        end = time.monotonic() + seconds
        said, value = [], ""
        while True:
            message = self.next(end, seconds)
            content = message["content"]
            self.sent += len(str(content))
            if self.sent > MOST_OUTPUT:
                raise Ended(f"more than {MOST_OUTPUT} characters of output")
            if message["parent_header"].get("msg_id") != request:
                continue
            kind = message["msg_type"]
            if kind == "status" and content["execution_state"] == "idle":
                return ESCAPES.sub("", "".join(said))[:MOST_TEXT], value
            if kind == "stream":
                said.append(content["text"])
            elif kind == "error":
                said.append(f"{content['ename']}: {content['evalue']}\n")
            elif kind in ("execute_result", "display_data"):
                text = str(content["data"].get("text/plain", ""))
                said.append(text + "\n")
                value = text if kind == "execute_result" else value

    def next(self, end: float, seconds: float) -> dict:
        while True:
            if not self.manager.is_alive():
                raise Ended("the kernel was ended by a cell")
            if time.monotonic() > end:
                raise Ended(f"a cell ran longer than {seconds:g} s")
            try:
                return self.client.get_iopub_msg(timeout=1)
            except Empty:
                continue

    def end(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def main(notebook: str, out: Path, seconds: float, megabytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Beyond it, writing a file is an error and not the end of this process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    cells: list[dict] = []
    said = {"cells": cells, "reason": None}
    kernel = None
    try:
        kernel = Kernel(megabytes)
        for cell in nbformat.reads(notebook, as_version=4).cells:
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            key = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id", "")
            entry = {"key": key, "source": cell.source[:MOST_TEXT], "text": "", "receipt": ""}
            cells.append(entry)
            if "before" in cell.metadata:
                kernel.run(cell.metadata["before"], seconds)
            entry["text"], _ = kernel.run(cell.source, seconds)
            if "after" in cell.metadata:
                _, entry["receipt"] = kernel.run(cell.metadata["after"], seconds)
    except Ended as ended:
        said["reason"] = str(ended)
    except Exception as error:  # of the machinery: the submission has broken it
        said["reason"] = f"the run broke off ({type(error).__name__})"
    finally:
        part = out.with_name(out.name + ".part")
        part.write_text(json.dumps(said), encoding="utf-8")
        os.replace(part, out)
        if kernel:
            kernel.end()


if __name__ == "__main__":
    main(sys.stdin.read(), Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
