"""Tables of who gains and who loses: in all, by name, by kind of book, and how changes add up to cost."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from sim.engine.changes import CUT, FELT
from sim.questions.payees.summary import OfGroup, OfThird, Payee, Payees, PayeesOfPlan, PayeesOfStudy
from sim.shapes.amounts import amount, share
from sim.shapes.chart import FootedRow, Foots
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, plain, table
from sim.summary.summary import Summary

LOSE: Final = f"Loses > {100 * FELT:.0f} %"
FIRST: Final = 3
"""Losers and winners that are named first."""
MOST_SHOWN: Final = 30
"""Rows of them that a terminal has room for."""
SPREAD: Final = (
    Column("p10", "P10", "usd", signed=True),
    Column("p90", "P90", "usd", signed=True),
    Column("lose", LOSE, "share"),
)
MEDIAN: Final = Column("p50", "Median change", "usd", signed=True)
GROUP: Final = (
    Column("csms", "CSMs", "count"),
    Column("change", "Change of pay", "usd", signed=True, mean=True),
    MEDIAN,
    *SPREAD,
)


class Told(NamedTuple):
    """Plans held against a baseline.

    worlds  : that spreads are over; 1 of real deals, which are certain.
    fragile : plans whose means are marked.
    most_lose : the plan under which most lose, and those that the worlds do not tell apart from it; nothing where that was
                not looked at.
    """

    baseline: str
    plans: Mapping[str, Payees]
    worlds: int
    fragile: frozenset[str] = frozenset()
    most_lose: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether there is no chance in it."""
        return self.worlds == 1


def told(summary: Summary) -> Told:
    """Every plan of a summary that is held against the baseline."""
    plans = summary.where(PayeesOfPlan, lambda part: part.payees)
    worlds = max((entry.worlds for entry in plans.values()), default=0)
    return Told(
        summary.study.baseline, plans, worlds, summary.fragile, summary.of(PayeesOfStudy).most_lose or ()
    )


def winners(told: Told) -> Table | None:
    """A row a plan."""
    baseline = told.baseline
    on_cost = "" if told.certain else "; with on-cost"
    whole = f"what is paid on top so that no CSM is paid less over them than under the baseline{on_cost}."
    columns = (
        PLAN,
        Column("lose", LOSE, "share"),
        Column("lose_se", SIM_ERROR, "share", note=SE_NOTE),
        Column("share_losing_10pct", f"> {100 * CUT:.0f} %", "share"),
        Column("share_losing_10pct_se", SIM_ERROR, "share", note=SE_NOTE),
        Column("gain", f"Gains > {100 * FELT:.0f} %", "share"),
        Column(
            "make_whole_2q", "Whole, 2 quarters", "usd", mean=True, note=f"Whole, 2 and 4 quarters: {whole}"
        ),
        Column("make_whole_2q_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("make_whole_4q", "4 quarters", "usd", mean=True),
        Column("make_whole_4q_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("cut", "Lost pay", note="Lost pay: beside [limits] payee_cut; 95 % interval."),
    )
    certain = dict.fromkeys(("lose_se", "share_losing_10pct_se") if told.certain else ())
    rows = [
        {**plain(entry), "plan": name, "cut": None if entry.cut is None else entry.cut.verdict, **certain}
        for name, entry in told.plans.items()
    ]
    return table(
        "winners",
        "Who gains and who loses by a plan",
        columns,
        rows,
        f"Of {_whom(told)}; of pay over the horizon, salary included.",
        brief=[column.key for column in columns if not column.key.endswith("_se")],
        short=f"Who gains and who loses against {baseline} [{{unit}}]",
    )


def _whom(told: Told) -> str:
    return (
        f"CSMs, against {told.baseline}"
        if told.certain
        else f"CSMs' worlds, against {told.baseline} in the same world"
    )


def first_ones(told: Told) -> Table | None:
    """The first losers and winners of every plan, and why."""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("csm", "CSM"),
        Column("change", "Change", "usd", signed=True, mean=True),
        Column("change_share", "of all pay", "share", signed=True, mean=True),
        *SPREAD,
        Column("why", "Clause that moves most", names=False),
    )
    rows = [
        {"plan": name, **plain(each), "change": each.centre, "why": _why(each)}
        for name, entry in told.plans.items()
        for each in _ends(entry.rows or ())
    ]
    by = "" if told.certain else "mean (without one, median) "
    note = f"The first three each way, by {by}change of pay, salary included; of that under {told.baseline}."
    title = "Who gains and who loses most"
    return table(
        "winners_first", title, columns, rows, note,
        brief=("plan", "role", "csm", "change", "change_share", "why"), short=f"{title} [{{unit}} over the horizon]",
        most=MOST_SHOWN,
    )  # fmt: skip


def _ends(rows: tuple[Payee, ...]) -> list[Payee]:
    """Who loses most first, then who gains most first."""
    losers = [row for row in rows if row.centre < 0.0][:FIRST]
    return losers + [row for row in reversed(rows) if row.centre > 0.0][:FIRST]


def _why(row: Payee) -> str | None:
    if row.why is None or row.why_change is None:
        return row.why
    return f"{row.why} {amount(row.why_change, sign=True)}"


def payees(told: Told) -> Table | None:
    """By name, where books are the same in all worlds."""
    columns = (
        PLAN,
        Column(
            "role",
            "Role",
            note="Role: of a role set; payees of one that comes or goes with it are paid all or nothing.",
        ),
        Column("csm", "CSM"),
        Column("segment", "Segment"),
        Column("arr", "ARR of book", "usd"),
        Column("largest", "Largest account", "share"),
        Column("baseline", f"Pay under {told.baseline}", "usd"),
        Column("pay", "Pay", "usd", mean=True),
        Column("change", "Change", "usd", signed=True, mean=True),
        Column("change_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("change_share", "of all pay", "share", signed=True, mean=True),
        MEDIAN,
        *SPREAD,
        Column("why", "Clause that moves most"),
        Column("why_change", "by", "usd", signed=True),
    )
    rows = [
        {"plan": name, **plain(payee)} | ({"p50": None} if payee.change is not None else {})
        for name, entry in told.plans.items()
        for payee in entry.rows or ()
    ]
    note = "Variable pay over the horizon; who loses most first."
    if not told.certain:
        note += f" P10, P90 of the change, world by world, and clauses: in the first {told.worlds:,} worlds."
    return table("payees", f"Every CSM under every plan, against {told.baseline}", columns, rows, note)


def roles(told: Told) -> Table | None:
    """By role, of role sets."""
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("payees", "Payees", "count"),
        Column("total", "All of them", "usd", signed=True, mean=True),
        Column("change", "Change of pay", "usd", signed=True, mean=True),
        MEDIAN,
        *SPREAD,
    )
    rows = [
        {"plan": name, **plain(each)} | ({"p50": None} if each.change is not None else {})
        for name, entry in told.plans.items()
        for each in entry.roles or ()
    ]
    note = (
        f"Pay over the horizon, salary included. A role that {told.baseline} has too, on the same books, is held against "
        "it; payees of any other come or go with it. Change, P10 and P90: of a payee."
    )
    title = "Who gains and who loses, by role"
    brief = ("plan", "role", "payees", "total", "change", "lose")
    return table("winners_by_role", title, columns, rows, note, brief=brief, short=f"{title} [{{unit}}]")


def segments(told: Told) -> Table | None:
    """By segment, where there are several."""
    columns = (PLAN, Column("segment", "Segment"), *GROUP)
    rows = [
        {"plan": name, "segment": each.segment, **_of_group(each)}
        for name, entry in told.plans.items()
        if len(entry.segments) > 1
        for each in entry.segments
    ]
    note = "Pay of a CSM over the horizon. P10, P90: of a CSM in a world."
    return table("winners_by_segment", "Who gains and who loses, by segment", columns, rows, note)


def thirds(told: Told) -> Table | None:
    """By size of the book, and by how much of it is its largest account."""
    columns = (PLAN, Column("books", "Books"), *GROUP)
    rows = [
        {"plan": name, "books": words(each), **_of_group(each)}
        for name, entry in told.plans.items()
        for kind, words in ((entry.sizes, _size), (entry.concentrations, _concentration))
        for each in kind or ()
    ]
    opens = "of the accounts in the file" if told.certain else "when the study opens"
    note = f"Books in thirds, by ARR {opens} and by the share of the largest account in it."
    return table(
        "winners_by_book",
        "Who gains and who loses, by size and concentration of the book",
        columns,
        rows,
        note,
    )


def _of_group(each: OfGroup) -> dict[str, Value]:
    return {**plain(each)} | ({"p50": None} if each.change is not None else {})


def _size(each: OfThird) -> str:
    if each.low is None:
        return f"ARR up to {amount(each.high or 0.0)}"
    return (
        f"ARR over {amount(each.low)}"
        if each.high is None
        else f"ARR {amount(each.low)} to {amount(each.high)}"
    )


def _concentration(each: OfThird) -> str:
    if each.low is None:
        return f"largest account up to {share(each.high or 0.0)}"
    return (
        f"largest account over {share(each.low)}"
        if each.high is None
        else f"largest account {share(each.low)} to {share(each.high)}"
    )


def clauses(told: Told) -> Table | None:
    """What each clause moves, where plans differ from the baseline in several."""
    columns = (
        PLAN,
        Column("words", "Clause"),
        Column("clause", "Path"),
        Column("change", "Moves pay by", "usd", signed=True, mean=True),
    )
    rows = [
        {"plan": name, **plain(each)} for name, entry in told.plans.items() for each in entry.clauses or ()
    ]
    where = "" if told.certain else ", in the first worlds"
    note = (
        f"Pay of all CSMs over the horizon{where}. Each clause changed in the order of settlement and in the "
        "opposite one, the mean of both; they add up to the whole change."
    )
    return table("winners_by_clause", "Which clause moves pay", columns, rows, note)


def foot(told: Told) -> Table | None:
    """From what CSMs gain and lose to what the company pays more."""
    parts = (
        ("payees", "Roles of both" if any(each.roles for each in told.plans.values()) else "All CSMs"),
        ("coming", "Roles that come"),
        ("going", "Roles that go"),
        ("open_seats", "Open seats' salaries"),
        ("on_cost", "On-cost"),
        ("hires", "Planned hires"),
    )
    feet = {name: entry.foot for name, entry in told.plans.items() if entry.foot is not None}
    used = [(key, title) for key, title in parts if any(getattr(each, key) for each in feet.values())]
    columns = (
        PLAN,
        *(Column(key, title, "usd", signed=True, mean=True) for key, title in used),
        Column("cost", "Company cost", "usd", signed=True, mean=True),
    )
    rows = [{"plan": name, **plain(each)} for name, each in feet.items()]
    footed = tuple(
        FootedRow(name, tuple(getattr(each, key) or 0.0 for key, _ in used), each.cost, name in told.fragile)
        for name, each in feet.items()
    )
    title = "What CSMs gain and lose, adding up to the change of company cost"
    foots = Foots(title, tuple(name for _, name in used), footed, "stack")
    return table(
        "winners_foot", title, columns, rows, "Means over the horizon.", foots=foots if used else None
    )
