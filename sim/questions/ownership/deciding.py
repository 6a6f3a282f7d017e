"""What decides who should own renewals: the factors whose effects tip the choice, and how much fewer losses would."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp
from typing import TYPE_CHECKING, Final

import numpy as np

from sim.engine.company_cost import cost_by_world
from sim.engine.hires import Hiring
from sim.engine.payees import payees_of
from sim.engine.pool import Workers
from sim.engine.setting import prepare
from sim.engine.simulate import totals_of
from sim.engine.study import Study, variants_of
from sim.engine.totals import Totals
from sim.measure.estimate import Floats, mean_of
from sim.questions.ownership.setting import Effect, Ownership
from sim.questions.ownership.summary import BreakEven, Deciding

if TYPE_CHECKING:
    from collections.abc import Mapping

FACTORS: Final = ("always", "sales_process", "complexity", "scale")
FIRST_STEP: Final = 0.1
FARTHEST: Final = 3.0
"""Where the break-even is sought. [log odds]"""
LONG_STEP: Final = 0.03
"""A step this long shows a slope. [log odds]"""
STEPS: Final = 4
CLOSE: Final = 0.02
"""A gap this small against the first one is closed. [share]"""


def ownership_of(study: Study) -> Ownership:
    """The table of an ownership study."""
    ownership = study.asked(Ownership)
    assert ownership is not None, "an ownership study"
    return ownership


def net_of(study: Study, totals: Totals, index: int) -> Floats:
    """Margin on ARR in force less company cost and tooling over the horizon, of one role set. [world] [usd]"""
    margin = ownership_of(study).gross_margin * served_of(study, totals, index)
    net: Floats = margin - cost_by_world(study, totals, index).sum(axis=0) - tooling_of(study, totals, index)
    return net


def tooling_of(study: Study, totals: Totals, index: int) -> float:
    """What the tools of every payee cost over the horizon. [usd]

    Source: Is your CSM compensation plan simple, scalable, and ROI positive? (founding document): "it may be easier to
    justify headcount, tooling expenses, and team expansion as the return on investment becomes much more visible".
    """
    payees = sum(totals.shape.payees[each.position] for each in payees_of(study, index))
    return ownership_of(study).tooling * payees * study.scenario.calendar.years


def served_of(study: Study, totals: Totals, index: int) -> Floats:
    """ARR in force, summed over the horizon: what customers pay for. [world] [usd]"""
    _, variant_of = variants_of(study)
    years = study.scenario.calendar.years / study.scenario.periods
    served: Floats = totals.retentions[variant_of[index]].served * years
    return served


def deciding(study: Study, workers: Workers) -> Deciding | None:
    """What decides on the company of a study's scenario; None without several role sets.

    Source: a root of the mean difference on the same draws (sample average approximation); its error is that of the
    difference over its slope (delta method).
    """
    if len(study.sets) == 1:
        return None
    ownership = ownership_of(study)
    names = [role_set.name for role_set in study.sets]

    def nets(assumed: Ownership) -> dict[str, Floats]:
        return dict(zip(names, _nets(study, assumed, names, workers), strict=True))

    as_assumed = nets(ownership)
    best = _best(as_assumed)
    without = None
    if ownership.outcomes:
        used = [name for name in FACTORS if any(getattr(each, name) for each in ownership.effect)]
        without = {name: _best(nets(_without(ownership, name))) for name in used}
    levels = {
        name: _break_even(study, ownership, name, as_assumed, best, workers) for name in names if name != best
    }
    return Deciding(
        best=best,
        worlds=_worlds(study),
        without=without,
        break_even={name: level for name, level in levels.items() if level is not None},
    )


def _worlds(study: Study) -> int:
    return min(ownership_of(study).decide_worlds, study.worlds)


def _best(nets: "Mapping[str, Floats]") -> str:
    return max(nets, key=lambda name: float(np.mean(nets[name])))


def _without(ownership: Ownership, factor: str) -> Ownership:
    """The same assumptions, all effects without one of the factors."""
    effects = tuple(each.model_copy(update={factor: 0.0}) for each in ownership.effect)
    return ownership.model_copy(update={"effect": effects})


def _with_churn(ownership: Ownership, name: str, log_odds: float) -> Ownership:
    """The same assumptions, and one role set loses renewals at other odds."""
    more = Effect.model_construct(role_set=name, outcome="churn", always=log_odds, source="asked")
    effects = (*(ownership.effect if ownership.outcomes else ()), more)
    return ownership.model_copy(update={"effect": effects, "outcomes": True})


def _nets(study: Study, ownership: Ownership, names: Sequence[str], workers: Workers) -> list[Floats]:
    """The net of these role sets under other assumptions, on the same draws. [world] [usd]"""
    sets = tuple(role_set for role_set in study.sets if role_set.name in names)
    plain = replace(study, sets=sets, baseline=sets[0].name, worlds=_worlds(study), budget=None)
    asked = plain.without(Hiring).asking(ownership)
    totals = totals_of(prepare(asked), asked.worlds, workers)
    return [net_of(asked, totals, index) for index in range(len(sets))]


def _break_even(
    study: Study, ownership: Ownership, name: str, nets: "Mapping[str, Floats]", best: str, workers: Workers
) -> BreakEven | None:
    """Where a role set draws level with the best one; None where it does not within reach.

    Secant steps; over short ones the slope is kept, as so few renewals change between them that it would be noise.
    """
    before, height = 0.0, float(np.mean(nets[name] - nets[best]))
    first, at, slope = height, -FIRST_STEP, 0.0
    for _ in range(STEPS):
        (net,) = _nets(study, _with_churn(ownership, name, at), [name], workers)
        gap = net - nets[best]
        found = float(np.mean(gap))
        if slope == 0.0 or abs(at - before) >= LONG_STEP:
            slope = (found - height) / (at - before)
        if slope >= 0.0:
            return None
        before, height = at, found
        at = before - height / slope
        if abs(at) > FARTHEST:
            return None
        if abs(height) <= CLOSE * abs(first):
            break
    return BreakEven(log_odds=at, log_odds_se=abs(mean_of(gap).se / slope), odds=exp(at))
