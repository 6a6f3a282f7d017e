"""Who gains and who loses: every CSM's pay under every plan against the baseline, on the worlds of a run."""

from collections.abc import Callable, Mapping, Set
from functools import cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.changes import CUT, FELT, MADE_WHOLE, losing_more, of_feature
from sim.engine.payees import payees_of
from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.measure.order import not_told_from
from sim.plan.clauses import Steps
from sim.questions.paths import made, some
from sim.questions.payees.books import Books, books_of
from sim.questions.payees.effects import moved_by_clause
from sim.questions.payees.foot import foot_of, of_roles
from sim.questions.payees.gap import Gap, gap_of, of_group
from sim.questions.payees.rows import rows_of
from sim.questions.payees.summary import OfClause, OfSegment, OfThird, Payees
from sim.questions.stress.limits import Judged, Limits, judge

Floats = NDArray[np.float64]
Makers = dict[str, Callable[[], dict[str, Any]]]
"""Keys of an entry, each with what works it out, its error with it."""

MOST_PAYEES: Final = 20_000
"""CSMs x plans of which every one is listed; of more only groups are told."""
OF_BOOKS: Final = frozenset({"sizes", "concentrations", "rows"})
"""Keys that look at the books."""


def payee_entries(
    study: Study, setting: Setting, totals: Totals, no_mean: frozenset[str], keys: Set[str] | None = None
) -> dict[str, Payees]:
    """Who gains and who loses by each plan against the baseline. Shares are of pay with salary.

    no_mean : plans whose difference to the baseline has none: told by medians; the baseline where its own pay has none.
    keys    : of the entries that are asked, all where left out; entries of some are not checked.

    Source: paired differences on common random numbers; a felt change of pay is an assumption.
    """
    books = books_of(setting, totals.first_pay.shape[2]) if keys is None or keys & OF_BOOKS else None
    found = {}
    for index, each in enumerate(study.sets):
        first = payees_of(study, index)[0].position
        parts = setting.watch.compared(first)
        if parts:
            gap = gap_of(totals, parts, each.name not in no_mean)
            makers = _in_all(study, totals, first, study.baseline not in no_mean)
            makers |= _of_change(study, setting, totals, index, gap, books)
            values = {key: value for part in made(makers, keys).values() for key, value in part.items()}
            found[each.name] = Payees(**values) if keys is None else some(Payees, values)
    return found


def most_lose(study: Study, totals: Totals, entries: Mapping[str, Payees]) -> tuple[str, ...] | None:
    """Under which plan most CSMs lose, and those not told apart from it, world by world; None where nothing is compared."""
    losing = []
    for index, each in enumerate(study.sets):
        parts = totals.shape.watch.compared(payees_of(study, index)[0].position)
        if each.name in entries and parts:
            felt = gap_of(totals, parts, with_mean=False).felt
            losing.append(np.mean(felt < -FELT, axis=0))
    names = [each.name for each in study.sets if each.name in entries]
    values = np.array([entries[name].lose for name in names])
    if not names:
        return None
    near = not_told_from(int(np.argmax(values)), np.stack(losing), values, ["mean"] * len(names))
    return tuple(names[at] for at in near)


def _of_change(
    study: Study, setting: Setting, totals: Totals, index: int, gap: Gap, books: Books | None
) -> Makers:
    """What is said of how pay changes, by key. books : None where none of what is asked looks at them."""
    segment = np.concatenate([setting.territories[role].segment for role, _ in gap.parts])[:, np.newaxis]
    clauses = cache(lambda: _moved(gap, moved_by_clause(setting, totals, gap.head)))
    plain = study.sets[index].plain

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
        each = () if books is None or not plain else books.thirds[name]
        return tuple(OfThird(low=low, high=high, **of_group(gap, mine)) for low, high, mine in each) or None

    held = not study.scenario.book.drawn_anew and setting.shape.books * len(study.sets) <= MOST_PAYEES
    traits = None if books is None or not held else books.traits
    return {
        "worlds": lambda: {"worlds": gap.change.shape[1]},
        "salary_change": lambda: {"salary_change": (gap.parts[0][1].mean_more or None) if plain else None},
        "cut": lambda: {"cut": judged_cut(study, totals, payees_of(study, index)[0].position)},
        "foot": lambda: {"foot": None if gap.mean is None else foot_of(study, totals, index, gap)},
        "clauses": lambda: {"clauses": of_clauses()},
        "roles": lambda: {"roles": None if plain else tuple(of_roles(study, totals, index, gap))},
        "segments": lambda: {"segments": of_segments()},
        "sizes": lambda: {"sizes": of_books("arr")},
        "concentrations": lambda: {"concentrations": of_books("largest")},
        "rows": lambda: {
            "rows": None
            if traits is None
            else tuple(rows_of(study, setting, totals, index, gap, traits, clauses()))
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
