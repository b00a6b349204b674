"""Reports list notebooks in reading order."""

import importlib.util
from pathlib import Path

from conftest import NOTEBOOKS

spec = importlib.util.spec_from_file_location("report", NOTEBOOKS / "kernel" / "report.py")
report = importlib.util.module_from_spec(spec)
spec.loader.exec_module(report)


def test_numbers_in_names_count_by_value():
    names = ["appendix.ipynb", "1-a.ipynb", "2-a.ipynb", "9-a.ipynb", "10-a.ipynb", "11-a.ipynb"]
    in_order = sorted(map(Path, names), key=report.reading_order)
    assert [path.name for path in in_order] == [*names[1:], names[0]]
