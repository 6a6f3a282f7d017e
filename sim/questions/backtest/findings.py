"""What a backtest says in sentences, from its rows."""

from collections.abc import Sequence
from typing import Final

from sim.questions.backtest.summary import NAIVES, WHATS, Backtest, CutEntry, Skill, Test, What
from sim.shapes.amounts import amount, share
from sim.shapes.words import counted

DOUBTED: Final = 0.05
REFUTED: Final = 0.01
"""Chances below which a forecast is doubted, and refuted: of right ones at most so many are."""
CALLED: Final[dict[What, str]] = {
    "cost": "cost",
    "renewed": "renewed ARR",
    "grr": "gross retention",
    "attainment": "mean attainment",
}


def verdict(cuts: Sequence[CutEntry], found: Sequence[Skill], tried: Sequence[Test], p: float) -> str:
    """In words: where cost was, how many CSMs were inside, what it is worth beside naive forecasts, and whether it is
    refuted.
    """
    return " ".join(part for part in in_parts(cuts, found, tried, p) if part)


def in_parts(
    cuts: Sequence[CutEntry], found: Sequence[Skill], tried: Sequence[Test], p: float
) -> tuple[str, str, str, str]:
    """The same part by part; empty where there is nothing to say."""
    cost = _of_one(cuts[0]) if len(cuts) == 1 else _of_many(cuts)
    return cost, _inside(cuts), _skill(found), _refuted(tried, p)


def of_coverage(found: Backtest) -> str:
    """How many of all rows are inside."""
    rows, inside = (sum(getattr(each, name) for each in found.coverage) for name in ("rows", "inside"))
    return f"{inside:,} of {rows:,} actuals ({share(found.coverage90, 1)}) are inside the 90 % range of their forecast."


def skilled(found: Backtest) -> str:
    """Of what the forecast misses by less than every naive one, and of what not."""
    better = [what for what in WHATS if _beats(found, what)]
    told = [what for what in WHATS if any(each.what == what for each in found.skills)]
    worse = [what for what in told if what not in better]
    if not told:
        return ""
    if not worse:
        return f"The forecast misses by less than both naive ones, by {_names(better)}."
    if not better:
        return f"A naive forecast misses by less, by {_names(worse)}."
    return f"The forecast misses by less than both naive ones by {_names(better)}; a naive one by {_names(worse)}."


def _beats(found: Backtest, what: What) -> bool:
    own = [each for each in found.skills if each.what == what]
    return bool(own) and all(each.crps < each.crps_naive for each in own)


def _names(whats: Sequence[What]) -> str:
    names = [CALLED[what] for what in whats]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _of_one(cut: CutEntry) -> str:
    row = cut.row("cost")
    if row is None:
        return ""
    return (
        f"Cost of the {counted(cut.periods, 'period')} from {cut.cut} was {amount(row.actual)}, at the {ordinal(row.pit)} "
        f"percentile of the forecast ({amount(row.p5)} to {amount(row.p95)} in nine worlds of ten)."
    )


def _of_many(cuts: Sequence[CutEntry]) -> str:
    rows = [(cut, row) for cut in cuts if (row := cut.row("cost")) is not None]
    if not rows:
        return ""
    inside = sum(row.inside for _, row in rows)
    cut, farthest = max(rows, key=lambda each: abs(each[1].pit - 0.5))
    return (
        f"Cost was inside the 90 % range of the forecast in {inside} of {len(rows)} cuts, farthest out from {cut.cut} on: "
        f"at the {ordinal(farthest.pit)} percentile."
    )


def _inside(cuts: Sequence[CutEntry]) -> str:
    pays = [cut.pay for cut in cuts if cut.pay is not None]
    if not pays:
        return ""
    if len(pays) == 1:
        (only,) = pays
        return (
            f"{only.inside} of {counted(only.csms, 'CSM')} were inside their 90 % range of pay; {only.low} to "
            f"{only.high} are in nine worlds of ten."
        )
    whole, inside = sum(each.csms for each in pays), sum(each.inside for each in pays)
    return f"{inside:,} of {whole:,} CSMs' forecasts of pay had the actual inside their 90 % range."


def _skill(found: Sequence[Skill]) -> str:
    of_cost = [each for each in found if each.what == "cost"]
    if not of_cost:
        return ""
    best = min(of_cost, key=lambda each: each.crps_naive)
    side = "less" if best.crps < best.crps_naive else "more"
    return (
        f"By cost a period the forecast missed by {amount(best.crps)} (CRPS), {share(abs(best.skill))} {side} than "
        f"{NAIVES[best.naive]} ({amount(best.crps_naive)})."
    )


def _refuted(tried: Sequence[Test], p: float) -> str:
    if not tried:
        return ""
    worst = min(tried, key=lambda each: each.p)
    name = "CSMs inside their ranges" if worst.what == "csms" else CALLED[worst.what]  # type: ignore[index]
    chance = "less than 0.001" if p < 0.001 else f"{p:.3f}"
    if p >= DOUBTED:
        return f"Nothing here refutes the forecast (p = {chance})."
    said = "refuted" if p < REFUTED else "doubtful"
    unlikely = f"something as unlikely has a chance of {chance} where a forecast is right"
    return f"The forecast is {said}, by {name} most: {unlikely}."


def ordinal(part: float) -> str:
    """A share as a percentile in words: ``62nd``. Below the first and above the 99th percentile as these."""
    percent = min(max(round(100.0 * part), 1), 99)
    ending = "th" if 10 <= percent % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(percent % 10, "th")
    return f"{percent}{ending}"
