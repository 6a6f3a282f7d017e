"""Who gains and who loses: every CSM's pay under every plan against the baseline, on the worlds of a run."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.changes import CUT, FELT, MADE_WHOLE, Against, losing_more, of_feature
from sim.engine.company_cost import base_by_world, variable_by_world
from sim.engine.hires import hires_by_world
from sim.engine.payees import payees_of
from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.order import not_told_from
from sim.plan.clauses import Steps
from sim.questions.payees.books import Traits, thirds, traits_of
from sim.questions.payees.effects import moved_by_clause
from sim.questions.payees.summary import Foot, OfClause, OfSegment, OfThird, Payee, Payees
from sim.questions.stress.limits import Judged, Limits, judge

Floats = NDArray[np.float64]
Places = NDArray[np.bool_]

MOST_PAYEES: Final = 20_000
"""CSMs x plans of which every one is listed; of more only groups are told."""
SPREAD: Final = ("p10", "p50", "p90")
LEVELS: Final = (0.1, 0.5, 0.9)


class Gap(NamedTuple):
    """One plan file against the baseline.

    role    : its position.
    mean    : change of each payee, over all worlds; None where pay has no mean. [payee] [usd]
    losing  : share of worlds in which each loses more than 5 %. [payee]
    change  : in the first worlds, salary included. [payee, world] [usd]
    felt    : the same, of pay under the baseline. [payee, world] [share]
    """

    role: int
    against: Against
    mean: Floats | None
    losing: Floats
    change: Floats
    felt: Floats


def payee_entries(
    study: Study, setting: Setting, totals: Totals, no_mean: frozenset[str]
) -> dict[str, Payees]:
    """Who gains and who loses by each plan file, against a baseline that is one. Shares are of pay with salary.

    no_mean : plans whose difference to the baseline has none: told by medians; the baseline where its own pay has none.

    Source: paired differences on common random numbers; a felt change of pay is an assumption.
    """
    traits = traits_of(setting, totals.first_pay.shape[2]) if setting.watch.compares else None
    found = {}
    for index, each in enumerate(study.sets):
        role = payees_of(study, index)[0].position
        against = setting.watch.against[role]
        if traits is not None and against is not None:
            gap = _gap(totals, role, against, each.name not in no_mean)
            bounded = study.baseline not in no_mean
            found[each.name] = _entry(study, setting, totals, index, gap, traits, bounded)
    return found


def most_lose(study: Study, totals: Totals, entries: Mapping[str, Payees]) -> tuple[str, ...] | None:
    """Under which plan most CSMs lose, and those not told apart from it, world by world; None where nothing is compared."""
    losing = []
    for index, each in enumerate(study.sets):
        role = payees_of(study, index)[0].position
        if each.name in entries and (against := totals.shape.watch.against[role]) is not None:
            felt = _gap(totals, role, against, with_mean=False).felt
            losing.append(np.mean(felt < -FELT, axis=0))
    names = [each.name for each in study.sets if each.name in entries]
    values = np.array([entries[name].lose for name in names])
    if not names:
        return None
    near = not_told_from(int(np.argmax(values)), np.stack(losing), values, ["mean"] * len(names))
    return tuple(names[at] for at in near)


def _gap(totals: Totals, role: int, against: Against, with_mean: bool) -> Gap:
    assert totals.changes is not None, "there is something to compare"
    payees = totals.shape.payees[role]
    before, after = totals.first_pay[against.role, :payees], totals.first_pay[role, :payees]
    change, usual = after - before + against.more, before + against.salary
    moments = totals.changes.change
    return Gap(
        role,
        against,
        moments.mean[role, :payees] if with_mean else None,
        totals.changes.losing[role, :payees] / moments.worlds[role, :payees],
        change,
        change / np.where(usual > 0.0, usual, np.inf),
    )


def _entry(
    study: Study, setting: Setting, totals: Totals, index: int, gap: Gap, traits: Traits, bounded: bool
) -> Payees:
    """One plan. bounded : whether what is lost has a mean: it is never more than pay under the baseline."""
    segment = setting.territories[gap.role].segment[:, np.newaxis]
    segments = [
        OfSegment(segment=each.name, **of_group(gap, segment == place))
        for place, each in enumerate(study.scenario.segment)
        if (segment == place).any()
    ]
    sizes, concentrations = (
        tuple(OfThird(low=each.low, high=each.high, **of_group(gap, each.mine)) for each in thirds(values))
        for values in traits
    )
    held = not study.scenario.book.drawn_anew and setting.shape.books * len(study.sets) <= MOST_PAYEES
    moved = moved_by_clause(setting, totals, gap.role)
    clauses = None if moved is None else (moved[0], _moved(gap, moved[1]))
    return Payees(
        worlds=gap.change.shape[1],
        salary_change=gap.against.more or None,
        **_in_all(study, totals, gap.role, bounded),
        cut=judged_cut(study, totals, gap.role),
        foot=None if gap.mean is None else foot_of(study, totals, index, gap),
        clauses=None
        if clauses is None or gap.mean is None
        else tuple(
            OfClause(clause=clause.path, words=clause.words, change=float(amount.sum()))
            for clause, amount in zip(clauses[0].clauses, clauses[1], strict=True)
        ),
        segments=tuple(segments),
        sizes=sizes or None,
        concentrations=concentrations or None,
        rows=tuple(_rows(setting, totals, gap, traits, clauses)) if held else None,
    )


def _moved(gap: Gap, moved: Floats) -> Floats:
    """What each clause moves of a payee's pay: mean, or median where there is no mean. [clause, payee] [usd]"""
    if gap.mean is not None and len(moved) == 1:
        return gap.mean[np.newaxis]  # a single clause moves all of it, in all worlds
    found: Floats = np.median(moved, axis=2) if gap.mean is None else moved.mean(axis=2)
    return found


def _in_all(study: Study, totals: Totals, role: int, bounded: bool) -> dict[str, Any]:
    """Of all CSMs together. bounded : as in ``_entry``."""
    watch, changes = totals.shape.watch, totals.changes
    assert changes is not None, "there is something to compare"
    lose, cut = (losing_more(changes, watch, role, loss) for loss in (FELT, CUT))
    gain = of_feature(changes, role, len(watch.losses))
    found = {
        "lose": lose.mean,
        "lose_se": lose.se,
        "gain": gain.mean,
        "share_losing_10pct": cut.mean,
        "share_losing_10pct_se": cut.se,
    }
    if not bounded:
        return found
    lost = of_feature(changes, role, len(watch.losses) + 1)
    found["make_whole"] = lost.mean / study.scenario.calendar.years
    with_on_cost = 1.0 + study.scenario.employer.on_cost
    for place, months in enumerate(MADE_WHOLE[: len(watch.starts)]):
        each = of_feature(changes, role, len(watch.losses) + 2 + place)
        name = f"make_whole_{months // 3}q"
        found |= {name: with_on_cost * each.mean, f"{name}_se": with_on_cost * each.se}
    return found


def judged_cut(study: Study, totals: Totals, role: int) -> Judged | None:
    """How many CSMs lose more than ``[limits] payee_cut`` allows, beside it; None where it is not asked."""
    limits = study.asked(Limits)
    if limits is None or limits.payee_cut is None or totals.changes is None:
        return None
    losing = losing_more(totals.changes, totals.shape.watch, role, limits.payee_cut.by)
    return judge(losing.mean, losing.ci95, limits.payee_cut.share)


def foot_of(study: Study, totals: Totals, index: int, gap: Gap) -> Foot:
    """From what CSMs gain and lose to what the company pays more, each part from the totals of its own."""
    assert gap.mean is not None, "there is a mean"
    ends = (study.baseline_index, index)
    variable, base = (
        [float(of(study, totals, each).sum(axis=0).mean()) for each in ends]
        for of in (variable_by_world, base_by_world)
    )
    hires = [hires_by_world(study, totals, payees_of(study, each)[0]) for each in ends]
    hired = [0.0 if each is None else float(each.sum(axis=0).mean()) for each in hires]
    change = float(gap.mean.sum())
    paid = variable[1] - variable[0] + base[1] - base[0]
    on_cost = study.scenario.employer.on_cost * paid
    open_seats = base[1] - base[0] - gap.against.more * len(gap.mean)
    more = hired[1] - hired[0]
    return Foot(payees=change, open_seats=open_seats, on_cost=on_cost, hires=more, cost=paid + on_cost + more)


def of_group(gap: Gap, mine: Places) -> dict[str, Any]:
    """CSMs of a kind: over all worlds where they are the same in each, else in the worlds that were looked at.

    mine : whether a CSM is one of them. [csm, world], or [csm, 1]
    """
    if mine.shape[1] == 1:
        few = mine[:, 0]
        change, lose = gap.change[few], float(gap.losing[few].mean())
        mean = None if gap.mean is None else float(gap.mean[few].mean())
        csms = float(np.count_nonzero(few))
    else:
        looked = gap.change[:, : mine.shape[1]]
        few = mine[:, : looked.shape[1]]
        change, lose = looked[few], float(np.mean(gap.felt[:, : few.shape[1]][few] < -FELT))
        mean = None if gap.mean is None else float(change.mean())
        csms = float(few.sum() / few.shape[1])
    spread = np.quantile(change, LEVELS).tolist()
    return {"csms": csms, "change": mean, **dict(zip(SPREAD, spread, strict=True)), "lose": lose}


def _rows(
    setting: Setting, totals: Totals, gap: Gap, traits: Traits, clauses: tuple[Steps, Floats] | None
) -> Iterator[Payee]:
    """By CSM, who loses most first."""
    names = [each.name for each in setting.world.scenario.segment]
    of_segment = setting.territories[gap.role].segment
    before, after = (totals.pay.mean[role] for role in (gap.against.role, gap.role))
    assert totals.changes is not None, "there is something to compare"
    moments = totals.changes.change
    spread = np.quantile(gap.change, LEVELS, axis=1)
    centre = spread[1] if gap.mean is None else gap.mean
    for csm in np.argsort(centre, kind="stable").tolist():
        found: dict[str, Any] = dict(zip(SPREAD, spread[:, csm].tolist(), strict=True))
        if gap.mean is not None:
            usual = float(before[csm]) + gap.against.salary
            error = moments.sd[gap.role, csm] / np.sqrt(moments.worlds[gap.role, csm])
            found |= {"baseline": float(before[csm]), "pay": float(after[csm])}
            found |= {"change": float(centre[csm]), "change_se": float(error)}
            found["change_share"] = float(centre[csm]) / usual if usual > 0.0 else None
        if clauses is not None:
            most = int(np.argmax(np.abs(clauses[1][:, csm])))
            found |= {"why": clauses[0].clauses[most].words, "why_change": float(clauses[1][most, csm])}
        yield Payee(
            csm=str(setting.world.book.csms[csm]),
            segment=names[int(of_segment[csm])],
            arr=float(traits.arr[csm, 0]),
            largest=float(traits.largest[csm, 0]),
            lose=float(gap.losing[csm]),
            **found,
        )
