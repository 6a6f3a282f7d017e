"""A result as one HTML page: no network, no file beside it, and nothing in it that a name could start."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from sim.shapes.fragile import ERROR_NOTE
from sim.shapes.report import Report
from sim.shapes.table import Table

if TYPE_CHECKING:
    from jinja2 import Environment

LONGEST_NAME: Final = 60
"""Longer names are cut beside a figure; tables show them up to ``LONGEST_CELL``."""
LONGEST_CELL: Final = 600
PANELS_SHOWN: Final = 12
"""More panels than these are folded away."""
LONGEST_TABLE: Final = 600
"""Longer tables are left to the files. [row]"""


def page(report: Report) -> str:
    """The report as one document."""
    assets = {name: _asset(name) for name in ("style.css", "script.js")}
    digest = b64encode(sha256(assets["script.js"].encode()).digest()).decode()
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            title=cut(report.title, 200),
            error_note=ERROR_NOTE,
            style=assets["style.css"],
            script=assets["script.js"],
            policy=f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'",
            panels_shown=PANELS_SHOWN,
            longest_table=LONGEST_TABLE,
        )
    )


def cut(name: str, longest: int = LONGEST_NAME) -> str:
    """A name of readable length."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def cells(table: Table) -> list[list[tuple[str, Any, str]]]:
    """Each cell's text, plain value and kind."""
    kinds = [column.kind for column in table.columns]
    return [
        [(cut(text, LONGEST_CELL), value, kind) for text, value, kind in zip(shown, row, kinds, strict=True)]
        for shown, row in zip(table.shown(), table.rows, strict=True)
    ]


def points(places: tuple[tuple[float, float], ...]) -> str:
    """Places as the ``points`` of an SVG line."""
    return " ".join(f"{x:g},{y:g}" for x, y in places)


def _asset(name: str) -> str:
    return (files("sim.report.page") / name).read_text(encoding="utf-8")


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sim.report.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"cut": cut, "cells": cells, "points": points}
    return environment
