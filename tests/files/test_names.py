"""One name in several spellings is found, and names that differ are let be."""

import unicodedata
from pathlib import Path

import pytest

from sim.files.names import Names, folded, misspelt

ALIKE = [
    ("Zoë Weiß", "zoë weiss"),
    ("Zoë Weiß", " Zoë\u00a0 Weiß "),
    ("Zoë Weiß", unicodedata.normalize("NFD", "Zoë Weiß")),
    ("Kestrel 12", "Ｋｅｓｔｒｅｌ　１２"),
    ("Kestrel", "Kes\u200btrel"),
    ("Kestrel", "KESTREL"),
    ("Office Supplies", "O\ufb03ce Supplies"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_name_fold_to_the_same(one, other):
    assert one != other
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kestrel", "Kestrel 2"),
        ("Kestrel Inc", "Kestrel Inc."),
        ("Zoe", "Zoë"),
        ("0015g00000AbCdE", "0015g00000AbCde"),  # record ids tell upper from lower case
    ],
)
def test_different_names_stay_different(one, other):
    assert folded(one) != folded(other)


def test_every_further_spelling_is_one_sentence_with_its_rows():
    one = Names(Path("a.csv"), (2, 5), "csm", ("Zoë", "Kim"))
    composed, apart = "Zoë", unicodedata.normalize("NFD", "Zoë")
    two = Names(Path("b.csv"), (3, 4, 6, 7), "csm", ("kim", composed, "kim", apart))
    assert [str(problem) for problem in misspelt([one, two])] == [
        (
            "b.csv, row 3, column csm must be spelled 'Kim' as in a.csv, row 5, received 'kim'. "
            "Two spellings of one name would count as two. So are rows 3, 6."
        ),
        (
            "b.csv, row 7, column csm must be spelled 'Zo\\xeb' as in a.csv, row 2, received 'Zoe\\u0308'. "
            "Two spellings of one name would count as two."
        ),
    ]
