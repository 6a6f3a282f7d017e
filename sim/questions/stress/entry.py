"""What a stress does to one plan, as plain numbers with their errors, and what the limits say of it."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.changes import losing_more
from sim.engine.company_cost import costs_of, variable_of
from sim.engine.heavy_tail import HeavyTail, tail_of_cost
from sim.engine.payees import payees_of
from sim.engine.study import Study, variants_of
from sim.engine.totals import FEATURES, Totals
from sim.measure.clustered import INDEPENDENT, Clusters, centre_on, mean_on, ratio_on
from sim.measure.cost import over_budget, quantiles_of
from sim.measure.estimate import Centre, Mean, Numbers, from_moments
from sim.measure.retention import Retention, annual
from sim.questions.stress.limits import Judged, Limits, judge, judge_ends, worst
from sim.questions.stress.outcome import Gains
from sim.questions.stress.summary import PlanOutcome

Floats = NDArray[np.float64]
CLEAR: Final = 1.96
"""Standard errors from which a CSM's pay is clearly on one side. [1]"""


class Settled(NamedTuple):
    """One plan under one scenario. All [world].

    cost, variable : over the horizon. [usd]
    retention      : of the customers it met.
    """

    cost: Floats
    variable: Floats
    retention: Retention


class Outcome(NamedTuple):
    """A study in one scenario. gains: what choosing booking dates adds to variable pay, by plan; None where nobody does."""

    study: Study
    totals: Totals
    gains: dict[str, Gains] | None

    def settled(self, index: int) -> Settled:
        """The plan at ``index``; where CSMs choose dates, in the worlds in which that was measured."""
        cost, variable = costs_of(self.study, self.totals)[index], variable_of(self.study, self.totals)[index]
        retention = self.totals.retentions[variants_of(self.study)[1][index]]
        gain = None if self.gains is None else self.gains[self.study.sets[index].name]
        if gain is None:
            return Settled(cost, variable, retention)
        few = slice(len(gain.lower))
        on_cost = 1.0 + self.study.scenario.employer.on_cost
        kept = Retention(*(each[few] for each in retention))
        return Settled(cost[few] + on_cost * gain.lower, variable[few] + gain.lower, kept)


def entry_of(now: Outcome, before: Outcome, index: int, limits: Limits) -> PlanOutcome:
    """One plan: its cost, how that changes against the same plan without the stress, and each limit."""
    name = now.study.sets[index].name
    gain = None if now.gains is None else now.gains[name]
    here, there = now.settled(index), before.settled(index)
    tail = _tail(now, before, index)
    by_median = tail is not None
    clusters = now.study.clusters
    cost, quantiles = mean_on(here.cost, clusters), quantiles_of(here.cost, ("p10", "p50", "p90"), clusters)
    judged, over = judged_of(now, before, index, limits), over_budget(here.cost, now.study.budget, clusters)
    return PlanOutcome.of(
        worlds=len(here.cost),
        **(cost.with_se() if tail is None else {"tail": tail.entry()}),
        **quantiles.entry(),
        statistic="median" if by_median else "mean",
        **_changes(here, there, now.study, by_median),
        **({} if over is None else over.entry("prob_over_budget")),
        **({} if gain is None else _dates(gain, there.variable, by_median, clusters)),
        limits=judged,
        verdict=worst([each.verdict for each in judged.values()]),
    )


def _changes(here: Settled, there: Settled, study: Study, by_median: bool) -> Numbers:
    """What changes, world by world, and what a kept usd costs."""
    base, clusters = there.cost[: len(here.cost)], study.clusters
    grr = mean_on(annual(here.retention.gross, study.scenario.calendar.years), clusters).centre
    return {
        **centre_on(here.cost - base, by_median, clusters).entry("change"),
        **_known("change_share", _over(here.cost, base, by_median, clusters), less=1.0),
        **_known("pay_change_share", _over(here.variable, there.variable, by_median, clusters), less=1.0),
        **_known("per_usd_kept", _over(here.cost, here.retention.kept, by_median, clusters)),
        **grr.entry("grr"),
    }


def _dates(gain: Gains, honest: Floats, by_median: bool, clusters: Clusters) -> Numbers:
    """What choosing dates gains, between two ends."""
    lower, upper = _gained(gain, honest, by_median, clusters)
    return _known("exposure_share", lower) | _known("exposure_share_upper", upper)


def _tail(now: Outcome, before: Outcome, index: int) -> HeavyTail | None:
    """Why the plan's cost has no mean, under the stress or without it."""
    return tail_of_cost(now.study, now.totals, index) or tail_of_cost(before.study, before.totals, index)


def _over(amounts: Floats, base: Floats, by_median: bool, clusters: Clusters) -> Centre | None:
    """Ratio of two means; or the median of the ratios of those worlds in which there is a base. None over zero."""
    base = base[: len(amounts)]
    if not by_median:
        found = ratio_on(amounts, base, clusters)
        return None if found is None else found.centre
    some = base > 0.0
    every = clusters if some.all() else INDEPENDENT  # of some worlds alone nobody knows which share draws
    return centre_on(amounts[some] / base[some], by_median, every) if some.any() else None


def _gained(
    gain: Gains, honest: Floats, by_median: bool, clusters: Clusters
) -> tuple[Centre | None, Centre | None]:
    """Both ends of what dates gain, as shares of honest variable pay; no upper one where a world has no bound."""
    lower = _over(gain.lower, honest, by_median, clusters)
    return lower, _over(gain.upper, honest, by_median, clusters) if np.isfinite(gain.upper).all() else None


def _known(name: str, found: Centre | None, less: float = 0.0) -> Numbers:
    """A ratio, less 1 where it is a change, with its error; nothing where it has no value."""
    if found is None:
        return {}
    ends = None if found.ci95 is None else (found.ci95[0] - less, found.ci95[1] - less)
    return Centre(found.value - less, found.se, ends).entry(name)


def judged_of(now: Outcome, before: Outcome, index: int, limits: Limits) -> dict[str, Judged]:
    """Every limit that is asked and has a value here.

    A limit on a mean stays undecided where the plan's cost has no mean: its median is told, without an interval.
    """
    here, by_median = now.settled(index), _tail(now, before, index) is not None
    clusters = now.study.clusters
    rise = _over(here.cost, before.settled(index).cost, by_median, clusters)
    found: dict[str, Judged] = {}
    most, budget = limits.most, now.study.budget

    def add(name: str, value: float, interval: tuple[float, float] | None) -> None:
        if name in most:
            found[name] = judge(value, interval, most[name])

    def add_mean(name: str, found: Centre, less: float = 0.0) -> None:
        decided = None if by_median or found.ci95 is None else (found.ci95[0] - less, found.ci95[1] - less)
        add(name, found.value - less, decided)

    if budget is not None:
        quantiles = quantiles_of(here.cost, ("p90",), clusters)
        ends = quantiles.intervals.get("p90")
        share = None if ends is None else (ends[0] / budget, ends[1] / budget)
        add("cost_p90", quantiles.values["p90"] / budget, share)
    if (over := over_budget(here.cost, budget, clusters)) is not None:
        add("prob_over_budget", over.share, over.ci95)
    if rise is not None and now is not before:
        add_mean("cost_rise", rise, less=1.0)
    on_cost = 1.0 + now.study.scenario.employer.on_cost
    for name, amount in (("variable_of_arr", here.variable * on_cost), ("cost_of_arr", here.cost)):
        ratio = _over(amount, here.retention.kept, by_median, clusters)
        if ratio is not None:
            add_mean(name, ratio)
    gain = None if now.gains is None else now.gains[now.study.sets[index].name]
    if gain is not None:
        lower, upper = _gained(gain, here.variable - gain.lower, by_median, clusters)
        if lower is not None and "exposure" in most:
            known = lower._replace(ci95=None) if by_median else lower
            found["exposure"] = judge_ends(known, upper, most["exposure"])
    elif now.totals.filled is None:  # pay of a seat that stands open is nobody's low pay
        if (low := low_pay_of(now, index)) is not None:
            add("low_pay", low.mean, low.ci95)
        by = limits.pay_cut
        if (
            by is not None
            and now is not before
            and (cut := pay_cut_of(now, before, index, by.by)) is not None
        ):
            add("pay_cut", cut[0], None if by_median else cut[1:])
    watch, lost = now.totals.shape.watch, limits.payee_cut
    role = payees_of(now.study, index)[0].position
    if lost is not None and now.gains is None and now.totals.changes is not None and watch.compared(role):
        losing = losing_more(now.totals.changes, watch, role, lost.by)
        add("payee_cut", losing.mean, losing.ci95)
    return found


def low_pay_of(now: Outcome, index: int) -> Mean | None:
    """Share of CSMs' periods paid below the level that the scene marks; of the first role. None without a target."""
    payees = payees_of(now.study, index)[0]
    if payees.role.plan.target_bonus(now.study.scenario.calendar) <= 0.0:
        return None
    place = payees.position, FEATURES.index("share_not_low")
    features = now.totals.features
    worlds = float(features.worlds[place])
    if worlds < 2:
        return None
    return from_moments(worlds, 1.0 - float(features.mean[place]), float(features.sd[place]))


def pay_cut_of(now: Outcome, before: Outcome, index: int, by: float) -> tuple[float, float, float] | None:
    """Share of CSMs of the first role whose expected pay falls by more than ``by``; then the shares of those who clearly
    lose so much, and of those who may.

    A CSM is clearly on one side beyond 1.96 standard errors of m' - (1 - by) m, of which the spread is that of its worlds:
    both are on the same draws. It is seen in the first worlds, in which the pay of every CSM is kept. None where the CSMs
    are not the same.
    """
    position = payees_of(now.study, index)[0].position
    count = now.totals.shape.payees[position]
    if count != before.totals.shape.payees[position]:
        return None
    left, after = (each.totals.pay for each in (before, now))
    mine = position, slice(count)
    gap = after.mean[mine] - (1.0 - by) * left.mean[mine]
    pay = [each.totals.first_pay[position, :count] for each in (before, now)]
    few = min(each.shape[1] for each in pay)
    apart = pay[1][:, :few] - (1.0 - by) * pay[0][:, :few]
    error = apart.std(axis=1, ddof=1) / np.sqrt(np.minimum(after.worlds[mine], left.worlds[mine]))
    surely, perhaps = gap + CLEAR * error < 0.0, gap - CLEAR * error < 0.0
    return float(np.mean(gap < 0.0)), float(np.mean(surely)), float(np.mean(perhaps))
