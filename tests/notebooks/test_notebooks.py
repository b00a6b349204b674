"""Every notebook runs, and says again what it says as committed."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from comparison import DEFAULT_TOLERANCE, disagreements, text_of
from conftest import NOTEBOOKS, notebooks

# Two digits, so that every listing has the reading order.
NAME = re.compile(r"\d\d-[a-z0-9-]+\.ipynb")
LONGEST_CELL = 15
FIRST_LINE = re.compile(r"^\s*(%%?(maven|mavenRepo|classpath|jars|load)\b|.*[\"'](/|\.\.?/|~/|[A-Z]:\\))")

every_notebook = pytest.mark.parametrize(
    "path", notebooks(), ids=lambda path: str(path.relative_to(NOTEBOOKS))
)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_exercise(cell) -> bool:
    """Whether a cell is for the reader to fill in, so that it need not run as committed."""
    return "raises-exception" in cell.metadata.get("tags", [])


@every_notebook
def test_starts_with_imports_and_nothing_else(path):
    first = next(cell for cell in code_cells(nbformat.read(path, as_version=4)) if cell.source)
    assert not any(FIRST_LINE.match(line) for line in first.source.splitlines()), first.source
    assert "import " in first.source, first.source


@every_notebook
def test_is_called_by_its_place_in_the_reading_order(path):
    assert NAME.fullmatch(path.name)


@every_notebook
def test_cells_call_and_show(path):
    cells = code_cells(nbformat.read(path, as_version=4))
    long = [cell.source for cell in cells if not is_imports(cell) and lines(cell) > LONGEST_CELL]
    assert not long, "logic over 15 lines belongs into the toolkit:\n" + "\n---\n".join(long)


def is_imports(cell) -> bool:
    return cell.source.startswith("import ")


def lines(cell) -> int:
    return sum(bool(line.strip()) for line in cell.source.splitlines())


@every_notebook
def test_is_committed_with_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    assert any(cell.outputs for cell in code_cells(notebook)), "executed notebooks are committed"
    errors = [
        output.evalue
        for cell in code_cells(notebook)
        for output in cell.outputs
        if output.output_type == "error" and not is_exercise(cell)
    ]
    assert not errors


@every_notebook
def test_runs_and_repeats_its_numbers(path, checkout):
    committed = nbformat.read(path, as_version=4)
    folder = (checkout / "notebooks" / path.relative_to(NOTEBOOKS)).parent
    repeated = nbformat.read(path, as_version=4)
    NotebookClient(repeated, timeout=None, resources={"metadata": {"path": folder}}).execute()
    found = []
    for was, now in zip(code_cells(committed), code_cells(repeated), strict=True):
        if "check" in was.metadata.get("tags", []):
            tolerance = was.metadata.get("tolerance", DEFAULT_TOLERANCE)
            found += disagreements(text_of(was), text_of(now), tolerance)
    assert not found, "\n".join(found)
