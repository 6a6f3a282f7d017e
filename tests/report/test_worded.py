"""A table told in words: texts fold, numbers are never cut, and what is shown is what the table holds."""

import io

import pytest
from rich.console import Console

from sim.report.terminal.fitted import Fitted
from sim.report.terminal.printed import printed
from sim.report.terminal.worded import Worded
from sim.shapes.table import Column, table

COLUMNS = (
    Column("input", "Input"),
    Column("before", "A", none="—"),
    Column("after", "B", none="—"),
    Column("cost", "Cost", "usd"),
)
ROWS = (
    {"input": "scenario: [red]team[/red]", "before": "one two three " * 6, "cost": 1234567.0},
    {"input": "study: budget", "before": "1", "after": "2", "cost": 7654321.0},
)


def text_of(shown, width):
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(shown)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100])
def test_words_fold_and_numbers_are_whole(width):
    found = table(
        "x", "Title", COLUMNS, ROWS, brief=("input", "before", "after", "cost"), short="Short [{unit}]"
    )
    shown = printed(found)
    assert isinstance(shown, Worded)
    said = text_of(shown, width)
    assert said.startswith("Short [$K]")
    assert max(map(len, said.splitlines())) <= width
    assert "1,235" in said
    assert "7,654" in said
    assert "[red]team[/red]" in said.replace("\n", "")
    assert said.count("three") == 6
    assert "—" in said


def test_numbers_and_dates_are_whole_on_any_screen():
    rows = ({"input": "late 28 d: not credited in the horizon", "before": "2026-01-31", "cost": 1541938.0},)
    found = table("x", "Title", COLUMNS, rows, brief=("input", "before", "after", "cost"))
    said = text_of(Worded(found), 20)
    assert "2026-01-31" in said
    assert "1,542" in said


def test_names_and_numbers_stay_a_table_of_numbers():
    found = table("x", "Title", COLUMNS, ROWS, brief=("input", "before", "cost"))
    assert isinstance(printed(found), Fitted)
