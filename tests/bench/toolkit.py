"""What the benchmarks share: how the toolkit is run, and what a row of their table is."""

import csv
import os
import pathlib
import platform
import re
import subprocess
from typing import NamedTuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESULTS = pathlib.Path(__file__).resolve().parent / "results"
JAVA = str(pathlib.Path(os.environ["JAVA_HOME"]) / "bin" / "java") if "JAVA_HOME" in os.environ else "java"
CLASS_PATH = os.pathsep.join(
    str(ROOT / path)
    for path in (
        "tests/bench/target/classes", "tests/bench/target/lib/*", "toolkit/target/classes", "toolkit/target/lib/*"
    )
)
SETTINGS = (ROOT / "notebooks/kernel/environment").read_text(encoding="utf-8")
ENVIRONMENT = os.environ | dict(re.findall(r"^(\w+)=(.*)$", SETTINGS, re.MULTILINE))


class Row(NamedTuple):
    """One comparison, both sides in seconds and of the same run."""

    what: str
    case: str
    last4j: float
    beside: str
    seconds: float

    @property
    def ratio(self):
        return self.seconds / self.last4j


def command(program, *arguments, options=()):
    """The command line of a program of the package io.github.last4j.bench, or of any with a dot."""
    name = program if "." in program else "io.github.last4j.bench." + program
    return [JAVA, *options, "-cp", CLASS_PATH, name, *map(str, arguments)]


def machine():
    version = subprocess.run([JAVA, "-version"], capture_output=True, text=True, check=True).stderr
    jdk = re.search(r'"(\d+)', version).group(1)
    return f"{os.cpu_count()} cores {platform.machine()}; JDK {jdk}"


def write_csv(path, rows):
    path.parent.mkdir(exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    part.replace(path)


def print_row(cells):
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)
