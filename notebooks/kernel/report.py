"""Executes the notebooks of a folder and writes them as pages that read without a network.

    report.py NOTEBOOKS REPORTS

The pages hold everything: figures as pictures, formulas as MathML. A notebook that fails is
reported with its error, the others still run, and the exit status is 1. Ctrl-C ends all of it, with
the status 130.
"""

import asyncio
import html
import re
import signal
import sys
import threading
import time
import unicodedata
from concurrent.futures import Future, wait
from pathlib import Path

import latex2mathml.converter
import nbformat
from jinja2 import pass_context
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

# Time for a kernel to end; after it the process that runs it is killed at exit.
SECONDS_TO_END = 10

# nbconvert's page, less the three scripts that it would load from elsewhere; fonts that have all
# letters of mathematics, by what a system may have; and pictures with the text that says what they
# show.
TEMPLATE = """
{%- extends 'index.html.j2' -%}
{%- block html_head_js_requirejs -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}
<style>
math { font-family: "STIX Two Math", "Cambria Math", "Latin Modern Math", "Libertinus Math",
  "Noto Sans Math", "DejaVu Math TeX Gyre", math, serif }
</style>
{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
{%- block data_png -%}
{%- set about = output.metadata.get('image/png', {}) -%}
<div class="jp-RenderedImage jp-OutputArea-output">
<img src="data:image/png;base64,{{ output.data['image/png'] | escape_html }}"
{%- for name, value in about.items() %} {{ name | escape_html }}="{{ value | escape_html }}"{% endfor -%}
>
</div>
{%- endblock -%}
"""


class MathmlRenderer(IPythonRenderer):
    """Renders formulas as MathML, which browsers draw themselves."""

    def block_math(self, body: str) -> str:
        return mathml(body, "block")

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline")


class OfflineExporter(HTMLExporter):
    """Writes pages that load nothing."""

    raw_template = TEMPLATE

    @pass_context
    def markdown2html(self, context, source: str) -> str:
        return MarkdownWithMath(renderer=MathmlRenderer(escape=False)).render(source)


def mathml(formula: str, display: str) -> str:
    try:
        converted = latex2mathml.converter.convert(formula.strip(), display=display)
        return re.sub(r'<(m[in]) mathvariant="([a-z-]+)">([^<]+)</\1>', with_letters, converted)
    except Exception:  # the converter names no common error; the source still reads
        return f"<code>{html.escape(formula)}</code>"


def with_letters(element: re.Match) -> str:
    """An element in the letters of its variant: browsers know the variants no more (MathML Core)."""
    tag, variant, text = element.groups()
    if variant in ("normal", "italic"):
        return element[0]
    return f"<{tag}>{''.join(letter(each, variant) for each in html.unescape(text))}</{tag}>"


def letter(character: str, variant: str) -> str:
    """The mathematical letter, such as 𝐱 of x and bold, or the character if there is none."""
    plain = re.sub("^(LATIN|GREEK) (.*) LETTER ", r"\2 ", unicodedata.name(character, ""))
    name = f"{variant.upper()} {plain}".replace("BOLD-ITALIC", "BOLD ITALIC")
    for prefix in ("MATHEMATICAL ", ""):  # some were in Unicode before the others
        try:
            return unicodedata.lookup(prefix + name)
        except KeyError:
            continue
    return character


def execute(path: Path, log: Path) -> tuple[nbformat.NotebookNode, str | None]:
    """The notebook with its outputs, and what went wrong, if anything did.

    What the kernel says of itself goes to the file `log`.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=None, resources={"metadata": {"path": path.parent}})
    with log.open("wb") as kernel_output:
        try:
            run(client, kernel_output)
        except CellExecutionError as error:
            return notebook, f"{error.ename}: {error.evalue}"
        except DeadKernelError:
            return notebook, f"the kernel died, see {log}"
    return notebook, None


def run(client: NotebookClient, kernel_output) -> None:
    """Executes a notebook in another thread: in this one nbclient would take Ctrl-C for itself, and
    call it a dead kernel."""
    running, ended = Future(), Future()

    async def execute_here() -> None:
        running.set_result((asyncio.get_running_loop(), asyncio.current_task()))
        await client.async_execute(stderr=kernel_output)

    def work() -> None:
        try:
            ended.set_result(asyncio.run(execute_here()))
        except BaseException as error:  # whatever it is, the waiting thread raises it
            ended.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        ended.result()
    except KeyboardInterrupt:
        client.shutdown_kernel = "immediate"
        loop, task = running.result()
        loop.call_soon_threadsafe(task.cancel)
        wait([ended], timeout=SECONDS_TO_END)
        raise


def page(notebook: nbformat.NotebookNode, name: str) -> str:
    body, _ = OfflineExporter().from_notebook_node(notebook, {"metadata": {"name": name}})
    return body


def title(notebook: nbformat.NotebookNode, name: str) -> str:
    headings = re.findall(r"^# (.+)$", "\n".join(c.source for c in notebook.cells), re.MULTILINE)
    return headings[0].replace("$", "") if headings else name


def index(rows: list[tuple[str, str, float, str | None]]) -> str:
    items = "\n".join(
        f'<li><a href="{html.escape(name)}.html">{html.escape(heading)}</a> ({seconds:.0f} s)'
        + (f' <strong class="failed">failed: {html.escape(error)}</strong>' if error else "")
        + "</li>"
        for name, heading, seconds, error in rows
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>last4j reports</title>
<style>
body {{ font: 1.1rem/1.6 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem }}
.failed {{ color: #b00020 }}
</style>
</head>
<body>
<h1>last4j reports</h1>
<ol>
{items}
</ol>
</body>
</html>
"""


def main(notebooks: Path, reports: Path) -> int:
    paths = sorted(notebooks.glob("*.ipynb"))
    if not paths:
        print(f"There is no notebook in {notebooks}.", file=sys.stderr)
        return 1
    reports.mkdir(parents=True, exist_ok=True)
    rows = []
    for path in paths:
        print(f"{path.name} ...", end=" ", flush=True)
        start = time.monotonic()
        notebook, error = execute(path, reports / f"{path.stem}.log")
        seconds = time.monotonic() - start
        print(f"FAILED: {error}" if error else f"{seconds:.0f} s", flush=True)
        (reports / f"{path.stem}.html").write_text(page(notebook, path.stem), encoding="utf-8")
        rows.append((path.stem, title(notebook, path.stem), seconds, error))
    overview = reports / "index.html"
    overview.write_text(index(rows), encoding="utf-8")
    print(f"Reports: {overview.resolve()}")
    return 1 if any(error for *_, error in rows) else 0


if __name__ == "__main__":
    # A kill, too, leaves no kernel behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
    except KeyboardInterrupt:
        print("stopped", flush=True)
        sys.exit(130)
