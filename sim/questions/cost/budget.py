"""Whether plans keep the budget, in sentences made of the numbers of the table of costs: what is broken is said first."""

from collections.abc import Iterator

from sim.questions.cost.summary import CostOfYear, CostWithoutHires, costs_of_plans
from sim.shapes.amounts import amount, at_most, share
from sim.shapes.words import counted, listed
from sim.summary.estimate import ALLOWED, Kept, OverBudget
from sim.summary.summary import Summary


def broken_sentences(summary: Summary) -> list[str]:
    """Which plans break the budget, of the horizon and of single years; empty where none does."""
    sentences = []
    broken = _plans(summary, "broken")
    if broken:
        count = counted(len(summary.plans), "plan")
        breaks = "breaks" if len(broken) == 1 else "break"
        sentences.append(
            f"{len(broken)} of {count} {breaks} the budget of {_budget(summary)}, exceeded in more than {share(ALLOWED)} "
            f"of worlds: {listed([_chance(summary, name) for name in broken])}."
        )
    years = list(_years(summary))
    if years:
        sentences.append(
            f"Beyond the budget of a year in more than {share(ALLOWED)} of worlds: {listed(years)}."
        )
    return sentences


def budget_sentences(summary: Summary) -> list[str]:
    """The same, then which plans keep the budget and of which it is not decided; of every study with a budget."""
    return [*broken_sentences(summary), *kept_sentences(summary)]


def kept_sentences(summary: Summary) -> list[str]:
    """Which plans keep the budget, and of which these worlds do not decide it."""
    kept, undecided, sentences = _plans(summary, "kept"), _plans(summary, "undecided"), []
    if kept:
        keeps = "keeps" if len(kept) == 1 else "keep"
        count = counted(len(summary.plans), "plan")
        sentences.append(
            f"{len(kept)} of {count} {keeps} the budget of {_budget(summary)} in at least {share(1.0 - ALLOWED)} of "
            f"worlds: {listed(kept)}."
        )
    if undecided:
        chances = listed([_chance(summary, name) for name in undecided])
        sentences.append(f"Not decided by these worlds whether the budget is kept: {chances}.")
    return sentences


def without_hires(summary: Summary) -> dict[str, OverBudget]:
    """Of plans with planned hires, how often cost exceeds the budget without them."""
    plans = {name: next(iter(plan.every(CostWithoutHires)), None) for name, plan in summary.plans.items()}
    return {name: cost for name, cost in plans.items() if cost is not None and cost.kept is not None}


def _plans(summary: Summary, verdict: Kept) -> list[str]:
    return [name for name, cost in costs_of_plans(summary).items() if cost.kept == verdict]


def _budget(summary: Summary) -> str:
    hires = " (planned hires included)" if without_hires(summary) else ""
    return f"{amount(summary.study.budget or 0.0)}{hires}"


def _chance(summary: Summary, name: str) -> str:
    without = without_hires(summary).get(name)
    beside = "" if without is None else f"; {how_often(without)} without the hires"
    return f"{name} ({how_often(costs_of_plans(summary)[name])}{beside})"


def how_often(over: OverBudget) -> str:
    """The probability; where it never happened, the most that it can be at 95 %."""
    _, most = over.prob_over_budget_ci95 or (0.0, 1.0)
    return share(over.prob_over_budget, 1) if over.prob_over_budget else at_most(most)


def _years(summary: Summary) -> Iterator[str]:
    for name, plan in summary.plans.items():
        for year in plan.every(CostOfYear):
            if year.kept == "broken" and year.budget is not None:
                yield f"{name} in year {year.year} ({how_often(year)} over {amount(year.budget)})"
