"""Runs every benchmark and prints one table, each of the toolkit's times beside another way's.

    make bench                            # 6 minutes
    make bench ARGS=--large               # and larger layers, batches and lengths: 12 minutes
    make bench ARGS="--only kernels jax"  # some of: slicot, jax, stream, removal, kernels

With --large all of the table goes to tests/bench/results/bench.csv. A ratio above 1 says that the
toolkit is faster; ratios, not seconds, carry over to other machines.
"""

import argparse

import beside_jax
import beside_slicot
import beside_steps
import kernels
import masked_and_removed
from toolkit import RESULTS, machine, print_row, write_csv

PARTS = {
    "slicot": beside_slicot.rows,
    "jax": beside_jax.rows,
    "stream": beside_steps.rows,
    "removal": masked_and_removed.quick_rows,
    "kernels": kernels.rows,
}
COLUMNS = ["what", "case", "last4j (ms)", "beside", "its time (ms)", "ratio"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    table = []
    print_row(COLUMNS)
    print_row(["---"] * len(COLUMNS))
    for part in options.only:
        for row in PARTS[part](options.large):
            table.append(
                [row.what, row.case, f"{1e3 * row.last4j:.3g}", row.beside, f"{1e3 * row.seconds:.3g}",
                 f"{row.ratio:.2f}"]
            )
            print_row(table[-1])
    where = machine()
    print(where)
    if options.large and set(options.only) == set(PARTS):
        write_csv(RESULTS / "bench.csv", [[*COLUMNS, "machine"], *([*row, where] for row in table)])


if __name__ == "__main__":
    main()
