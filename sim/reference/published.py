"""The schemas as files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sim.reference.documents import DOCUMENTS
from sim.reference.schema import schema


def _summary() -> dict[str, Any]:
    from sim.questions.registry import summary_schema

    return summary_schema()


def _search() -> dict[str, Any]:
    from sim.questions.search.summary import search_schema

    return search_schema()


def _reforecast() -> dict[str, Any]:
    from sim.questions.reforecast.summary import reforecast_schema

    return reforecast_schema()


def _backtest() -> dict[str, Any]:
    from sim.questions.backtest.summary import backtest_schema

    return backtest_schema()


def _stress() -> dict[str, Any]:
    from sim.questions.stress.summary import stress_schema

    return stress_schema()


def _sweep() -> dict[str, Any]:
    from sim.questions.sweep.summary import sweep_schema

    return sweep_schema()


WRITTEN: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "summary": _summary,
    "search": _search,
    "sweep": _sweep,
    "reforecast": _reforecast,
    "backtest": _backtest,
    "stress_suite": _stress,
}
"""What a run, a search, a sweep or a solution, a forecast in mid-year, a backtest and a stress suite
(``stress`` is a file that people write) write.
"""


def text_of(kind: str) -> str:
    """The text of the schema of a kind of file, or of a file that a command writes, such as ``summary.json``.

    Raises: InputError when there is no such kind.
    """
    return json.dumps(_schema(kind), indent=2, ensure_ascii=False) + "\n"


def file_of(kind: str) -> str:
    """The name of a schema's file."""
    return f"{kind}.schema.json"


def write_all(folder: Path) -> None:
    """Write the schema of every kind into a folder."""
    folder.mkdir(exist_ok=True)
    for kind in (*DOCUMENTS, *WRITTEN):
        (folder / file_of(kind)).write_text(text_of(kind), encoding="utf-8")


def _schema(kind: str) -> dict[str, Any]:
    return WRITTEN[kind]() if kind in WRITTEN else schema(kind)
