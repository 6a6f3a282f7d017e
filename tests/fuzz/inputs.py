"""The kinds of file that are mutated, the commands that read each, and an input of a kind by its number."""

import contextlib
import functools
import io
import json
import random
import tomllib
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from sim.cli import command
from sim.engine.study import MOST_WORLDS
from tests.fuzz.mutations import bytes_of, document_of, table_of, toml_text
from tests.fuzz.valid import (
    BOOK_SCENARIO,
    CALENDAR,
    DRAWS,
    DRAWS_LINE,
    HISTORY,
    LIBRARY,
    MAP,
    OTHER,
    PAST,
    PLAIN_STUDY,
    ROLES,
    SCENARIO,
    SEARCHED,
    STRESS,
    STUDY,
    TABLES,
)  # fmt: skip

FEW_WORLDS = 64
"""A valid number of worlds above this is a long job and no hang: the input asks for so many instead."""
FEW = {"evaluations": 16, "fresh_worlds": 512}
"""Likewise of plans that a search tries, and of its fresh worlds."""

SMALL = ("--threads", "1", "--out", "out", "--worlds", "4", "--json")
RUN = ("run", "study.toml", *SMALL)
FILES = ("--book", "opening.csv", "--expansions", "expansions.csv", "--kpis", "kpis.csv")
SETTLED = ("--plan", "plan.toml", "--start", "2026-01-01", "--periods", "2", "--json")
REPLAY = ("replay", "deals.csv", *SETTLED)
FOLDER = ("replay", "past", *SETTLED)
REFORECAST = ("reforecast", "study.toml", "--history", "history", "--as-of", "2026-04-01", *SMALL)
BACKTEST = (
    "backtest", "history", "--plan", "plan.toml", "--cut", "2026-04-01", "--periods", "1", "--scenario", "scenario.toml",
    *SMALL,
)  # fmt: skip
INTAKE = ("intake", "export.csv", "--map", "map.toml", "--out", "out", "--json")
OVER = ("report", "--only", "csv", "--only", "html", "--out", "out")
STRESSED = ("stress", "study.toml", *SMALL, "--no-tornado", "--only", "mine")
SEARCH = ("search", "study.toml", "--threads", "1", "--out", "out", "--worlds", str(FEW_WORLDS), "--json")
SWEPT = ("sweep", "study.toml", "--plan", "plain", "--vary", "pay.target_bonus=1000,2000", *SMALL)


class Kind(NamedTuple):
    """A kind of file.

    place    : of the file.
    commands : that read it.
    valid    : what is mutated, one of them; of a result the document that a command wrote.
    lay      : what lies beside it, where that is not as usual.
    """

    place: str
    commands: tuple[tuple[str, ...], ...]
    valid: tuple[str, ...] = ()
    lay: dict[str, str] = {}


LISTED = {"scenario.toml": BOOK_SCENARIO}
KINDS = {
    "plan": Kind("plan.toml", (("lint", "plan.toml", "--json"), (*REPLAY, *FILES), RUN), tuple(LIBRARY)),
    "roles": Kind(
        "roles.toml", (RUN,), (ROLES,),
        {"study.toml": PLAIN_STUDY.replace('["plan.toml", ', '["roles.toml", ')},
    ),
    "scenario": Kind("scenario.toml", (RUN,), (SCENARIO, BOOK_SCENARIO)),
    "study": Kind("study.toml", (RUN,), (PLAIN_STUDY, STUDY)),
    "search": Kind("study.toml", (SEARCH,), (SEARCHED,)),
    "stress": Kind(
        "mine.toml", (STRESSED,), (STRESS,), {"study.toml": PLAIN_STUDY + "stress = { files = ['mine.toml'] }\n"}
    ),
    "calendar": Kind("past/calendar.toml", (FOLDER,), (CALENDAR,)),
    "map": Kind("map.toml", (INTAKE,), (MAP,)),
    "export.csv": Kind("export.csv", (INTAKE, (*INTAKE[:2], *INTAKE[4:]))),
    "book.csv": Kind("book.csv", (RUN,), (), LISTED),
    "deals.csv": Kind("deals.csv", (REPLAY, (*REPLAY, *FILES))),
    "opening.csv": Kind("opening.csv", ((*REPLAY, *FILES),)),
    "expansions.csv": Kind("expansions.csv", ((*REPLAY, *FILES),)),
    "kpis.csv": Kind("kpis.csv", ((*REPLAY, *FILES),)),
    "history/deals.csv": Kind("history/deals.csv", (REFORECAST, BACKTEST), (), LISTED),
    "history/events.csv": Kind("history/events.csv", (REFORECAST,), (), LISTED),
    "past/deals.csv": Kind("past/deals.csv", (FOLDER,)),
    "past/events.csv": Kind("past/events.csv", (FOLDER,)),
    "people.csv": Kind("past/people.csv", (FOLDER,)),
    "transfers.csv": Kind("past/transfers.csv", (FOLDER,)),
    "posterior.parquet": Kind("posterior.parquet", (RUN,), (), {"scenario.toml": SCENARIO + DRAWS_LINE}),
    "summary.json": Kind(
        "result/summary.json", ((*OVER, "result", "--only", "xlsx"), ("compare", "result", "result", "--json"))
    ),
    "stress.json": Kind("stressed/stress.json", ((*OVER, "stressed"),)),
    "search.json": Kind("searched/search.json", ((*OVER, "searched"),)),
    "sweep.json": Kind("swept/sweep.json", ((*OVER, "swept"),)),
    "reforecast.json": Kind("forecast/reforecast.json", ((*OVER, "forecast"),)),
    "backtest.json": Kind("tested/backtest.json", ((*OVER, "tested"),)),
}  # fmt: skip
BESIDE = {
    "plan.toml": OTHER.replace('"other"', '"plain"'),
    "other.toml": OTHER,
    "scenario.toml": SCENARIO,
    "study.toml": PLAIN_STUDY,
    "map.toml": MAP,
    **TABLES,
    **{f"history/{name}": text for name, text in HISTORY.items()},
    **{f"past/{name}": text for name, text in PAST.items()},
}
"""What lies there for every input."""
MADE = (
    (RUN, "result", {}),
    (
        ("stress", "study.toml", *SMALL, "--no-tornado"),
        "stressed",
        KINDS["stress"].lay | {"mine.toml": STRESS},
    ),
    (SEARCH, "searched", {"study.toml": SEARCHED}),
    (SWEPT, "swept", {}),
    (REFORECAST, "forecast", LISTED),
    (BACKTEST, "tested", LISTED),
)
"""Results that are mutated: command, folder and what lies beside."""


def lay_out(folder):
    """Lay down the valid files and a result of each command that writes one; the documents of these results by their
    kind, as JSON.
    """
    for name in ("history", "past"):
        (folder / name).mkdir()
    for name, text in BESIDE.items():
        (folder / name).write_text(text, encoding="utf-8")
    pq.write_table(pa.table(DRAWS), folder / "posterior.parquet")
    for arguments, name, beside in MADE:
        texts = BESIDE | beside
        for each in beside:
            (folder / each).write_text(texts[each], encoding="utf-8")
        made = [name if each == "out" else each for each in arguments]
        made = [
            each if before != "--worlds" else str(FEW_WORLDS)
            for before, each in zip(["", *made], made, strict=False)
        ]
        with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()):
            assert command(made) == 0, made
        for each in beside:
            (folder / each).write_text(BESIDE.get(each, ""), encoding="utf-8")
        (folder / name / "manifest.json").unlink()
    return {
        name: (folder / kind.place).read_text(encoding="utf-8")
        for name, kind in KINDS.items()
        if name.endswith(".json")
    }


def few_worlds(node, key=""):
    """A document in which every valid number of worlds is small; one that is refused for its size stays."""
    if isinstance(node, dict):
        return {name: few_worlds(each, name) for name, each in node.items()}
    if isinstance(node, list):
        return [few_worlds(each) for each in node]
    few = FEW.get(key, FEW_WORLDS if key.endswith("worlds") else None)
    counts = few is not None and isinstance(node, int | float) and not isinstance(node, bool)
    return type(node)(few) if counts and few < node <= MOST_WORLDS else node


document_in = functools.cache(tomllib.loads)
"""A valid file is read once; what changes a document takes a copy."""


def write_input(kind, number, folder, documents):
    """Input ``number`` of a kind, in the place of the valid file."""
    choices = random.Random(f"{kind} {number}")
    place, _, valid, lay = KINDS[kind]
    lay = BESIDE | lay
    if kind in ("plan", "scenario") and number % 8 == 0:
        lay["study.toml"] = STUDY
    for each, text in lay.items():
        (folder / each).write_text(text, encoding="utf-8")
    if place.endswith(".parquet"):
        content = parquet_of(document_of(DRAWS, choices))
    else:
        content = text_of(kind, place, valid, documents, choices).encode("utf-8", "surrogatepass")
    (folder / place).write_bytes(bytes_of(content, choices) if choices.random() < 0.1 else content)


def text_of(kind, place, valid, documents, choices):
    if place.endswith(".csv"):
        return table_of(BESIDE[place], choices)
    if place.endswith(".json"):
        return json.dumps(document_of(json_in(documents[kind]), choices), default=str)
    return toml_text(few_worlds(document_of(document_in(choices.choice(valid)), choices)))


json_in = functools.cache(json.loads)


def parquet_of(columns):
    """A Parquet file of columns; where these are none that go together, of those that do, as text."""
    try:
        table = pa.table(columns)
    except (pa.ArrowException, TypeError, ValueError, AttributeError, OverflowError):
        table = pa.table({str(name): [str(values)] for name, values in columns.items()})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()
