"""The efforts that the plans of a study call for: one value that works out what it is asked, once, and remembers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.engine.salaries import salary_in
from sim.engine.study import Study, variants_of
from sim.measure.response.climb import APART, Equilibrium, climb
from sim.measure.response.effort import TASKS, Costs, best_efforts, calibrate
from sim.plan.role_set import RoleSet
from sim.questions.response.crew import Crew, crew_of
from sim.questions.response.effort_world import (
    moved,
    paid_beside_renewals,
    scope_of,
    strength_by_points,
    strengths,
)
from sim.questions.response.gains import PARTS, PayAtEffort, pay_at_effort
from sim.questions.response.recalled import recalled
from sim.questions.response.segment_books import SegmentBooks, sample_books, segment_books
from sim.questions.response.setting import Response
from sim.questions.response.traits import Traits, central_traits
from sim.world.book import make_book
from sim.world.people import people_of, persons_of

Floats = NDArray[np.float64]

TODAY: Final = np.ones(len(TASKS))
"""Efforts under the reference plan. [task] [effort]"""
STILL: Final = Equilibrium(TODAY, 0, True)
STARTS: Final = (0.0, 2.0)
"""Efforts that the climb is started from besides today's: where all agree, that speaks for one equilibrium."""
MOST_FACTOR: Final = 2.0
"""Gains from few switches are corrected by no more than this. [1]"""
VARIED_TOLERANCE: Final = 0.02
"""What is only varied is answered to this. [effort]"""
OTHER_TOLERANCE: Final = 0.10
"""Whether other starts lead elsewhere is answered to this. [effort]"""
SAME: Final = 1e-6
"""A varied input that does not move the best answer to what effort gains at the answer by more changes nothing. [effort]"""

BOOKS: Final = "books"
"""The method whose answers are large."""


class Efforts:
    """The efforts that plans call for, by segment.

    A case is a plan or role set by its name, a segment by its position, and a set of assumptions on its people. From the
    worlds of the sampled books comes what effort gains (``pay_at``), from what it gains under the reference plan what it
    costs (``costs``), from both where efforts settle (``equilibrium``), and so what all do (``effort``).

    asked     : the ``[response]`` table.
    sets      : by name.
    reference : name of the plan under which all efforts are 1.
    csms      : of each segment. [segment]
    sampled   : books that each segment is worked out on, in so many ``worlds``.
    beside    : tasks beside renewals that some plan pays for.
    parts     : of the worlds, each left out once for errors. [count]

    Raises: InputError when so many points of retention cannot be lost.
    """

    def __init__(self, study: Study, asked: Response, sets: Sequence[RoleSet], reference: str) -> None:
        self.study, self.asked, self.reference = study, asked, reference
        self.sets = {role_set.name: role_set for role_set in sets}
        self.book = book = make_book(study.scenario)
        self.persons = persons_of(people_of(study.scenario), study.scenario)
        csm_segment = book.segment[book.csm_start[:-1]]
        self.csms = np.bincount(csm_segment, minlength=len(study.scenario.segment))
        self.sampled = sample_books(csm_segment, len(self.csms), asked.books)
        self.worlds = min(asked.worlds, study.worlds)
        self.saving = strength_by_points(study, asked.points)
        self.central = central_traits(asked)
        self.beside = paid_beside_renewals(role.plan for each in sets for role in each.roles)
        shifts, variant_of = variants_of(replace(study, sets=tuple(sets)))
        self.shifts = {each.name: shifts[at] for each, at in zip(sets, variant_of, strict=True)}
        self.parts = min(PARTS, self.worlds)
        self.known: dict[Any, Any] = {}

    @property
    def told(self) -> dict[Any, Any]:
        """What is known, as others are told it: without the books, which can be drawn anew."""
        return {key: value for key, value in list(self.known.items()) if key[0] != BOOKS}

    def __getstate__(self) -> dict[str, Any]:
        """As it travels to other processes."""
        return self.__dict__ | {"known": self.told}

    @property
    def segments(self) -> range:
        """Positions of the segments."""
        return range(len(self.csms))

    @property
    def staffed(self) -> list[int]:
        """Positions of the segments that CSMs are of."""
        staffed: list[int] = np.flatnonzero(self.csms).tolist()
        return staffed

    @property
    def csm_years(self) -> float:
        """CSMs times years of the horizon. [yr]"""
        return float(self.csms.sum()) * self.study.scenario.calendar.years

    @recalled
    def crew(self, name: str, segment: int) -> Crew:
        """Who works on the books of a segment."""
        return crew_of(self.sets[name], self.study.scenario.segment[segment].name, int(self.csms[segment]))

    def strength(self, traits: Traits) -> Floats:
        """Log odds per unit of effort. [task]"""
        return strengths(self.saving[traits.points], traits.other_strength)

    def effort(self, name: str, traits: Traits) -> Floats:
        """Efforts on a book under a plan, of all who work on it together. [segment, task]"""
        found = [
            self.on_book(name, segment, self.equilibrium(name, segment, traits).effort)
            for segment in self.segments
        ]
        return self.shared(np.stack(found))

    def other_effort(self, name: str) -> Floats | None:
        """Efforts under a plan from another start; None where all starts lead to the same. [segment, task]"""
        others = [self.elsewhere(name, segment) for segment in self.segments]
        if all(other is None for other in others):
            return None
        middle = self.effort(name, self.central)
        return np.stack(
            [
                one if other is None else self.on_book(name, segment, other)
                for segment, (one, other) in enumerate(zip(middle, others, strict=True))
            ]
        )

    def shared(self, effort: Floats) -> Floats:
        """The same; the mean of all CSMs where a segment has none of its own. [segment, task]"""
        return np.where(self.csms[:, np.newaxis] > 0, effort, self.mean(effort))

    def mean(self, effort: Floats) -> Floats:
        """Of all CSMs. [segment, task] -> [task]"""
        mean: Floats = np.average(effort, axis=0, weights=self.csms)
        return mean

    def salary(self, name: str) -> float:
        """Counted for a book under a plan, on average. [usd/yr]"""
        known = (self.persons, self.book, self.study.scenario.calendar)
        return self.a_book(
            name, lambda crew: crew.of_book(np.array([salary_in(role, *known) for role in crew.roles]))
        )

    def a_book(self, name: str, of_crew: Callable[[Crew], float]) -> float:
        """What a crew has for a book, mean over the books of the company."""
        of_segments = [of_crew(self.crew(name, segment)) for segment in self.segments]
        return float(np.average(of_segments, weights=self.csms))

    def on_book(self, name: str, segment: int, effort: Floats) -> Floats:
        """What the efforts of all who work on a book come to, each their share. [role x task] -> [task]"""
        return self.change_on_book(name, segment, effort) if self.crew(name, segment).roles else TODAY

    def change_on_book(self, name: str, segment: int, change: Floats) -> Floats:
        """The same of a change of efforts. [role x task] -> [task]"""
        roles = len(self.crew(name, segment).roles)
        if roles == 1:
            return change
        together: Floats = (self._shares(name, segment) * change.reshape(roles, -1)).sum(axis=0)
        return together

    def answers(self, name: str, traits: Traits) -> dict[int, Floats]:
        """Where efforts settle in the segments that CSMs are of. [role x task]"""
        return {segment: self.equilibrium(name, segment, traits).effort for segment in self.staffed}

    def answer(self, name: str, segment: int, traits: list[Traits], elsewhere: bool = True) -> None:
        """Work out all that is reported of a plan in a segment; from then on it is known. elsewhere : also other starts."""
        if self.crew(name, segment).roles:
            middle = self.equilibrium(name, segment, self.central)
            if elsewhere:
                self.elsewhere(name, segment)
            self.pay_at(name, segment, self.central, middle.effort)
            for each in traits:
                self.equilibrium(name, segment, each)

    @recalled
    def equilibrium(self, name: str, segment: int, traits: Traits) -> Equilibrium:
        """The efforts that a plan calls for in a segment: under the middle assumptions from today's, under others from the
        middle. Where nobody is paid on a segment nothing is asked of them.
        """
        roles = len(self.crew(name, segment).roles)
        if not roles:
            return STILL
        gains, costs = self.gains(name, segment, traits), self.costs(name, segment, traits)
        if traits == self.central:
            return climb(gains, costs, np.tile(TODAY, roles))
        middle, central = (
            self.equilibrium(name, segment, self.central),
            self.costs(name, segment, self.central),
        )
        scope, limit = np.tile(costs[0].scope, roles), costs[0].limit
        start = np.where(scope, np.minimum(middle.effort, limit), 1.0)
        wanted = best_efforts(self.gains(name, segment, self.central)(middle.effort), central)
        change = float(np.abs(best_efforts(gains(start), costs) - wanted).max())
        if np.array_equal(start, middle.effort) and change < SAME:
            return middle
        return climb(gains, costs, start, VARIED_TOLERANCE)

    @recalled
    def elsewhere(self, name: str, segment: int) -> Floats | None:
        """Efforts from the first other start that leads elsewhere under the middle assumptions, if any. [role x task]"""
        roles = len(self.crew(name, segment).roles)
        if not roles:
            return None
        gains, costs = self.gains(name, segment, self.central), self.costs(name, segment, self.central)
        middle, scope = self.equilibrium(name, segment, self.central).effort, np.tile(costs[0].scope, roles)
        ends = [climb(gains, costs, np.where(scope, start, 1.0), OTHER_TOLERANCE).effort for start in STARTS]
        return next((end for end in ends if np.abs(end - middle).max() >= APART), None)

    def costs(self, name: str, segment: int, traits: Traits) -> tuple[Costs, ...]:
        """Of effort, of each role: today's efforts are best under the reference plan. A role that it does not have works at
        the cost of whoever holds the book there. [role]
        """
        return self._of_roles(name, segment, self._reference_costs(segment, traits))

    def costs_without(self, name: str, segment: int, part: int) -> tuple[Costs, ...]:
        """The same under the middle assumptions with one part of the worlds left out."""
        return self._of_roles(name, segment, self._reference_costs(segment, self.central, part))

    def _of_roles(self, name: str, segment: int, known: tuple[Costs, ...]) -> tuple[Costs, ...]:
        there, crew = self.crew(self.reference, segment), self.crew(name, segment)
        by_name = dict(zip((role.name for role in there.roles), known, strict=False))
        holder = next((role.name for role in there.roles if role.holds_book), None)
        return tuple(by_name.get(role.name, by_name.get(holder or "", known[0])) for role in crew.roles)

    @recalled
    def _reference_costs(self, segment: int, traits: Traits, part: int | None = None) -> tuple[Costs, ...]:
        """Of each role of the reference; where it pays nobody for anything, costs are as large as what the first plan that
        does pays for effort.
        """
        law = self.study.scenario.segment[segment]
        scope = scope_of(law, self.study.scenario.period_months, self.beside)
        for name in (self.reference, *self.sets):
            gain = self._gains_today(name, segment, traits)
            unpaid = float(gain[:, scope].max(initial=0.0))
            if unpaid > 0.0:
                break
        own = self._gains_today(self.reference, segment, traits, part)
        rules = (scope, traits.substitution, traits.effort_limit, unpaid or 1.0)
        return tuple(calibrate(each, *rules) for each in own) or (calibrate(np.zeros(len(TASKS)), *rules),)

    @recalled
    def _shares(self, name: str, segment: int) -> Floats:
        crew = self.crew(name, segment)
        return crew.shares(self._gains_today(name, segment, self.central))

    def gains(self, name: str, segment: int, traits: Traits) -> Callable[[Floats], Floats]:
        """What one more unit of effort gains at an effort. [role x task] -> [role x task] [usd/period]"""
        strength = self.strength(traits)
        return lambda effort: (strength * self.pay_at(name, segment, traits, effort).gain).ravel()

    def _gains_today(self, name: str, segment: int, traits: Traits, part: int | None = None) -> Floats:
        """The same at today's efforts; with one part of the worlds left out where it is told. [role, task] [usd/period]"""
        at = self.pay_on_book(name, segment, traits, TODAY)
        gain: Floats = self.strength(traits) * (at.gain if part is None else at.without[part])
        return gain

    def pay_at(self, name: str, segment: int, traits: Traits, effort: Floats) -> PayAtEffort:
        """What one log odd of each task gains, and what pay is worth, at the efforts of all who work on a book
        [role x task].
        """
        return self.pay_on_book(name, segment, traits, self.on_book(name, segment, effort))

    def pay_on_book(self, name: str, segment: int, traits: Traits, effort: Floats) -> PayAtEffort:
        """The same at what these efforts come to [task]."""
        strength, risk = self.strength(traits), traits.risk_aversion
        key = "pay_on_book", name, segment, risk, moved(strength, effort)
        if key not in self.known:
            books = self.books(name, segment)
            pay = pay_at_effort(books, strength, effort, risk, books.switches)
            factor = self._correction(name, segment, risk)
            self.known[key] = pay._replace(
                gain=pay.gain * factor, without=pay.without * factor, paid=pay.paid * factor
            )
        corrected: PayAtEffort = self.known[key]
        return corrected

    @recalled
    def books(self, name: str, segment: int) -> SegmentBooks:
        """The sampled books of a segment under a plan."""
        law, crew = self.study.scenario.segment[segment], self.crew(name, segment)
        scope = scope_of(law, self.study.scenario.period_months, self.beside)
        beside = tuple(task for task in self.beside if scope[task])
        return segment_books(self.study, crew, segment, self.sampled, self.worlds, self.shifts[name], beside)

    @recalled
    def _correction(self, name: str, segment: int, risk: float) -> Floats:
        """What gains from fewer switches than the reference's are multiplied by: on the same few, the reference's own come
        out so much too small. So a plan that pays like the reference is answered like it. [task]

        Source: ratio estimate with a control, Cochran (1977), "Sampling Techniques", 3rd ed., chapter 6.
        """
        factor = np.ones(len(TASKS))
        if not self.crew(self.reference, segment).roles:
            return factor
        switches, reference = self.books(name, segment).switches, self.books(self.reference, segment)
        if switches < reference.switches:
            traits = self.central._replace(risk_aversion=risk)
            few = pay_at_effort(reference, self.strength(traits), TODAY, risk, switches).gain.sum(axis=0)
            full = self.pay_on_book(self.reference, segment, traits, TODAY).gain.sum(axis=0)
            both = few * full > 0.0
            factor[both] = np.clip(full[both] / few[both], 1.0 / MOST_FACTOR, MOST_FACTOR)
        return factor
