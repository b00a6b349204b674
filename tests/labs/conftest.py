"""Shared by the tests of the labs: where things are, and a submission of one exercise."""

import importlib.util
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[2]
STUDENTS = ROOT / "notebooks" / "labs"
SOURCES = STUDENTS / "source"


def script(name: str):
    """A script beside the kernel, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "notebooks" / "kernel" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)
