"""What a search says in sentences, from the rows of its tables."""

from collections.abc import Iterator
from typing import Final

from sim.questions.search.summary import Finalist, SearchSuite, WantedMeasure
from sim.questions.search.words import clause, clauses, name_of, told
from sim.shapes.amounts import amount, share
from sim.shapes.words import counted, listed

SHOWN: Final = 3
"""Clauses that a sentence names."""


def best(suite: SearchSuite) -> str:
    """What the first knee, or else the first finalist that holds, gives over the plan as it is."""
    name = first(suite)
    if name is None:
        return f"No finalist holds on fresh worlds; {suite.plan} stays."
    found = suite.finalists[name]
    changes = [_gain(each, found) for each in suite.objectives if each.path in found.objectives]
    kind = "the knee" if found.knee else "the first of the finalists"
    return f"{name}, {kind}, against {suite.plan} as it is: {', '.join(changes)}. {moved(suite, found)}"


def today(suite: SearchSuite) -> str:
    """Whether the plan as it is stands beside the finalists; nothing where none of them beats it."""
    if any(each.verdict == "broken" for each in suite.today_bounds.values()):
        broken = [asked for asked, each in suite.today_bounds.items() if each.verdict == "broken"]
        return f"{suite.plan} as it is breaks {listed(broken)}."
    if suite.today_beaten_by is None:
        return f"No finalist is clearly better than {suite.plan} as it is by every objective."
    return f"{suite.today_beaten_by} is as good as {suite.plan} as it is by every objective, and clearly better by one."


def first(suite: SearchSuite) -> str | None:
    """The first finalist that holds: a knee where there is one."""
    return next(iter(suite.kept), None)


def _gain(each: WantedMeasure, found: Finalist) -> str:
    fresh = found.objectives[each.path]
    change = -fresh.gain if not each.large else fresh.gain
    return (
        f"{name_of(each.path).lower()} {told(change, each.unit, sign=True)} ± "
        f"{told(fresh.gain_se, each.unit).removesuffix(' %')}, to {told(fresh.value, each.unit)}"
    )


def moved(suite: SearchSuite, found: Finalist) -> str:
    """Which clauses a finalist moves, from what to what."""
    names = clauses(suite)
    steps = [
        f"{names[path]} {clause(suite.vary[path].today)} → {clause(value)}"
        for path, value in found.values.items()
        if value != suite.vary[path].today
    ]
    if not steps:
        return "It changes nothing."
    rest = f" and {len(steps) - SHOWN} more" if len(steps) > SHOWN else ""
    return f"It moves {', '.join(steps[:SHOWN])}{rest}."


def held(suite: SearchSuite) -> str:
    """How many finalists hold on fresh worlds, and what became of the others."""
    several = suite.finalists
    beaten = [name for name, each in several.items() if each.beaten_by is not None]
    broken = [name for name, each in several.items() if each.dropped and each.beaten_by is None]
    parts = [
        f"{len(suite.kept)} of {counted(len(several), 'finalist')} hold on {suite.fresh_worlds:,} fresh worlds"
    ]
    if beaten:
        parts.append(f"clearly beaten there: {listed(beaten)}")
    if broken:
        parts.append(f"clearly breaking a bound: {listed(broken)}")
    undecided = [
        name
        for name, each in suite.kept.items()
        if any(bound.verdict == "undecided" for bound in each.bounds.values())
    ]
    if undecided:
        parts.append(f"not decided by these worlds whether a bound is kept: {listed(undecided)}")
    return f"{'; '.join(parts)}."


def curse(suite: SearchSuite) -> Iterator[str]:
    """What is left on fresh worlds of the gain of the finalist that is best by an objective: the winner's curse."""
    for each in suite.objectives:
        gains = {
            name: found.objectives[each.path]
            for name, found in suite.finalists.items()
            if each.path in found.objectives
        }
        if not gains:
            continue
        name = max(gains, key=lambda one: gains[one].gain_kept)
        kept, fresh, error = gains[name].gain_kept, gains[name].gain, gains[name].gain_se
        lost = kept - fresh
        less = f"{told(lost, each.unit)} less" + (
            f" ({share(lost / kept)} of it)" if 0.0 < lost < kept else ""
        )
        yield (
            f"{name_of(each.path)} is best under {name}: better than {suite.plan} by {told(kept, each.unit)} on the worlds "
            f"of the search, by {told(fresh, each.unit)} ± {told(error, each.unit).removesuffix(' %')} on fresh ones"
            f"{f', {less}: luck of the draw' if lost > error else ''}."
        )


def bought(suite: SearchSuite) -> str:
    """Where a dollar of cost buys most, of the first other objective."""
    others = [each for each in suite.objectives if each.path != suite.cost]
    steps = [each for each in suite.buys if each.added > 0.0]
    if not others or not steps:
        return ""
    one = others[0]
    most = max(steps, key=lambda step: step.buys[one.path] / step.added)
    bought = [
        f"{name_of(each.path).lower()} {'better' if most.buys[each.path] >= 0.0 else 'worse'} by "
        f"{told(abs(most.buys[each.path]), each.unit)}"
        for each in others
    ]
    return (
        f"The dollar buys most of {name_of(one.path).lower()} from {most.over} to {most.plan}: for {amount(most.added)} "
        f"more cost, {' and '.join(bought)}."
    )


def tried(suite: SearchSuite) -> str:
    """How plans were tried, and what was left out."""
    trials = suite.trials
    how = "every combination" if trials.complete else f"of {trials.combinations:,} combinations"
    parts = [f"{trials.tried:,} plans were tried, {how}, each on the same {suite.worlds:,} worlds"]
    if trials.no_plan:
        parts.append(
            f"{trials.no_plan:,} combinations make no plan ({(trials.no_plan_why or '').rstrip('.')})"
        )
    if trials.without:
        parts.append(f"{trials.without:,} have no value of a measure that is asked")
    if trials.beyond:
        parts.append(f"{trials.beyond:,} break a bound")
    parts.append(f"{trials.front:,} keep all bounds and are beaten by none")
    if trials.moved:
        parts.append(f"{trials.moved:,} of the front were rounded and tried again")
    if trials.not_signed:
        parts.append(
            f"{trials.not_signed:,} of the front are left out: no rounding lets them keep the bounds"
        )
    return f"{'; '.join(parts)}."


def predicted(suite: SearchSuite) -> Iterator[str]:
    """Which objectives the search predicted, and how well."""
    for each in suite.objectives:
        if each.predicted is not None:
            yield (
                f"{name_of(each.path)} was predicted in the search (correlation with what was left out "
                f"{each.predicted:.2f}) and measured for finalists."
            )
