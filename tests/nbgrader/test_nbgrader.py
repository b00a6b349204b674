"""The labs under nbgrader 0.9.6: its own commands on a right and on a wrong submission."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "notebooks" / "labs" / "source" / "lab-3-break-the-proof.ipynb"
# nbgrader has an environment of its own, which the Makefile names.
NBGRADER = Path(os.environ.get("NBGRADER", "none"), "bin", "nbgrader").absolute()
LAB = "lab-3"

pytestmark = pytest.mark.skipif(not NBGRADER.exists(), reason="there is no nbgrader: make test-slow")


def run(folder: Path, *arguments: str) -> None:
    # The Java kernel is installed beside this Python, not beside nbgrader's.
    kernels = [os.environ.get("JUPYTER_PATH", ""), str(Path(sys.prefix, "share", "jupyter"))]
    made = subprocess.run(
        [NBGRADER, *arguments],
        cwd=folder,
        env=os.environ
        | {
            "JUPYTER_PATH": os.pathsep.join(filter(None, kernels)),
            "LAST4J_DATA": str(ROOT / "data"),
            "PATH": str(NBGRADER.parent) + os.pathsep + os.environ["PATH"],
        },
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr


def hand_in(folder: Path, student: str, change) -> None:
    released = folder / "release" / LAB / SOURCE.name
    notebook = nbformat.read(released, as_version=4)
    solved = {key(cell): cell for cell in nbformat.read(SOURCE, as_version=4).cells}
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = change(key(cell), solved[key(cell)].source)
    path = folder / "submitted" / student / LAB / SOURCE.name
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def key(cell) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A course with an assignment, two submissions, their grades and feedback."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "source" / LAB).mkdir(parents=True)
    shutil.copy(SOURCE, folder / "source" / LAB)
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'ssm'\nc.ExecutePreprocessor.timeout = 300\n"
        "c.Execute.timeout = 300\n"
    )
    run(folder, "generate_assignment", LAB)
    wrong = {
        "vectors": "double[][] vectors = {{1, 0}, {0, 1}};",
        "bound": "double bound(double[][] removed, double energy) { return foo(energy); }",
    }
    hand_in(folder, "right", lambda _, source: source)
    hand_in(folder, "wrong", lambda name, source: wrong.get(name, "// nothing"))
    run(folder, "autograde", LAB)
    run(folder, "generate_feedback", LAB)
    run(folder, "export")
    return folder


def test_the_release_gives_nothing_away(course):
    released = (course / "release" / LAB / SOURCE.name).read_text(encoding="utf-8")
    assert "HIDDEN" not in released and "lab.require" not in released
    assert "BEGIN SOLUTION" not in released and "YOUR CODE HERE" in released
    ours = nbformat.read(ROOT / "notebooks" / "labs" / SOURCE.name, as_version=4)
    theirs = nbformat.reads(released, as_version=4)
    assert [c.source for c in ours.cells] == [c.source for c in theirs.cells]


def test_the_right_one_has_all_points_and_the_wrong_one_none(course):
    rows = (course / "grades.csv").read_text(encoding="utf-8").splitlines()
    names = rows[0].split(",")
    points = {}
    for row in rows[1:]:
        values = dict(zip(names, row.split(","), strict=True))
        points[values["student_id"]] = float(values["score"])
    assert points == {"right": 17.0, "wrong": 0.0}


def test_feedback_says_why(course):
    page = course / "feedback" / "wrong" / LAB / f"{SOURCE.stem}.html"
    text = re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))
    assert "that is Pythagoras" in text
    assert "`foo` is not defined" in text
