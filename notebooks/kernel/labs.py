"""Writes the students' versions of the labs beside the folder of their sources.

    labs.py SOURCES STUDENTS

What stands between BEGIN SOLUTION and END SOLUTION is replaced by a line to write over, what stands
between BEGIN HIDDEN TESTS and END HIDDEN TESTS goes, answers in words are emptied, and so are all
outputs. nbgrader's generate_assignment does the same, and adds checksums.
"""

import sys
from pathlib import Path

import nbformat

CODE_STUB = "// YOUR CODE HERE"
TEXT_STUB = "YOUR ANSWER HERE"


def without_region(source: str, name: str, stub: str | None) -> tuple[str, bool]:
    """The source with each region of a name replaced by a stub, and whether there was one."""
    lines, inside, found = [], False, False
    for line in source.split("\n"):
        if f"BEGIN {name}" in line:
            if inside:
                raise ValueError(f"BEGIN {name} inside of another one")
            inside = found = True
            if stub is not None:
                lines.append(line[: len(line) - len(line.lstrip())] + stub)
        elif f"END {name}" in line:
            if not inside:
                raise ValueError(f"END {name} without a BEGIN")
            inside = False
        elif not inside:
            lines.append(line)
    if inside:
        raise ValueError(f"BEGIN {name} without an END")
    return "\n".join(lines), found


def students_version(source: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy of a source that gives nothing away."""
    notebook = nbformat.from_dict(source)
    for cell in notebook.cells:
        is_code = cell.cell_type == "code"
        stub = CODE_STUB if is_code else TEXT_STUB
        cell.source, found = without_region(cell.source, "SOLUTION", stub)
        cell.source, _ = without_region(cell.source, "HIDDEN TESTS", None)
        if cell.metadata.get("nbgrader", {}).get("solution") and not found:
            cell.source = stub
        if is_code:
            cell.outputs, cell.execution_count = [], None
    return notebook


def main(sources: Path, students: Path) -> int:
    paths = sorted(sources.glob("*.ipynb"))
    if not paths:
        print(f"There is no notebook in {sources}.", file=sys.stderr)
        return 1
    for path in paths:
        try:
            notebook = students_version(nbformat.read(path, as_version=4))
        except ValueError as error:
            print(f"{path}: {error}", file=sys.stderr)
            return 1
        nbformat.write(notebook, students / path.name)
        print(students / path.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
