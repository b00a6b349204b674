"""Times models with removed states beside the same models with masked ones, at every ratio.

    make removal    # rows of Tables 3 and 4, 15 minutes

MaskedAndRemoved.java runs the passes. Times are the least of passes in turns, masked and removed.
Memory is how far a pass raises the resident memory of a new process with the model loaded, C++
and Java together; a masked pass takes what ratio 0 takes. The ideal is the whole model's time or
memory times the share of multiplications that remain. Writes tests/bench/results/removal.csv.
"""

import argparse
import subprocess

from toolkit import ENVIRONMENT, RESULTS, Row, command, machine, print_row, write_csv

# Family, row, length and batch: what a laptop does in seconds.
ROWS = ["S5:SMNIST:784:16", "S5:TEXT:2048:2", "S5:IMAGE:1024:2", "S4D:LISTOPS:2048:4"]
COLUMNS = [
    "model", "masks", "ratio", "pass", "share", "masked_s", "removed_s", "speedup", "ideal_speedup",
    "memory_mb", "memory_share", "difference", "machine",
]


def lines(*arguments):
    """The CSV lines that MaskedAndRemoved prints."""
    run = command("MaskedAndRemoved", *arguments, options=["-XX:+UseSerialGC", "-Xmx512m"])
    done = subprocess.run(
        run, check=True, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    return [line.split(",") for line in done.stdout.splitlines() if line[:1].isdigit()]


def quick_rows(large):
    """Three ratios of one row for the common table."""
    family, row, length, batch = ROWS[0].split(":")
    for ratio, kind, _, masked, removed, _ in lines("time", ROWS[0], "random", 1, 0.0, 0.5, 0.9):
        case = f"{family} {row}, batch {batch}, L={length}, {100 * float(ratio):.0f} % removed"
        yield Row(f"{kind} pass", case, float(removed), "the same states masked", float(masked))


def measure(row, masks, ratios, seconds):
    """Rows of the table; memory in a new process at each ratio."""
    memory = {}
    for ratio in ratios:
        for line in lines("memory", row, masks, 0, ratio):
            memory[line[0], line[1]] = float(line[3])
    whole = {kind: memory["0.0", kind] for kind in ("forward", "training")}
    for ratio, kind, share, masked, removed, error in lines("time", row, masks, seconds, *ratios):
        peak = memory[ratio, kind]
        yield [
            row, masks, ratio, kind, share, masked, removed,
            f"{float(masked) / float(removed):.2f}", f"{1 / float(share):.2f}", f"{peak:.0f}",
            f"{peak / whole[kind]:.2f}", error, machine(),
        ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", nargs="*", default=ROWS)
    parser.add_argument("--masks", nargs="*", default=["random", "last"])
    parser.add_argument("--ratios", nargs="*", type=float, default=[0.0, 0.1, 0.3, 0.5, 0.7, 0.9])
    parser.add_argument("--seconds", type=float, default=2, help="for the passes at a ratio")
    options = parser.parse_args()
    table = [COLUMNS]
    print_row(COLUMNS[:-1])
    print_row(["---"] * (len(COLUMNS) - 1))
    for row in options.rows:
        for masks in options.masks:
            for values in measure(row, masks, options.ratios, options.seconds):
                table.append(values)
                print_row(values[:-1])
    write_csv(RESULTS / "removal.csv", table)


if __name__ == "__main__":
    main()
