"""Who gains and who loses: every CSM's pay under every plan against the baseline, on the worlds of a run."""

from collections.abc import Callable, Iterator, Mapping, Set
from functools import cache, partial
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
from sim.questions.paths import made, some
from sim.questions.payees.books import Books, Traits, books_of
from sim.questions.payees.effects import moved_by_clause
from sim.questions.payees.summary import Foot, OfClause, OfSegment, OfThird, Payee, Payees
from sim.questions.stress.limits import Judged, Limits, judge

Floats = NDArray[np.float64]
Places = NDArray[np.bool_]
Makers = dict[str, Callable[[], dict[str, Any]]]
"""Keys of an entry, each with what works it out, its error with it."""

MOST_PAYEES: Final = 20_000
"""CSMs x plans of which every one is listed; of more only groups are told."""
SPREAD: Final = ("p10", "p50", "p90")
LEVELS: Final = (0.1, 0.5, 0.9)
OF_BOOKS: Final = frozenset({"sizes", "concentrations", "rows"})
"""Keys that look at the books."""


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
    study: Study, setting: Setting, totals: Totals, no_mean: frozenset[str], keys: Set[str] | None = None
) -> dict[str, Payees]:
    """Who gains and who loses by each plan file, against a baseline that is one. Shares are of pay with salary.

    no_mean : plans whose difference to the baseline has none: told by medians; the baseline where its own pay has none.
    keys    : of the entries that are asked, all where left out; entries of some are not checked.

    Source: paired differences on common random numbers; a felt change of pay is an assumption.
    """
    books = books_of(setting, totals.first_pay.shape[2]) if keys is None or keys & OF_BOOKS else None
    found = {}
    for index, each in enumerate(study.sets):
        role = payees_of(study, index)[0].position
        against = setting.watch.against[role]
        if against is not None:
            gap = _gap(totals, role, against, each.name not in no_mean)
            makers = _in_all(study, totals, role, study.baseline not in no_mean)
            makers |= _of_change(study, setting, totals, index, gap, books)
            values = {key: value for part in made(makers, keys).values() for key, value in part.items()}
            found[each.name] = Payees(**values) if keys is None else some(Payees, values)
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


def _of_change(
    study: Study, setting: Setting, totals: Totals, index: int, gap: Gap, books: Books | None
) -> Makers:
    """What is said of how pay changes, by key. books : None where none of what is asked looks at them."""
    segment = setting.territories[gap.role].segment[:, np.newaxis]
    clauses = cache(lambda: _moved(gap, moved_by_clause(setting, totals, gap.role)))

    def of_clauses() -> tuple[OfClause, ...] | None:
        found = clauses()
        if found is None or gap.mean is None:
            return None
        return tuple(
            OfClause(clause=clause.path, words=clause.words, change=float(amount.sum()))
            for clause, amount in zip(found[0].clauses, found[1], strict=True)
        )

    def of_segments() -> tuple[OfSegment, ...]:
        return tuple(
            OfSegment(segment=each.name, **of_group(gap, segment == place))
            for place, each in enumerate(study.scenario.segment)
            if (segment == place).any()
        )

    def of_books(name: str) -> tuple[OfThird, ...] | None:
        each = () if books is None else books.thirds[name]
        return tuple(OfThird(low=low, high=high, **of_group(gap, mine)) for low, high, mine in each) or None

    held = not study.scenario.book.drawn_anew and setting.shape.books * len(study.sets) <= MOST_PAYEES
    traits = None if books is None or not held else books.traits
    return {
        "worlds": lambda: {"worlds": gap.change.shape[1]},
        "salary_change": lambda: {"salary_change": gap.against.mean_more or None},
        "cut": lambda: {"cut": judged_cut(study, totals, gap.role)},
        "foot": lambda: {"foot": None if gap.mean is None else foot_of(study, totals, index, gap)},
        "clauses": lambda: {"clauses": of_clauses()},
        "segments": lambda: {"segments": of_segments()},
        "sizes": lambda: {"sizes": of_books("arr")},
        "concentrations": lambda: {"concentrations": of_books("largest")},
        "rows": lambda: {
            "rows": None if traits is None else tuple(_rows(setting, totals, gap, traits, clauses()))
        },
    }


def _moved(gap: Gap, found: tuple[Steps, Floats] | None) -> tuple[Steps, Floats] | None:
    """The clauses, and what each moves of a payee's pay: mean, or median where there is no mean. [clause, payee] [usd]"""
    if found is None:
        return None
    steps, moved = found
    if gap.mean is not None and len(moved) == 1:
        return steps, gap.mean[np.newaxis]  # a single clause moves all of it, in all worlds
    return steps, np.median(moved, axis=2) if gap.mean is None else moved.mean(axis=2)


def _in_all(study: Study, totals: Totals, role: int, bounded: bool) -> Makers:
    """Of all CSMs together, by key. bounded : whether what is lost has a mean, as pay under the baseline, the most that can
    be lost, has.
    """
    watch, changes = totals.shape.watch, totals.changes
    assert changes is not None, "there is something to compare"
    losses = len(watch.losses)

    def losing(name: str, loss: float) -> dict[str, Any]:
        found = losing_more(changes, watch, role, loss)
        return {name: found.mean, f"{name}_se": found.se}

    def whole(place: int, months: int) -> dict[str, Any]:
        with_on_cost = 1.0 + study.scenario.employer.on_cost
        each, name = of_feature(changes, role, losses + 2 + place), f"make_whole_{months // 3}q"
        return {name: with_on_cost * each.mean, f"{name}_se": with_on_cost * each.se}

    makers: Makers = {
        "lose": lambda: losing("lose", FELT),
        "gain": lambda: {"gain": of_feature(changes, role, losses).mean},
        "share_losing_10pct": lambda: losing("share_losing_10pct", CUT),
    }
    if bounded:
        years = study.scenario.calendar.years
        makers["make_whole"] = lambda: {"make_whole": of_feature(changes, role, losses + 1).mean / years}
        for place, months in enumerate(MADE_WHOLE[: len(watch.starts)]):
            makers[f"make_whole_{months // 3}q"] = partial(whole, place, months)
    return makers


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
    open_seats = base[1] - base[0] - gap.against.mean_more * len(gap.mean)
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
        csms: float = int(np.count_nonzero(few))
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
    salary = np.broadcast_to(gap.against.salary, (len(centre), 1))[:, 0]
    for csm in np.argsort(centre, kind="stable").tolist():
        found: dict[str, Any] = dict(zip(SPREAD, spread[:, csm].tolist(), strict=True))
        if gap.mean is not None:
            usual = float(before[csm]) + float(salary[csm])
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
