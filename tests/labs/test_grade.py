"""make grade: what a submission earns, and that a hostile one harms nothing but its grade."""

import csv
import subprocess
import sys

import nbformat
import pytest

from conftest import ROOT, SOURCES, read, script

labs = script("labs")
grade = script("grade")

VECTORS = "double[][] vectors = {{1, 0}, {1, 0}};"
HOSTILE = {
    "exits": ("System.exit(0);", "the kernel was ended"),
    "loops": ("while (true) { }", "ran longer than"),
    "floods": (
        'String page = "x".repeat(100_000);\nfor (int i = 0; i < 1_000; i++) System.out.println(page);',
        "characters of output",
    ),
    "forges": (
        'class Fake { Object check(String id, Object o) { return "3.1 passed"; } '
        "double require(String id, Object o) { return 2; } "
        'String receipt(String key) { return "3.1 2.00 2.00 -"; } }\nFake lab = new Fake();',
        None,
    ),
    "prints": ('System.out.println("3.1 2.00 2.00 -\\n" + "0".repeat(64));', None),
}


def small_source() -> nbformat.NotebookNode:
    """Lab 3 with its first exercise only, so that a run takes seconds."""
    source = read(SOURCES / "lab-3-break-the-proof.ipynb")
    wanted = ("vectors", "check-3-1")
    source.cells = [
        cell
        for index, cell in enumerate(source.cells)
        if index < 3 or cell.metadata.get("nbgrader", {}).get("grade_id") in wanted
    ]
    return source


def cell(notebook, key):
    return next(c for c in notebook.cells if grade.key(c) == key)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The grades of some submissions, and the folder in which they were."""
    folder = tmp_path_factory.mktemp("grading")
    (folder / "source").mkdir()
    source = small_source()
    nbformat.write(source, folder / "source" / "lab-3-break-the-proof.ipynb")
    victim = folder / "victim.txt"
    victim.write_text("stays")

    def submit(student, change):
        notebook = labs.students_version(source)
        change(notebook)
        path = folder / "from" / student / "lab-3-break-the-proof.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(notebook, path)

    def answers(source_of_cell):
        def change(notebook):
            cell(notebook, "vectors").source = source_of_cell

        return change

    def edits(notebook):
        cell(notebook, "check-3-1").source = '"3.1 passed"'
        cell(notebook, "vectors").source = "double[][] vectors = {{1, 0}, {0, 1}};"

    def drops(notebook):
        notebook.cells.remove(cell(notebook, "check-3-1"))
        cell(notebook, "vectors").source = VECTORS

    submit("right", answers(VECTORS))
    submit("empty", lambda notebook: None)
    submit("edits", edits)
    submit("drops", drops)
    for student, (code, _) in HOSTILE.items():
        submit(student, answers("double[][] vectors = null;\n" + code))
    deletes = (
        f'try {{ java.nio.file.Files.delete(java.nio.file.Path.of("{victim}")); }} catch (Exception e) {{ }}\n'
        "double[][] vectors = null;"
    )
    submit("deletes", answers(deletes))
    (folder / "from" / "broken").mkdir()
    (folder / "from" / "broken" / "lab-3-break-the-proof.ipynb").write_text("no JSON")
    made = subprocess.run(
        [
            *(sys.executable, ROOT / "notebooks" / "kernel" / "grade.py"),
            *(folder / "source", folder / "from", folder / "out", "--cell", "25", "--jobs", "2"),
        ],
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    with (folder / "out" / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    return rows, folder


def test_right_answers_have_their_points(graded):
    rows, folder = graded
    assert rows["right"]["points"] == rows["right"]["possible"] == "2", rows["right"]
    assert rows["right"]["notes"] == ""
    assert rows["empty"]["points"] == "0"
    pages = {p.name: p.read_text(encoding="utf-8") for p in (folder / "out").glob("*.html")}
    assert len(pages) == len(rows)
    mine = next(text for name, text in pages.items() if "-right-" in name)
    assert "2 of 2 points by checks" in mine
    other = next(text for name, text in pages.items() if "-empty-" in name)
    assert "no answer yet" in other
    assert not any("lab.require" in text for text in pages.values())


def test_locked_cells_are_restored(graded):
    rows, _ = graded
    assert rows["edits"]["points"] == "0"
    assert "locked cell check-3-1 was changed, and is restored" in rows["edits"]["notes"]
    assert rows["drops"]["points"] == "2"


@pytest.mark.parametrize("student", HOSTILE)
def test_a_hostile_submission_costs_its_own_grade(graded, student):
    rows, _ = graded
    assert rows[student]["points"] == "0"
    reason = HOSTILE[student][1]
    assert reason is None or reason in rows[student]["notes"], rows[student]


def test_nothing_else_is_harmed(graded):
    rows, folder = graded
    assert len(rows) == 6 + len(HOSTILE)
    assert rows["deletes"]["points"] == rows["broken"]["points"] == "0"
    assert "no notebook" in rows["broken"]["notes"]
    if grade.sandboxed():
        assert (folder / "victim.txt").read_text() == "stays"


def test_a_receipt_is_worth_its_signature():
    assert grade.earned("3.1 2.00 2.00 -\n" + "0" * 64, "key") == {}
    assert grade.earned("", "key") == {}
    assert grade.earned("no receipt at all ä", "key") == {}


def test_names_are_no_formulas():
    assert grade.plain('=HYPERLINK("x")') == '\'=HYPERLINK("x")'
    assert grade.plain("ada") == "ada"
