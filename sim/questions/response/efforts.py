"""The efforts that the plans of a study call for: one value that works out what it is asked, once, and remembers."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.engine.salaries import mean_salary
from sim.engine.study import Study
from sim.errors import InputError, Problem
from sim.measure.response.climb import APART, Equilibrium, climb
from sim.measure.response.effort import TASKS, Costs, best_effort, calibrate, effort_cost
from sim.plan.plan import Plan
from sim.questions.response.effort_world import UNPAID, churn_at_stake, scope_of, strength_for, strengths
from sim.questions.response.gains import PayAtEffort, SegmentBooks, pay_at_effort, sample_books, segment_books
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

BOOKS: Final = "_books"
"""The method whose answers are large."""

Case = ParamSpec("Case")
Answer = TypeVar("Answer")


def kept(
    method: Callable[Concatenate["Efforts", Case], Answer],
) -> Callable[Concatenate["Efforts", Case], Answer]:
    """Work each case out once. Two threads that work out the same one come to the same."""

    @wraps(method)
    def recalled(efforts: "Efforts", /, *case: Case.args, **named: Case.kwargs) -> Answer:
        key = method.__name__, case, tuple(named.items())
        if key not in efforts.known:
            efforts.known[key] = method(efforts, *case, **named)
        answer: Answer = efforts.known[key]
        return answer

    return recalled


class Efforts:
    """The efforts that plans call for, by segment.

    A case is a plan by its name, a segment by its position, and a set of assumptions on its CSMs. From the worlds of the
    sampled books comes what effort gains (``pay_at``), from what it gains under the reference plan what it costs
    (``costs``), from both where efforts settle (``equilibrium``), and so what all do (``effort``).

    asked     : the ``[response]`` table.
    reference : name of the plan under which all efforts are 1.
    csms      : of each segment. [segment]
    sampled   : books that each segment is worked out on, in so many ``worlds``.

    Raises: InputError when so many points of retention cannot be lost, or when costs are asked for and the reference plan
    pays for no task.
    """

    def __init__(self, study: Study, asked: Response, plans: dict[str, Plan], reference: str) -> None:
        self.study, self.asked, self.plans, self.reference = study, asked, plans, reference
        book = make_book(study.scenario)
        self.book, self.persons = book, persons_of(people_of(study.scenario), study.scenario)
        csm_segment = book.segment[book.csm_start[:-1]]
        self.csms = np.bincount(csm_segment, minlength=len(study.scenario.segment))
        self.sampled = sample_books(csm_segment, len(self.csms), asked.books)
        self.worlds = min(asked.worlds, study.worlds)
        self.saving = strength_by_points(study, asked)
        self.central = central_traits(asked)
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

    def strength(self, traits: Traits) -> Floats:
        """Log odds per unit of effort. [task]"""
        return strengths(self.saving[traits.points], traits.other_strength)

    def effort(self, name: str, traits: Traits) -> Floats:
        """Efforts under a plan. [segment, task]"""
        settled = [self.equilibrium(name, segment, traits) for segment in self.segments]
        return self.shared(np.stack([equilibrium.effort for equilibrium in settled]))

    def other_effort(self, name: str) -> Floats | None:
        """Efforts under a plan from another start; None where all starts lead to the same. [segment, task]"""
        others = [self.elsewhere(name, segment) for segment in self.segments]
        if all(other is None for other in others):
            return None
        middle = self.effort(name, self.central)
        return np.stack([one if other is None else other for one, other in zip(middle, others, strict=True)])

    def shared(self, effort: Floats) -> Floats:
        """The same; the mean of all CSMs where a segment has none of its own. [segment, task]"""
        return np.where(self.csms[:, np.newaxis] > 0, effort, self.mean(effort))

    def mean(self, effort: Floats) -> Floats:
        """Of all CSMs. [segment, task] -> [task]"""
        mean: Floats = np.average(effort, axis=0, weights=self.csms)
        return mean

    def pay_and_cost(self, name: str, effort: Floats) -> tuple[Floats, Floats]:
        """Pay as good as certain, and cost of effort with its motives taken off, of a CSM of each segment at some efforts
        [segment, task], under the middle assumptions; 0 where there is no CSM. Both [segment] [usd/yr]
        """
        pay, cost = np.zeros((2, len(self.csms)))
        a_year = self.study.scenario.periods / self.study.scenario.calendar.years
        for segment in self.staffed:
            pay[segment] = self.pay_at(name, segment, self.central, effort[segment]).certain
            cost[segment] = a_year * effort_cost(effort[segment], self.costs(segment, self.central))
        return pay, cost

    def salary(self, name: str) -> float:
        """Of a CSM under a plan, on average. [usd/yr]"""
        return mean_salary(self.plans[name], self.persons, self.book, self.study.scenario.calendar)

    def answer(self, name: str, segment: int, traits: list[Traits]) -> None:
        """Work out all that is reported of a plan in a segment; from then on it is known."""
        if self.csms[segment]:
            middle = self.equilibrium(name, segment, self.central)
            self.elsewhere(name, segment)
            self.pay_at(name, segment, self.central, middle.effort)
            for each in traits:
                self.equilibrium(name, segment, each)

    @kept
    def equilibrium(self, name: str, segment: int, traits: Traits) -> Equilibrium:
        """The efforts that a plan calls for in a segment: under the middle assumptions from today's, under others from the
        middle. Where no CSM is of the segment nothing is asked of them.
        """
        if not self.csms[segment]:
            return STILL
        gains, costs = self.gains(name, segment, traits), self.costs(segment, traits)
        if traits == self.central:
            return climb(gains, costs, TODAY)
        middle, central = self.equilibrium(name, segment, self.central), self.costs(segment, self.central)
        start = np.where(costs.scope, np.minimum(middle.effort, costs.limit), 1.0)
        wanted = best_effort(self.gains(name, segment, self.central)(middle.effort), central)
        change = float(np.abs(best_effort(gains(start), costs) - wanted).max())
        if np.array_equal(start, middle.effort) and change < SAME:
            return middle
        return climb(gains, costs, start, VARIED_TOLERANCE)

    @kept
    def elsewhere(self, name: str, segment: int) -> Floats | None:
        """Efforts from the first other start that leads elsewhere under the middle assumptions, if any does. [task]"""
        if not self.csms[segment]:
            return None
        gains, costs = self.gains(name, segment, self.central), self.costs(segment, self.central)
        middle = self.equilibrium(name, segment, self.central).effort
        ends = [
            climb(gains, costs, np.where(costs.scope, start, 1.0), OTHER_TOLERANCE).effort for start in STARTS
        ]
        return next((end for end in ends if np.abs(end - middle).max() >= APART), None)

    @kept
    def costs(self, segment: int, traits: Traits) -> Costs:
        """Of effort: today's efforts are best under the reference plan."""
        law = self.study.scenario.segment[segment]
        scope = scope_of(law, self.study.scenario.period_months)
        gain = self.gains(self.reference, segment, traits)(TODAY)
        costs = calibrate(gain, scope, traits.substitution, traits.effort_limit)
        if costs is None:
            allowed = f"a plan that pays for renewals in every segment, {law.name} too"
            fix = "Effort is calibrated to what it pays today."
            where, name = f"{self.study.path}: response.reference", self.plans[self.reference].name
            raise InputError([Problem(where, allowed, repr(name), fix)])
        return costs

    def gains(self, name: str, segment: int, traits: Traits) -> Callable[[Floats], Floats]:
        """What one more unit of effort gains at an effort. [task] -> [task] [usd/period]"""
        strength = self.strength(traits)
        return lambda effort: strength * self.pay_at(name, segment, traits, effort).gain

    def pay_at(self, name: str, segment: int, traits: Traits, effort: Floats) -> PayAtEffort:
        """What one log odd of each task gains, and what pay is worth, at an effort [task]."""
        strength, risk = self.strength(traits), traits.risk_aversion
        key = "pay_at", name, segment, risk, moved(strength, effort)
        if key not in self.known:
            books = self._books(name, segment)
            pay = pay_at_effort(books, strength, effort, risk, books.switches)
            self.known[key] = pay._replace(gain=pay.gain * self._correction(name, segment, risk))
        corrected: PayAtEffort = self.known[key]
        return corrected

    @kept
    def _books(self, name: str, segment: int) -> SegmentBooks:
        return segment_books(self.study, self.plans[name], segment, self.sampled, self.worlds)

    @kept
    def _correction(self, name: str, segment: int, risk: float) -> Floats:
        """What gains from fewer switches than the reference's are multiplied by: on the same few, the reference's own come
        out so much too small. So a plan that pays like the reference is answered like it. [task]

        Source: ratio estimate with a control, Cochran (1977), "Sampling Techniques", 3rd ed., chapter 6.
        """
        switches, reference = self._books(name, segment).switches, self._books(self.reference, segment)
        factor = np.ones(len(TASKS))
        if switches < reference.switches:
            traits = self.central._replace(risk_aversion=risk)
            few = pay_at_effort(reference, self.strength(traits), TODAY, risk, switches).gain
            full = self.pay_at(self.reference, segment, traits, TODAY).gain
            both = few * full > 0.0
            factor[both] = np.clip(full[both] / few[both], 1.0 / MOST_FACTOR, MOST_FACTOR)
        return factor


def strength_by_points(study: Study, asked: Response) -> dict[float, float]:
    """Log odds per unit of effort on saving, for each value of ``points``.

    Raises: InputError when so many points cannot be lost.
    """
    churn, arr = churn_at_stake(study.scenario)
    by_points = {}
    for points in asked.points:
        strength = strength_for(churn, arr, points)
        if strength is None:
            allowed = "points of gross retention that can be lost"
            raise InputError([Problem(f"{study.path}: response.points", allowed, f"{points:g}")])
        by_points[points] = strength
    return by_points


def moved(strength: Floats, effort: Floats) -> bytes:
    """What efforts change in the worlds, log odds to six decimals: equal for equal worlds. Unpaid work changes none."""
    odds = np.round(strength * (effort - 1.0), 6) + 0.0
    odds[..., UNPAID] = 0.0
    return odds.tobytes()
