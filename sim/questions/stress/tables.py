"""The tables of a stress suite, from the content of ``stress.json``: for files, pages and sheets."""

from collections.abc import Iterator
from typing import Any, Final

from sim.questions.cost.rows import ALLOWED, budget_is_judged, stress_rows
from sim.questions.grounds.comparable import unmodelled_lines
from sim.shapes.amounts import share
from sim.shapes.fragile import NO_MEAN, SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.shapes.tail import stress_tail_lines
from sim.shapes.words import counted

Document = dict[str, Any]
Row = dict[str, Value]

MARKS: Final = {"pass": "✓", "fail": "✗", "undecided": "?"}
STRESS: Final = Column("stress", "Stress")
INPUT: Final = Column("input", "Input")


def stress_tables(document: Document) -> list[Table]:
    """Every table that the suite has something to say in, in reading order."""
    found = (
        outcomes(document),
        limits(document),
        bars(document),
        breaks(document),
        cases(document),
        moves(document),
    )
    return [each for each in found if each is not None]


def outcomes(document: Document) -> Table | None:
    """What each stress does to the cost of each plan."""
    columns = (
        STRESS,
        PLAN,
        Column("verdict", "Limits"),
        Column("mean", "Mean cost", "usd", none=NO_MEAN),
        Column("se", SIM_ERROR, "error", note=SE_NOTE),
        Column("p50", "Median", "usd"),
        Column("p90", "P90", "usd"),
        Column("statistic", "Change by"),
        Column(
            "change",
            "Change",
            "usd",
            signed=True,
            sets_unit=False,
            note="Change: against the same plan in the scenario as it is, world by world.",
        ),
        Column("change_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("change_share", "in %", "share", signed=True),
        Column("pay_change_share", "Variable pay", "share", signed=True, note="Variable pay: its change."),
        Column("prob_over_budget", "Over budget", "share"),
        Column("per_usd_kept", "per $ kept", "cent", note="Kept: ARR that came due and was renewed."),
        Column(
            "exposure_share", "Gained by dates", "share", note="Gained by dates: of variable pay, at least."
        ),
        Column("exposure_share_upper", "At most", "share", note="At most: no choice of dates gains more."),
        Column("worlds", "Worlds", "count"),
        Column("not_measured", "Not measured"),
    )
    said = {(row.stress, row.plan): row.verdict for row in stress_rows(document)}
    rows = (
        _scalars({"stress": name, "plan": plan} | entry | {"verdict": said[name, plan]})
        for name, plan, entry in _entries(document)
    )
    note = " ".join([*stress_tail_lines(document), *unmodelled_lines(document)])
    return table("stresses", "What each stress does to the cost of each plan", columns, rows, note)


def limits(document: Document) -> Table | None:
    """Every limit of every plan under every stress."""
    columns = (
        STRESS,
        PLAN,
        Column("limit", "Limit"),
        Column("verdict", "Verdict"),
        Column("value", "Value", "share"),
        Column("low", "Simulation error: from", "share"),
        Column("high", "to", "share"),
        Column(
            "upper",
            "At most",
            "share",
            note="At most: the upper end of what dates can gain; value is the lower one.",
        ),
        Column("most", "Allowed", "share"),
    )
    rows = (
        {"stress": name, "plan": plan, "limit": limit} | judged
        for name, plan, entry in _entries(document)
        for limit, judged in entry.get("limits", {}).items()
    )
    note = (
        "From, to: the range that simulation error leaves, at 95 %; more worlds narrow it. Undecided: the limit lies within "
        "it, or there are too few worlds for one. Each stands alone."
    )
    return table("limits", "Every limit, plan by plan and stress by stress", columns, rows, note)


def cases(document: Document) -> Table | None:
    """What happens in each stress, and on what grounds."""
    columns = (STRESS, Column("title", "What happens"), Column("source", "Source or reason"))
    rows = (
        {"stress": name, "title": each["title"], "source": each["source"]}
        for name, each in document["stresses"].items()
        if "source" in each
    )
    return table("cases", "What happens in each stress, and on what grounds", columns, rows)


def moves(document: Document) -> Table | None:
    """What each stress moves, and on what grounds."""
    columns = (
        STRESS,
        Column("title", "What happens"),
        INPUT,
        Column("from", "From", "ratio"),
        Column("to", "To", "ratio"),
        Column("note", "Note"),
        Column("source", "Source or reason"),
    )
    rows = (
        row for name, each in document["stresses"].items() if "source" in each for row in _moved(name, each)
    )
    return table("moves", "What each stress moves", columns, rows)


def _moved(name: str, stress: Document) -> Iterator[Row]:
    about: Row = {"stress": name, "title": stress["title"], "source": stress["source"]}
    found: list[Document] = stress["moves"] or [{}]
    for move in found:
        yield about | move | {"note": _note(stress, move)}


def _note(stress: Document, move: Document) -> str | None:
    """What else is to be said of a move."""
    if "not_measured" in stress:
        return str(stress["not_measured"])
    if move.get("unused"):
        return "The book is read from a file: nothing reads this."
    if move.get("held"):
        return "Held by a bound."
    if not move and "leave_in_each_world" in stress:
        asked = stress["leave_in_each_world"]
        of = "the company" if asked["of"] == "company" else "every book"
        return f"{counted(asked['largest'], 'account')} of {of}, in each world the largest of its own books"
    if not move and "leave" in stress:
        return f"{len(stress['leave'])} accounts leave: {', '.join(stress['leave'][:5])}"
    return None


def bars(document: Document) -> Table | None:
    """The tornado: each input at both ends of its range, plan by plan."""
    if "tornado" not in document:
        return None
    columns = (
        INPUT,
        PLAN,
        Column("range", "Moved by"),
        Column("low", "Low end", "usd", signed=True),
        Column("low_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("high", "High end", "usd", signed=True),
        Column("high_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("source", "Range from"),
    )
    rows = (
        {"input": path, "plan": name, "range": range_of(bar), "source": bar["source"]} | _scalars(entry)
        for path, bar in document["tornado"]["inputs"].items()
        for name, entry in bar["plans"].items()
    )
    return table("tornado", "Mean company cost when one input moves", columns, rows)


def breaks(document: Document) -> Table | None:
    """The smallest move of one input, and of two, that breaks."""
    if "reverse" not in document:
        return None
    columns = (
        PLAN,
        Column("status", "Status"),
        Column("moved", "Moved"),
        INPUT,
        Column("steps", "Steps", "ratio"),
        Column("steps_se", SIM_ERROR, "ratio", note=f"{SIM_ERROR}: of the distance of all inputs together."),
        Column("move", "Move"),
    )
    rows = (row for name, entry in document["reverse"]["plans"].items() for row in _broken(name, entry))
    note = "Steps: of the input's own range; one step is one end of it." if _has_steps(document) else ""
    return table("reverse", f"The smallest move that breaks the {broken(document)}", columns, rows, note)


def _has_steps(document: Document) -> bool:
    return any(moved in entry for entry in document["reverse"]["plans"].values() for moved in ("one", "two"))


def _broken(name: str, entry: Document) -> Iterator[Row]:
    plain: Row = {"plan": name, "status": entry["status"]}
    found = [(moved, entry[moved]) for moved in ("one", "two") if moved in entry]
    if not found:
        yield plain
    for moved, root in found:
        for each in root["inputs"]:
            yield (
                plain
                | {"moved": moved, "move": move_of(each), "steps_se": root.get("steps_se")}
                | _scalars(each)
            )


def range_of(bar: Document) -> str:
    """The ends of a range in words."""
    for name, word in (("times", "x"), ("odds", "odds x"), ("add", "+")):
        if name in bar:
            low, high = bar[name]
            return f"{word} {low:.3g} to {high:.3g}"
    return ""


def move_of(each: Document) -> str:
    """A move in words."""
    for name, word in (("times", "x"), ("odds", "odds x"), ("add", "+")):
        if name in each:
            return f"{word} {each[name]:.3g}"
    return ""


def broken(document: Document) -> str:
    """What is broken, in words."""
    what = document["reverse"]["breaks"]
    return "budget (by mean cost)" if what == "budget" else f"limit {what}"


def _entries(document: Document) -> Iterator[tuple[str, str, Document]]:
    for name, stress in document["stresses"].items():
        for plan, entry in stress.get("plans", {}).items():
            yield name, plan, entry


def _scalars(entry: Document) -> Row:
    return {key: value for key, value in entry.items() if isinstance(value, str | int | float)}


def short(path: str) -> str:
    """A path without what all inputs of segments begin with."""
    return path.removeprefix("segment.*.")


def marks_mean(document: Document) -> str:
    """What the marks of the heat table say; nothing where there are none."""
    what = ["every limit"] if document["limits"] else []
    what += (
        [f"the budget (exceeded in at most {share(ALLOWED)} of worlds)"] if budget_is_judged(document) else []
    )
    if not what:
        return ""
    return f"✓ keeps {' and '.join(what)}, ✗ does not, ? undecided by these worlds (95 %). "
