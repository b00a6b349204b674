"""Grades what students hand in.

    grade.py SOURCES FROM OUT [--seconds N] [--cell N] [--megabytes N] [--jobs N]

FROM holds a folder for each student with notebooks named as the sources are, or notebooks alone,
whose student is then the one that they name. Every cell that a source locks is taken from the
source again. A submission runs in a process, a copy and limits of its own; where the system allows
it without network and with everything but its copy read-only. OUT gets grades.csv, a leaderboard
and a feedback page for each submission.

The points of a check are those in a receipt, signed with a key that is made up for this one check.
A submission that kills its kernel, runs beyond a limit or floods its output has no points.
"""

import argparse
import csv
import difflib
import hashlib
import hmac
import html
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

ID = re.compile(r'(String\s+student\s*=\s*")([^"]*)(")')
ROOT = Path(__file__).resolve().parents[2]
# Nothing of this is needed for an answer: a person should look at who uses it.
UNUSUAL = re.compile(
    r"\b(java\.lang\.reflect|setAccessible|ProcessBuilder|Runtime|System\.exit|halt|Unsafe"
    r"|JavaNotebookStatics|JShell|receipt|Files\.(?:delete|walk|write\w*)|deleteIfExists|Socket"
    r"|HttpClient|URL|getenv|new Thread|ServiceLoader|ClassLoader)\b"
)


@dataclass
class Graded:
    """What became of one submission."""

    student: str
    lab: str
    points: dict[str, float] = field(default_factory=dict)
    possible: dict[str, float] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    by_hand: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cells: list[dict] = field(default_factory=list)


def metadata(cell) -> dict:
    return cell.metadata.get("nbgrader", {})


def is_locked(cell) -> bool:
    return bool(metadata(cell).get("locked"))


def restored(source, submitted) -> tuple[nbformat.NotebookNode, list[str]]:
    """The source with the student's answers in it, and what was changed that must not be.

    The order is the source's. A cell that the student added stays behind the cell that it follows.
    """
    notes = []
    answers = {}
    added: dict[str, list] = {}
    known = {key(cell) for cell in source.cells}
    last = ""
    for cell in submitted.cells:
        if key(cell) in known:
            last = key(cell)
            if last in answers:
                notes.append(f"cell {last} is there twice; the first counts")
            answers.setdefault(last, cell)
        elif cell.cell_type == "code":
            added.setdefault(last, []).append(cell)
    notebook = nbformat.v4.new_notebook(metadata=source.metadata)
    for extra in added.get("", []):
        notebook.cells.append(clean(extra.source))
    for cell in source.cells:
        copy = nbformat.from_dict(cell)
        mine = answers.get(key(cell))
        if mine is None and not is_locked(cell):
            notes.append(f"cell {key(cell)} is missing")
            copy.source = ""
        elif mine is not None and not is_locked(cell):
            copy.source = mine.source
        elif mine is not None and mine.source.strip() not in (
            cell.source.strip(),
            shown(cell.source).strip(),
        ):
            notes.append(f"locked cell {key(cell)} was changed, and is restored")
        notebook.cells.append(copy)
        notebook.cells += [clean(extra.source) for extra in added.get(key(cell), [])]
    return notebook, notes


def key(cell) -> str:
    return metadata(cell).get("grade_id") or cell.get("id", "")


def clean(source: str):
    return nbformat.v4.new_code_cell(source)


def shown(source: str) -> str:
    """A locked cell as students have it."""
    return re.sub(r"[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", "", source, flags=re.DOTALL)


def with_student(notebook, student: str) -> list[str]:
    """Puts the student's id where the notebook says whose it is."""
    notes = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and (found := ID.search(cell.source)):
            if found.group(2).strip() not in (student, "your id"):
                notes.append(f"the notebook names another student: {found.group(2)[:80]}")
            quoted = json.dumps(student)[1:-1]
            cell.source = ID.sub(lambda m: m.group(1) + quoted + m.group(3), cell.source, count=1)
    return notes


def submissions(folder: Path, sources: dict[str, Path]) -> list[tuple[str, str, bytes]]:
    """Student, lab and file of each submission, read before any of them runs."""
    found = []
    for path in sorted(folder.rglob("*.ipynb")):
        if ".ipynb_checkpoints" in path.parts or path.is_symlink():
            continue
        content = path.read_bytes()
        name = max(sources, key=lambda each: difflib.SequenceMatcher(None, each, path.stem).ratio())
        name = next((each for each in sources if each[:5] in path.stem), name)
        parts = path.relative_to(folder).parts
        student = parts[0] if len(parts) > 1 else named(content) or path.stem
        found.append((student, name, content))
    return found


def named(content: bytes) -> str:
    found = re.search(rb'String\s+student\s*=\s*\\"([^"\\]*)\\"', content)
    return found.group(1).decode("utf-8", "replace").strip() if found else ""


def sandboxed() -> bool:
    """Whether a process may have a view of files and the network of its own: tried, not guessed."""
    with tempfile.TemporaryDirectory(prefix="last4j-grade-") as folder:
        outside, work = Path(folder).resolve() / "outside", Path(folder).resolve() / "work"
        outside.mkdir()
        work.mkdir()
        attempt = ["sh", "-c", f"touch inside && ! touch {outside}/file"]
        try:
            made = subprocess.run(command(work, attempt, True), cwd=work, capture_output=True)
        except OSError:
            return False
        return made.returncode == 0 and (work / "inside").exists()


def command(work: Path, arguments: list[str], sandbox: bool) -> list[str]:
    """Runs a program with all files but a folder's read-only, and no network but its own."""
    if not sandbox:
        return arguments
    script = (
        'mount --make-rprivate / 2>/dev/null; mount --bind "$1" "$1" || exit 1; '
        "while read -r _ at _; do "
        'at=$(printf "%b" "$at"); '
        'case "$at" in "$1"|"$1"/*|/proc|/proc/*|/sys|/sys/*|/dev|/dev/*) ;; '
        '*) mount -o remount,bind,ro "$at" 2>/dev/null ;; esac; '
        "done < /proc/self/mounts; "
        'ip link set lo up 2>/dev/null || "$2" -c "$3"; '
        'cd "$1"; shift 3; exec "$@"'
    )
    # Jupyter talks to its kernel over this machine's own interface, which begins switched off.
    up = (
        "import fcntl,socket,struct;"
        "s=socket.socket();n=b'lo'.ljust(16,b'\\0');"
        "fcntl.ioctl(s,0x8914,n+struct.pack('H',0x49)+b'\\0'*14)"
    )
    return [
        *("unshare", "-rnm", "--pid", "--fork", "--kill-child", "--mount-proc"),
        *("sh", "-c", script, "sh", str(work), sys.executable, up, *arguments),
    ]


def run(notebook, work: Path, limits, sandbox: bool) -> dict:
    """What the cells of a notebook said, by a process that may do what it likes."""
    worker = [
        *(sys.executable, str(Path(__file__).with_name("grade_one.py")), "out.json"),
        *(str(limits.cell), str(limits.megabytes)),
    ]
    environment = {
        **os.environ,
        "HOME": str(work),
        "LAST4J_DATA": str(ROOT / "data" if sandbox else work / "data"),
        "TMPDIR": str(work),
        "JUPYTER_RUNTIME_DIR": str(work / "runtime"),
        "IPYTHONDIR": str(work / "ipython"),
    }
    libraries = Path.home() / ".djl.ai"
    if (libraries / "pytorch").is_dir():
        # Already unpacked, and to be read only; else DJL unpacks them into the copy.
        environment["ENGINE_CACHE_DIR"] = str(libraries)
    with (work / "log").open("wb") as log:
        process = subprocess.Popen(
            command(work, worker, sandbox),
            cwd=work,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            # Not a file: the keys of the receipts are in it.
            process.communicate(nbformat.writes(notebook).encode(), timeout=limits.seconds)
            reason = None
        except subprocess.TimeoutExpired:
            reason = f"stopped after {limits.seconds} s"
        finally:
            kill(process)
    try:
        said = json.loads((work / "out.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        said = {"cells": [], "reason": reason or "the process that ran it was ended"}
    if reason:
        said["reason"] = reason
    return said


def kill(process: subprocess.Popen) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def prepared(notebook, student: str, lab: str) -> dict[str, str]:
    """Has each check run in a lab that was just opened, and give a receipt; returns the keys."""
    keys = {}
    for cell in notebook.cells:
        if metadata(cell).get("grade") and cell.cell_type == "code":
            keys[key(cell)] = secret = secrets.token_hex(16)
            type_ = "io.github.last4j.lab.Lab"
            opened = f"{type_}.open({json.dumps(lab)}, {json.dumps(student)})"
            cell.metadata["before"] = f"{type_} lab = {opened};"
            cell.metadata["after"] = f'(({type_}) lab).receipt("{secret}")'
    return keys


def earned(receipt: str, secret: str) -> dict[str, tuple[float, float | None]]:
    """Points and score of each exercise in a receipt, if its signature is right."""
    body, _, code = receipt.rpartition("\n")
    body += "\n"
    right = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), code.strip().encode()):
        return {}
    rows = [line.split() for line in body.splitlines() if line]
    return {row[0]: (float(row[1]), None if row[3] == "-" else float(row[3])) for row in rows}


def grade(student: str, name: str, content: bytes, source, limits, sandbox: bool) -> Graded:
    """Grades one submission; whatever it does, this returns."""
    lab = name[:5]
    result = Graded(student, name)
    for cell in source.cells:
        if metadata(cell).get("grade"):
            kind = result.possible if cell.cell_type == "code" else result.by_hand
            kind[key(cell)] = float(metadata(cell)["points"])
    result.points = dict.fromkeys(result.possible, 0.0)
    try:
        submitted = nbformat.reads(content.decode("utf-8"), as_version=4)
        notebook, result.notes = restored(source, submitted)
    except Exception as error:  # a submission may be any file
        result.notes.append(f"no notebook: {type(error).__name__}: {str(error)[:200]}")
        return result
    result.notes += with_student(notebook, student)
    unusual = sorted({m for c in submitted.cells for m in UNUSUAL.findall(c.get("source", ""))})
    if unusual:
        result.notes.append("look at it yourself, it uses " + ", ".join(unusual))
    keys = prepared(notebook, student, lab)
    with tempfile.TemporaryDirectory(prefix="last4j-grade-") as folder:
        work = Path(folder).resolve()
        if not sandbox:
            shutil.copytree(ROOT / "data", work / "data", ignore=shutil.ignore_patterns("public"))
        said = run(notebook, work, limits, sandbox)
    result.cells = said["cells"]
    if said.get("reason"):
        result.notes.insert(0, f"{said['reason']}: no points")
        return result
    for cell in said["cells"]:
        if cell["key"] in keys:
            exercise = cell["key"].removeprefix("check-").replace("-", ".")
            rows = earned(str(cell.get("receipt", "")), keys[cell["key"]])
            points, score = rows.get(exercise, (0.0, None))
            result.points[cell["key"]] = min(points, result.possible[cell["key"]])
            if score is not None and points > 0:
                result.scores[exercise] = score
    return result


def page(result: Graded) -> str:
    """A feedback page that loads nothing."""
    rows = "\n".join(
        f"<tr><td>{html.escape(check)}</td><td>{result.points[check]:g}</td><td>{possible:g}</td></tr>"
        for check, possible in result.possible.items()
    ) + "\n".join(
        f"<tr><td>{html.escape(words)}</td><td>by hand</td><td>{possible:g}</td></tr>"
        for words, possible in result.by_hand.items()
    )
    notes = "".join(f"<li>{html.escape(note)}</li>" for note in result.notes)
    cells = "\n".join(
        f"<h3>{html.escape(cell['key'])}</h3><pre>{html.escape(shown(cell['source']))}</pre>"
        + (f"<pre class=said>{html.escape(cell['text'])}</pre>" if cell["text"] else "")
        for cell in result.cells
    )
    title = f"{result.lab}, {result.student}"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{html.escape(title)}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }}
pre {{ background: #f6f8fa; padding: .5rem; overflow-x: auto; white-space: pre-wrap }}
pre.said {{ background: #fff8c5 }}
td {{ padding: .1rem .8rem .1rem 0 }}
</style>
</head>
<body>
<h1>{html.escape(title)}</h1>
<p>{sum(result.points.values()):g} of {sum(result.possible.values()):g} points by checks;
{sum(result.by_hand.values()):g} are for answers in words.</p>
<ul>{notes}</ul>
<table>{rows}</table>
{cells}
</body>
</html>
"""


def write(results: list[Graded], out: Path) -> None:
    with (out / "grades.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "lab", "points", "possible", "by hand", "notes"])
        for each in results:
            points, possible = sum(each.points.values()), sum(each.possible.values())
            hand = sum(each.by_hand.values())
            writer.writerow(
                [plain(each.student), each.lab, f"{points:g}", f"{possible:g}", f"{hand:g}",
                 plain("; ".join(each.notes))]
            )
    ranked = [(check, score, each.student) for each in results for check, score in each.scores.items()]
    with (out / "leaderboard.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["track", "place", "student", "score"])
        for track in sorted({check for check, *_ in ranked}):
            table = sorted((r for r in ranked if r[0] == track), key=lambda r: -r[1])
            for place, (_, score, student) in enumerate(table, 1):
                writer.writerow([track, place, plain(student), f"{score:.2f}"])


def plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@") else text


def file_name(result: Graded) -> str:
    safe = re.sub(r"[^\w.-]", "_", result.student)[:80]
    code = hashlib.sha256(result.student.encode()).hexdigest()[:6]
    return f"{result.lab}-{safe}-{code}.html"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path)
    parser.add_argument("submissions", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=int, default=600, help="that a submission may take")
    parser.add_argument("--cell", type=int, default=240, help="seconds that a cell may take")
    parser.add_argument("--jobs", type=int, default=1, help="submissions at a time")
    parser.add_argument("--megabytes", type=int, default=2048, help="of a kernel's heap")
    limits = parser.parse_args()
    sources = {p.stem: p for p in sorted(limits.sources.glob("*.ipynb"))}
    if not limits.submissions.is_dir():
        print(f"There is no folder {limits.submissions}: make grade FROM=folder", file=sys.stderr)
        return 1
    todo = submissions(limits.submissions, sources)
    if not todo:
        print(f"There is no notebook in {limits.submissions}.", file=sys.stderr)
        return 1
    sandbox = sandboxed()
    if not sandbox:
        print("This system has no unshare: submissions run with your rights and network.", file=sys.stderr)
    limits.out.mkdir(parents=True, exist_ok=True)

    def each(submission: tuple[str, str, bytes]) -> Graded:
        student, name, content = submission
        start = time.monotonic()
        source = nbformat.read(sources[name], as_version=4)
        result = grade(student, name, content, source, limits, sandbox)
        points, possible = sum(result.points.values()), sum(result.possible.values())
        took = f"{time.monotonic() - start:.0f} s"
        print(f"{student}, {name}: {points:g} of {possible:g} points, {took}", flush=True)
        (limits.out / file_name(result)).write_text(page(result), encoding="utf-8")
        return result

    results: list[Graded] = []
    with ThreadPoolExecutor(limits.jobs) as pool:
        for result in pool.map(each, todo):
            results.append(result)
            write(results, limits.out)
    print(f"Grades: {(limits.out / 'grades.csv').resolve()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
