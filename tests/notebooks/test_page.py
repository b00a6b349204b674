"""What a page of a report keeps of a notebook."""

import html
import re
import sys

import nbformat
import pytest

from conftest import NOTEBOOKS

sys.path.append(str(NOTEBOOKS / "kernel"))
import report  # noqa: E402


def page(cell) -> str:
    return report.page(nbformat.v4.new_notebook(cells=[cell]), "page")


@pytest.mark.parametrize(
    ("formula", "letters"),
    [
        (r"\mathbf x + \mathbf{y}", "𝐱𝐲"),
        (r"\overline{\mathbf\Lambda} + \mathbf 1", "𝚲𝟏"),
        (r"\boldsymbol\theta", "𝜽"),
        (r"\mathcal P + \mathcal H_\infty + \mathbb E", "𝒫ℋ𝔼"),
        (r"\mathrm{Re}\,\lambda", "Reλ"),
    ],
)
def test_formulas_keep_their_letters(formula, letters):
    made = page(nbformat.v4.new_markdown_cell(f"${formula}$"))
    formula = made[made.index("<math") : made.index("</math>")]
    assert [letter for letter in letters if letter not in formula] == []
    # The one variant that MathML Core has left.
    assert 'mathvariant="' not in formula.replace('mathvariant="normal"', "")


def test_pictures_have_a_size_and_a_text():
    about = {"width": 760, "height": 420, "alt": 'accuracy "over" ratio'}
    output = nbformat.v4.new_output(
        "display_data", {"image/png": "iVBORw0KGgo="}, metadata={"image/png": about}
    )
    made = page(nbformat.v4.new_code_cell("figure", outputs=[output]))
    picture = re.search("<img [^>]*iVBORw0KGgo=[^>]*>", made)[0]
    for part in ('width="760"', 'height="420"', 'accuracy "over" ratio'):
        assert part in html.unescape(picture)
