"""The numbers that a notebook's outputs state, and whether two runs agree on them."""

import math
import re

NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w])")

DEFAULT_TOLERANCE = 1e-3


def text_of(cell) -> str:
    """The text that a code cell shows: its streams and the plain form of its results."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            parts.append(output.text)
        elif output.output_type in ("execute_result", "display_data"):
            parts.append(output.data.get("text/plain", ""))
    return "\n".join(parts)


def numbers(text: str) -> list[float]:
    return [float(match) for match in NUMBER.findall(text)]


def disagreements(committed: str, repeated: str, tolerance: float) -> list[str]:
    """What differs between two texts: a number by more than `tolerance` relative, or the words."""
    words = NUMBER.sub("#", committed).split(), NUMBER.sub("#", repeated).split()
    if words[0] != words[1]:
        return [f"the text changed from\n{committed}\nto\n{repeated}"]
    return [
        f"{was} became {now}"
        for was, now in zip(numbers(committed), numbers(repeated), strict=True)
        if not math.isclose(was, now, rel_tol=tolerance, abs_tol=1e-12)
    ]
