"""Shared by the notebook tests: where things are, and a copy of the notebooks to run in."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"


def notebooks() -> list[Path]:
    """Every notebook as committed, but those of the labs, which have tests of their own."""
    found = NOTEBOOKS.rglob("*.ipynb")
    others = {".ipynb_checkpoints", "labs"}
    return sorted(p for p in found if not others & set(p.relative_to(NOTEBOOKS).parts))


@pytest.fixture(scope="session")
def checkout(tmp_path_factory) -> Path:
    """A copy of what a notebook may read, so that no test changes a committed file."""
    copy = tmp_path_factory.mktemp("checkout")
    shutil.copytree(NOTEBOOKS, copy / "notebooks")
    if (ROOT / "data").is_dir():
        (copy / "data").symlink_to(ROOT / "data", target_is_directory=True)
    return copy
