"""Effort by quarter under a plan whose pay is for a longer window: who gives up, who coasts and who spurts."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measure.response.pacing import Race, best_pace, followed, steady_cost
from sim.plan.curve import CurveTerms, pay_curve
from sim.plan.settle import ComponentTerms, settle_on
from sim.plan.worksheet import Worksheet
from sim.questions.incentive.scene import Scene, beside_book, paid_ledgers, whole_book
from sim.questions.response.efforts import Efforts
from sim.questions.response.segment_books import SegmentBooks, at_log_odds
from sim.questions.response.summary import Pace

Floats = NDArray[np.float64]

KINDS: Final = ("renewals", "bookings", "change", "events", "share")
"""Kinds of measures whose window fills up with what a book does; a KPI is read at its end."""
WORLDS: Final = 96
"""Paces are worked out in at most so many worlds."""
STEP: Final = 1.0
"""Of the pace, that what it adds is differenced over: few outcomes differ between near ones."""
IDLE: Final = 0.25
"""Below this pace a CSM has given up, or coasts."""
SPURT: Final = 1.5
"""Above this pace a CSM spurts."""


class Windowed(NamedTuple):
    """What a component with a longer window has reached in one book. reached : at the end of each period, of what the window
    asks [period, world] [share]; start : before it [share]; due : ARR due, by which work is spread [period] [usd].
    """

    reached: Floats
    start: float
    due: Floats


def paces(efforts: Efforts, name: str) -> tuple[Pace, ...] | None:
    """By period of the window, mean over the books and windows that were looked at; None where no bonus has a longer window
    that fills up with what a book does.

    Source: METHOD.md, effort by quarter. Pace 1 is the plan's answer; all efforts of a book move together.
    """
    found = [race for segment in efforts.staffed for race in _races(efforts, name, segment)]
    if not found:
        return None
    runs = [followed(race, best_pace(race)) for race in found]
    longest = max(len(run.pace) for run in runs)
    rows = []
    for period in range(longest):
        there = [run for run in runs if len(run.pace) > period]
        thirds = [_thirds(run.pace[period], run.before[period]) for run in there]
        pace = np.concatenate([run.pace[period] for run in there])
        behind, middle, ahead = np.mean(thirds, axis=0).tolist()
        rows.append(
            Pace(
                period=period + 1,
                pace=float(pace.mean()),
                behind=behind,
                middle=middle,
                ahead=ahead,
                idle_share=float((pace < IDLE).mean()),
                spurt_share=float((pace > SPURT).mean()),
            )
        )
    return tuple(rows)


def _thirds(pace: Floats, standing: Floats) -> list[float]:
    """Mean pace of the third of worlds that stands lowest, of that between, and of that which stands highest."""
    order = np.argsort(standing, kind="stable")
    return [float(pace[part].mean()) for part in np.array_split(order, 3)]


def _races(efforts: Efforts, name: str, segment: int) -> Iterator[Race]:
    """The windows of the sampled books of a segment, of each component on its own."""
    crew = efforts.crew(name, segment)
    longer = any(
        each.measurement.endswith("to_date") and each.pay_kind == "bonus" and each.kind in KINDS
        for role in crew.roles
        for each in role.plan.component
    )
    if not longer:
        return
    central = efforts.central
    effort = efforts.on_book(name, segment, efforts.equilibrium(name, segment, central).effort)
    strength, books = efforts.strength(central), efforts.books(name, segment)
    worlds = min(WORLDS, books.worlds)
    scenes = [at_log_odds(books, strength * (pace * effort - 1.0)) for pace in (1.0, 1.0 + STEP, 1.0 - STEP)]
    for csm in books.csms:
        usual, more, less = (list(_windows(scene, books, csm, worlds)) for scene in scenes)
        for (terms, now), (_, up), (_, down) in zip(usual, more, less, strict=True):
            lift = float((up.reached - down.reached)[-1].mean()) / (2.0 * STEP)
            yield from _race(terms, now, lift, efforts)


def _windows(
    scene: Scene, books: SegmentBooks, csm: int, worlds: int
) -> Iterator[tuple[tuple[ComponentTerms, int], Windowed]]:
    """Every closed window of more than one period: its component and first period, and what is reached in it."""
    ledger = whole_book(scene, csm, 0, worlds)[2]
    beside = beside_book(scene, csm, 0, worlds)
    for places, paid in paid_ledgers(scene, beside, ledger):
        sheet = Worksheet(paid)
        for place in places:
            plan, settled = scene.plans[place], settle_on(sheet, scene.plans[place])
            for terms, component in zip(plan.components, books.roles[place].plan.component, strict=True):
                measured = settled.component[terms.name].measured
                bonus = isinstance(terms.pay, CurveTerms) and component.kind in KINDS
                if measured is None or not bonus or not terms.window.to_date:
                    continue
                for last in np.flatnonzero(terms.window.closes).tolist():
                    first = int(terms.window.first[last])
                    asked = measured.target[last]
                    if last == first or not (asked > 0.0).all() or measured.skipped is not None:
                        continue
                    inside, lead = slice(first, last + 1), scene.frame.calendar.lead
                    due = paid.renewable[lead + first : lead + last + 1].mean(axis=1)
                    if component.kind == "share":
                        floor = component.quota.floor or 0.0
                        whole = (1.0 - floor) / (float(asked[0]) - floor)
                        yield (terms, first), Windowed(measured.attainment[inside], whole, due)
                    else:
                        yield (terms, first), Windowed(measured.value[inside] / asked, 0.0, due)


def _race(of: tuple[ComponentTerms, int], now: Windowed, lift: float, efforts: Efforts) -> Iterator[Race]:
    """The window as a race, where effort gains anything in it. lift : what pace 1 adds to what is reached. [share]"""
    terms, first = of
    curve, periods = terms.pay, len(now.reached)
    assert isinstance(curve, CurveTerms)
    target = terms.target * float(terms.periods[first + periods - 1])

    def pay(attainment: Floats) -> Floats:
        flat = attainment.reshape(1, -1)
        multiple = np.empty_like(flat)
        pay_curve(curve.pieces, flat, multiple)
        paid: Floats = target * multiple.reshape(attainment.shape)
        return paid

    added = np.diff(np.vstack([np.full_like(now.reached[:1], now.start), now.reached]), axis=0)
    each = np.maximum(lift, 0.0) * now.due / max(float(now.due.sum()), 1.0)
    cost = steady_cost(pay, now.reached[-1], each, STEP)
    if cost > 0.0:
        start = np.full(now.reached.shape[1], now.start)
        yield Race(pay, start, added - each[:, np.newaxis], each, cost, efforts.asked.effort_limit)
