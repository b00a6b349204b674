import pytest

from comparison import disagreements, numbers


@pytest.mark.parametrize(
    "text, expected",
    [
        ("loss 0.25, accuracy 96.1 %", [0.25, 96.1]),
        ("[1, -2.5e-3, +4]", [1, -0.0025, 4]),
        ("S5 and float32 are names", []),
        ("in 3 s.", [3]),
    ],
)
def test_numbers(text, expected):
    assert numbers(text) == expected


def test_within_tolerance():
    assert disagreements("gap 1.0000", "gap 1.0009", 1e-3) == []


def test_beyond_tolerance():
    assert disagreements("gap 1.000, 2", "gap 1.002, 2", 1e-3) == ["1.0 became 1.002"]


def test_other_words():
    assert disagreements("holds: true", "holds: false", 1e-3)


def test_other_count():
    assert disagreements("1 2", "1 2 3", 1e-3)
