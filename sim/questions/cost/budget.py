"""Whether plans keep the budget, in sentences made of the rows of the table of costs: what is broken is said first."""

from collections.abc import Iterator

from sim.questions.cost.rows import ALLOWED, CostRow, YearRow, cost_rows, year_rows
from sim.shapes.amounts import amount, share
from sim.shapes.words import counted, listed
from sim.summary.summary import Summary


def broken_sentences(summary: Summary) -> list[str]:
    """Which plans break the budget, of the horizon and of single years; empty where none does."""
    found = []
    rows = [row for row in cost_rows(summary) if row.verdict == "broken"]
    if rows:
        count = counted(len(summary.plans), "plan")
        breaks = "breaks" if len(rows) == 1 else "break"
        found.append(
            f"{len(rows)} of {count} {breaks} the budget of {_budget(summary)}, exceeded in more than {share(ALLOWED)} of "
            f"worlds: {listed([_chance(row) for row in rows])}."
        )
    years = [row for row in year_rows(summary) if row.verdict == "broken"]
    if years:
        found.append(
            f"Beyond the budget of a year in more than {share(ALLOWED)} of worlds: {listed(list(_years(years)))}."
        )
    return found


def budget_sentences(summary: Summary) -> list[str]:
    """The same, then which plans keep the budget and of which it is not decided; of every study with a budget."""
    return [*broken_sentences(summary), *kept_sentences(summary)]


def kept_sentences(summary: Summary) -> list[str]:
    """Which plans keep the budget, and of which these worlds do not decide it."""
    rows = cost_rows(summary)
    kept = [row for row in rows if row.verdict == "kept"]
    open_ = [row for row in rows if row.verdict == "undecided"]
    found = []
    if kept:
        keeps = "keeps" if len(kept) == 1 else "keep"
        count = counted(len(rows), "plan")
        names = listed([row.plan for row in kept])
        found.append(
            f"{len(kept)} of {count} {keeps} the budget of {_budget(summary)} in at least {share(1.0 - ALLOWED)} of "
            f"worlds: {names}."
        )
    if open_:
        found.append(
            f"Not decided by these worlds whether the budget is kept: {listed([_chance(row) for row in open_])}."
        )
    return found


def _budget(summary: Summary) -> str:
    hires = any(row.without_hires is not None for row in cost_rows(summary))
    return f"{amount(summary.study.budget or 0.0)}{' (planned hires included)' if hires else ''}"


def _chance(row: CostRow) -> str:
    assert row.over is not None, "only plans with a budget are told"
    beside = "" if row.without_hires is None else f"; {row.without_hires.told} without the hires"
    return f"{row.plan} ({row.over.told}{beside})"


def _years(rows: list[YearRow]) -> Iterator[str]:
    for row in rows:
        yield f"{row.plan} in year {row.year} ({row.over.told} over {amount(row.budget)})"
