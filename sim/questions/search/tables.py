"""The tables of a search: for terminals, files, pages and sheets."""

from collections.abc import Iterator
from typing import Final

from sim.questions.search.setting import Value as Setting
from sim.questions.search.summary import Finalist, OnBound, OnFresh, SearchSuite
from sim.questions.search.words import clause, clauses, kind_of, kind_of_clause, name_of
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Kind, Table, Value, table

Row = dict[str, Value]

ON_FRESH: Final = "fresh"
AS_IT_IS: Final = "as it is"
PER: Final = 100_000.0
"""What is bought is told for so much. [usd]"""


def finalists(suite: SearchSuite) -> Table | None:
    """Every finalist on fresh worlds, the plan as it is first."""
    units = {each.path: each.unit for each in suite.objectives}
    columns = [PLAN, Column("is", "", names=False)]
    for path, unit in units.items():
        kind = kind_of(unit)
        columns += [
            Column(path, name_of(path), kind),
            Column(f"{path}_se", SIM_ERROR, _error(kind), note=SE_NOTE),
            Column(f"{path}_gain", f"{name_of(path)}: better by", kind, signed=True, sets_unit=False),
            Column(f"{path}_gain_se", SIM_ERROR, _error(kind), note=SE_NOTE, sets_unit=False),
        ]
    rows = [_row(suite.plan, AS_IT_IS, suite.today)]
    rows += [_row(name, standing(each), each.objectives) for name, each in suite.finalists.items()]
    note = (
        f"On {suite.fresh_worlds:,} fresh worlds. Better by: than {suite.plan} as it is, in the same worlds."
    )
    brief = [column.key for column in columns if not column.key.endswith("_se")]
    return table(
        "search_finalists",
        "Finalists on fresh worlds",
        columns,
        rows,
        note,
        brief=brief,
        short="Finalists on fresh worlds [{unit}]",
    )


def _row(plan: str, what: str, objectives: dict[str, OnFresh]) -> Row:
    row: Row = {"plan": plan, "is": what}
    for path, each in objectives.items():
        row |= {path: each.value, f"{path}_se": each.se}
        if what != AS_IT_IS:
            row |= {f"{path}_gain": each.gain, f"{path}_gain_se": each.gain_se}
    return row


def standing(each: Finalist) -> str:
    """What became of a finalist on fresh worlds."""
    if each.beaten_by is not None:
        return f"beaten by {each.beaten_by}"
    if broken := [name for name, bound in each.bounds.items() if bound.verdict == "broken"]:
        return f"breaks {', '.join(broken)}"
    if each.dropped:
        return "not measured"
    knee = ["knee"] if each.knee else []
    like = [f"like {each.like}"] if each.like else []
    return ", ".join([*knee, *like])


def _error(kind: Kind) -> Kind:
    return "error" if kind == "usd" else kind


def settings(suite: SearchSuite) -> Table | None:
    """The value of every clause that moves, the plan as it is first."""
    names = clauses(suite)
    values = {
        path: [suite.vary[path].today, *(each.values[path] for each in suite.finalists.values())]
        for path in suite.vary
    }
    columns = [
        PLAN,
        *(Column(path, names[path], kind_of_clause(values[path]), none="none") for path in values),
    ]
    rows: list[Row] = [
        {"plan": suite.plan, **{path: _plain(moving.today) for path, moving in suite.vary.items()}}
    ]
    rows += [
        {"plan": name, **{path: _plain(value) for path, value in each.values.items()}}
        for name, each in suite.finalists.items()
    ]
    return table(
        "search_clauses",
        "What each finalist changes",
        columns,
        rows,
        f"First {suite.plan} as it is.",
        brief=[column.key for column in columns],
    )


def moves(suite: SearchSuite) -> Table | None:
    """A row for each clause that a finalist moves: from, to, and by how much."""
    columns = (
        PLAN,
        Column("clause", "Clause"),
        Column("from", "From"),
        Column("to", "To"),
        Column("change", "Change", "ratio", signed=True),
    )
    return table("search_moves", "What moved, and by how much", columns, _moves(suite))


def _moves(suite: SearchSuite) -> Iterator[Row]:
    for name, each in suite.finalists.items():
        for path, value in each.values.items():
            before = suite.vary[path].today
            if value == before:
                continue
            row: Row = {"plan": name, "clause": path, "from": clause(before), "to": clause(value)}
            if _is_number(value) and _is_number(before):
                row["change"] = float(str(value)) - float(str(before))
            yield row


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: Setting | None) -> Value:
    return clause(value) if isinstance(value, bool) else value


def buys(suite: SearchSuite) -> Table | None:
    """What each dollar of cost buys, from the cheapest plan to the dearest."""
    units = {each.path: each.unit for each in suite.objectives if each.path != suite.cost}
    columns = [
        PLAN,
        Column("over", "Over"),
        Column("added", "Costs more", "usd", signed=True),
        Column("added_se", SIM_ERROR, "error", note=SE_NOTE),
    ]
    for path, unit in units.items():
        kind = kind_of(unit)
        columns += [
            Column(path, f"{name_of(path)}: better by", kind, signed=True, sets_unit=False),
            Column(f"{path}_se", SIM_ERROR, _error(kind), note=SE_NOTE, sets_unit=False),
            Column(f"{path}_per", f"{name_of(path)}: for $100K", kind, signed=True, sets_unit=False),
        ]
    rows = []
    for each in suite.buys:
        row: Row = {"plan": each.plan, "over": each.over, "added": each.added, "added_se": each.added_se}
        for path in units:
            row |= {path: each.buys[path], f"{path}_se": each.buys_se[path]}
            if each.added > 0.0:
                row[f"{path}_per"] = each.buys[path] * PER / each.added
        rows.append(row)
    note = (
        "Each plan over the next cheaper one, in the same fresh worlds; those that were dropped are left out."
    )
    brief = [column.key for column in columns if not column.key.endswith("_se")]
    short = "What each dollar of cost buys [{unit}]"
    return table(
        "search_buys", "What each dollar of cost buys", columns, rows, note, brief=brief, short=short
    )


def luck(suite: SearchSuite) -> Table | None:
    """What was better on the worlds of the search, and what of it is left on fresh ones."""
    columns = [PLAN]
    for each in suite.objectives:
        kind, title = kind_of(each.unit), name_of(each.path)
        columns += [
            Column(f"{each.path}_kept", "Search", kind, signed=True, group=title),
            Column(each.path, "Fresh", kind, signed=True, group=title),
            Column(f"{each.path}_se", SIM_ERROR, _error(kind), group=title, note=SE_NOTE),
        ]
    rows: list[Row] = []
    for name, plan in suite.finalists.items():
        row: Row = {"plan": name}
        for path, found in plan.objectives.items():
            row |= {f"{path}_kept": found.gain_kept, path: found.gain, f"{path}_se": found.gain_se}
        rows.append(row)
    note = (
        f"Better than {suite.plan} as it is, on the {suite.worlds:,} worlds of the search and on fresh ones."
    )
    return table("search_luck", "What is left of each gain on fresh worlds", columns, rows, note)


def bounds(suite: SearchSuite) -> Table | None:
    """What must be kept, on fresh worlds."""
    columns = [PLAN]
    for each in suite.bounds:
        kind = kind_of(each.unit)
        columns += [
            Column(each.asked, name_of(each.path), kind, group=each.asked),
            Column(f"{each.asked}_se", SIM_ERROR, _error(kind), group=each.asked, note=SE_NOTE),
            Column(f"{each.asked}_is", "", group=each.asked),
        ]
    rows = [_of_bounds(suite.plan, suite.today_bounds)]
    rows += [_of_bounds(name, each.bounds) for name, each in suite.finalists.items()]
    return (
        table("search_bounds", "What must be kept, on fresh worlds", columns, rows) if suite.bounds else None
    )


def _of_bounds(plan: str, found: dict[str, OnBound]) -> Row:
    row: Row = {"plan": plan}
    for asked, each in found.items():
        row |= {asked: each.value, f"{asked}_se": each.se, f"{asked}_is": each.verdict}
    return row


def dear(suite: SearchSuite) -> Table | None:
    """Measures of finalists that take a pass of their own."""
    paths = dict.fromkeys(path for each in suite.finalists.values() for path in each.dear)
    if not paths:
        return None
    from sim.questions.search.measure import measure_of

    columns = [PLAN]
    for path in paths:
        kind = kind_of(measure_of(path).unit)
        columns += [
            Column(path, name_of(path), kind),
            Column(f"{path}_se", SIM_ERROR, _error(kind), note=SE_NOTE),
        ]
    columns.append(Column("why", "Not measured", names=False))
    rows: list[Row] = [
        {
            "plan": name,
            **each.dear,
            **{f"{path}_se": error for path, error in each.dear_se.items() if error},
            "why": each.not_measured.get("why"),
        }
        for name, each in suite.finalists.items()
    ]
    note = "Measured for finalists, on the study's first worlds: dates, responses, and limits broken under all stresses."
    brief = [column.key for column in columns if not column.key.endswith("_se")]
    return table(
        "search_measured", "Finalists under dates, responses and stresses", columns, rows, note, brief=brief
    )


def front(suite: SearchSuite) -> Table | None:
    """The front on the worlds of the search."""
    names, paths = clauses(suite), list(suite.vary)
    columns = [
        Column(path, names[path], kind_of_clause([each.values[place] for each in suite.front]))
        for place, path in enumerate(paths)
    ]
    columns += [Column(each.path, name_of(each.path), kind_of(each.unit)) for each in suite.objectives]
    rows = (
        dict(zip(paths, map(_plain, each.values), strict=True))
        | dict(zip((one.path for one in suite.objectives), each.objectives, strict=True))
        for each in suite.front
    )
    note = f"On the {suite.worlds:,} worlds of the search; of a long front those that stand for it."
    return table("search_front", "Plans that none beats", columns, rows, note)
