"""The labs: students' versions give nothing away and run, sources get all points."""

import os
import re
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

from conftest import SOURCES, STUDENTS, read, script

labs = script("labs")
NAMES = [path.name for path in sorted(SOURCES.glob("*.ipynb"))]
NAME = re.compile(r"lab-[1-6]-[a-z0-9-]+\.ipynb")
LONGEST_CELL = 15
# On two cores that is a minute.
CPU_SECONDS = 120

every_lab = pytest.mark.parametrize("name", NAMES)


def graded(notebook) -> list:
    return [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]


def code(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_six():
    assert [name[:5] for name in NAMES] == [f"lab-{i}" for i in range(1, 7)]
    assert [p.name for p in sorted(STUDENTS.glob("lab-*.ipynb"))] == NAMES
    assert all(NAME.fullmatch(name) for name in NAMES)


@every_lab
def test_the_students_version_is_that_of_the_source(name):
    made = labs.students_version(read(SOURCES / name))
    assert nbformat.writes(made) == nbformat.writes(read(STUDENTS / name)), "run make labs"


@every_lab
def test_no_line_of_a_solution_is_left(name):
    left = {line.strip() for cell in read(STUDENTS / name).cells for line in cell.source.split("\n")}
    hidden = []
    for cell in read(SOURCES / name).cells:
        for region in ("SOLUTION", "HIDDEN TESTS"):
            found = re.findall(rf"BEGIN {region}\n(.*?)\n[^\n]*END {region}", cell.source, re.DOTALL)
            hidden += [line.strip() for part in found for line in part.split("\n")]
        if cell.cell_type == "markdown" and cell.metadata.nbgrader.solution:
            hidden += [line.strip() for line in cell.source.split("\n")]
    # A closing brace is no solution.
    hidden = [line for line in hidden if len(line) > 3]
    assert hidden
    assert not left & set(hidden)


@every_lab
def test_metadata_are_nbgraders(name):
    notebook = read(SOURCES / name)
    nbformat.validate(notebook)
    ids = []
    for cell in notebook.cells:
        data = cell.metadata.get("nbgrader")
        if data is None:
            continue
        assert data.schema_version == 3
        assert {"grade", "solution", "locked", "task", "grade_id"} <= data.keys()
        assert ("points" in data) == data.grade
        # nbgrader puts back what is locked, and what it takes points from.
        assert data.locked or data.solution
        if data.grade and cell.cell_type == "code":
            assert "BEGIN HIDDEN TESTS" in cell.source and data.locked
            exercise = data.grade_id.removeprefix("check-").replace("-", ".")
            assert cell.source.count(f'("{exercise}", ') == 2
        if data.solution and cell.cell_type == "code":
            assert "BEGIN SOLUTION" in cell.source
        ids.append(data.grade_id)
    assert len(ids) == len(set(ids))
    assert [cell.cell_type for cell in graded(notebook)].count("markdown") == 1


@every_lab
def test_cells_are_short_and_the_first_imports(name):
    cells = code(read(SOURCES / name))
    assert all(line.startswith("import ") for line in cells[0].source.split("\n"))
    long = [c.source for c in cells[1:] if len(c.source.split("\n")) > LONGEST_CELL + 5]
    assert not long, "\n---\n".join(long)


class Kernel:
    """A kernel, and what its cells show."""

    def __init__(self, folder: Path):
        self.manager, self.client = start_new_kernel(kernel_name="java", cwd=str(folder))

    def run(self, source: str) -> str:
        """The text of a cell's value; an error is one here, too."""
        values = [""]

        def hook(message):
            content = message["content"]
            if message["msg_type"] == "execute_result":
                values.append(content["data"]["text/plain"])
            assert message["msg_type"] != "error", f"{source}\n{content['evalue']}"

        self.client.execute_interactive(source, timeout=600, output_hook=hook)
        return values[-1]

    def cpu_seconds(self) -> float:
        stat = Path(f"/proc/{self.manager.provisioner.pid}/stat")
        if not stat.exists():
            return 0
        times = stat.read_text().rpartition(")")[2].split()[11:15]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")

    def end(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@every_lab
def test_students_get_nothing_for_nothing_and_sources_all(name):
    kernel = Kernel(STUDENTS)
    try:
        points = {}
        for cell in code(read(STUDENTS / name)):
            points[cell.metadata.get("nbgrader", {}).get("grade_id")] = kernel.run(cell.source)
        checks = [text for key, text in points.items() if key and key.startswith("check-")]
        assert all(" not yet, 0 of " in text for text in checks), checks
        source = read(SOURCES / name)
        total = sum(c.metadata.nbgrader.points for c in graded(source) if c.cell_type == "code")
        assert kernel.run("lab.summary()").startswith(f"{name[:5]}: 0 of {total} points")
        before = kernel.cpu_seconds()
        for cell in code(source):
            value = kernel.run(cell.source)
            if cell in graded(source):
                assert float(value) == cell.metadata.nbgrader.points, cell.source
        assert kernel.run("lab.summary()").startswith(f"{name[:5]}: {total} of {total} points")
        assert kernel.cpu_seconds() - before < CPU_SECONDS
    finally:
        kernel.end()
