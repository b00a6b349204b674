"""Times models with removed states beside the same models with masked ones, at every ratio.

    python tests/bench/compaction/bench.py            # rows of Tables 3 and 4, 40 minutes
    python tests/bench/compaction/bench.py --quick    # three ratios of sMNIST, 1 minute

CompactionBench.java runs the passes. Times are the least of passes in turns, masked and removed.
Memory is how far a pass raises the resident memory of a new process with the model loaded, C++
and Java together; a masked pass takes what ratio 0 takes. The ideal is the whole model's time or
memory times the share of multiplications that remain. Writes tests/bench/results/compaction.csv.
"""

import argparse
import csv
import os
import pathlib
import platform
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
# Family, row, length and batch: what a laptop does in seconds.
ROWS = ["S5:SMNIST:784:16", "S5:TEXT:2048:2", "S5:IMAGE:1024:2", "S4D:LISTOPS:2048:4"]
COLUMNS = [
    "model", "masks", "ratio", "pass", "share", "masked_s", "removed_s", "speedup", "ideal_speedup",
    "memory_mb", "memory_share", "difference", "machine",
]


def java(*arguments):
    """The CSV lines that CompactionBench prints."""
    toolkit = ROOT / "toolkit" / "target"
    path = os.pathsep.join([str(toolkit / "classes"), str(toolkit / "lib" / "*")])
    environment = dict(
        os.environ, OPT_OUT_TRACKING="true", DJL_OFFLINE="true", OMP_WAIT_POLICY="PASSIVE"
    )
    program = str(pathlib.Path(__file__).with_name("CompactionBench.java"))
    command = ["java", "-XX:+UseSerialGC", "-Xmx512m", "-cp", path, program, *map(str, arguments)]
    done = subprocess.run(
        command, check=True, env=environment, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    return [line.split(",") for line in done.stdout.splitlines() if line[:1].isdigit()]


def machine():
    version = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr
    jdk = re.search(r'"(\d+)', version).group(1)
    return f"{os.cpu_count()} cores {platform.machine()}; JDK {jdk}"


def measure(row, masks, ratios, seconds):
    """Rows of the table; memory in a new process at each ratio."""
    memory = {}
    for ratio in ratios:
        for line in java("memory", row, masks, 0, ratio):
            memory[line[0], line[1]] = float(line[3])
    whole = {kind: memory["0.0", kind] for kind in ("forward", "training")}
    for ratio, kind, share, masked, removed, error in java("time", row, masks, seconds, *ratios):
        peak = memory[ratio, kind]
        yield [
            row, masks, ratio, kind, share, masked, removed,
            f"{float(masked) / float(removed):.2f}", f"{1 / float(share):.2f}", f"{peak:.0f}",
            f"{peak / whole[kind]:.2f}", error, machine(),
        ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rows", nargs="*", default=ROWS)
    parser.add_argument("--masks", nargs="*", default=["random", "last"])
    parser.add_argument("--ratios", nargs="*", type=float, default=[i / 10 for i in range(10)])
    parser.add_argument("--seconds", type=float, default=4, help="for the passes at a ratio")
    parser.add_argument("--out", default=str(ROOT / "tests/bench/results/compaction.csv"))
    options = parser.parse_args()
    if options.quick:
        options.rows, options.masks, options.ratios = ROWS[:1], ["random"], [0.0, 0.5, 0.9]
        options.seconds = 1
    table = [COLUMNS]
    print("| " + " | ".join(COLUMNS[:-1]) + " |")
    print("|" + "---|" * (len(COLUMNS) - 1), flush=True)
    for row in options.rows:
        for masks in options.masks:
            for values in measure(row, masks, options.ratios, options.seconds):
                table.append(values)
                print("| " + " | ".join(values[:-1]) + " |", flush=True)
    out = pathlib.Path(options.out)
    if options.quick:
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(".part")
    with open(part, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(table)
    part.replace(out)


if __name__ == "__main__":
    sys.exit(main())
