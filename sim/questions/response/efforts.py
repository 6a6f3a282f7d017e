"""The response pass of a study: the efforts each plan calls for, and what the company gets at them."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.study import Study
from sim.errors import InputError, Problem
from sim.measure.response.climb import APART, Equilibrium, climb
from sim.measure.response.effort import TASKS, Costs, best_effort, calibrate, effort_cost
from sim.measure.value import Parts
from sim.plan.plan import Plan
from sim.questions.incentive.measurable import measurable_plans
from sim.questions.response.checks import check_reference
from sim.questions.response.company_value import company_parts
from sim.questions.response.effort_world import UNPAID, churn_at_stake, scope_of, strength_for, strengths
from sim.questions.response.gains import Bench, Sample, Worths, make_bench, sample_books, worths
from sim.questions.response.setting import Response
from sim.questions.response.traits import Traits, all_traits, central_traits
from sim.world.book import make_book

Floats = NDArray[np.float64]

STARTS: Final = (0.0, 2.0)
"""Efforts that the climb is started from besides today's: where all agree, that speaks for one equilibrium."""
VARIED_WORLDS: Final = 128
"""The value of what is only varied is worked out in at most so many worlds."""
MOST_FACTOR: Final = 2.0
"""Gains from few switches are corrected by no more than this. [1]"""
VARIED_TOLERANCE: Final = 0.02
"""What is only varied is answered to this. [effort]"""
OTHER_TOLERANCE: Final = 0.10
"""Whether other starts lead elsewhere is answered to this. [effort]"""
SAME: Final = 1e-6
"""A varied input that does not move the best answer to what effort gains at the answer by more changes nothing. [effort]"""


class Setting(NamedTuple):
    """What every plan's answer needs.

    asked     : with the name of the reference plan filled in.
    costs     : of effort, by segment, for each set of assumptions.
    strengths : log odds per unit of effort on saving, by ``points``.
    csms      : of each segment. [segment]
    """

    study: Study
    asked: Response
    reference: Plan
    sample: Sample
    costs: dict[Traits, list[Costs]]
    strengths: dict[float, float]
    csms: NDArray[np.int64]

    def strength(self, traits: Traits) -> Floats:
        """Log odds per unit of effort. [task]"""
        return strengths(self.strengths[traits.points], traits.others)


class Answer(NamedTuple):
    """How the CSMs of a segment answer one plan.

    found   : for each set of assumptions.
    other   : efforts from another start, where they differ under the middle assumptions. [task]
    certain : pay as good as certain, at today's efforts and at those of the middle. [usd/yr]
    cost    : of effort, its motives taken off, likewise. [usd/yr]
    """

    found: dict[Traits, Equilibrium]
    other: Floats | None
    certain: tuple[float, float]
    cost: tuple[float, float]


@dataclass
class Desk:
    """What efforts are worth under one plan in one segment; asked again, it remembers."""

    setting: Setting
    plan: Plan
    index: int
    benches: dict[float, Bench] = field(default_factory=dict)
    factors: dict[float, Floats] = field(default_factory=dict)
    known: dict[tuple[float, bytes], Worths] = field(default_factory=dict)

    def ask(self, traits: Traits, effort: Floats) -> Worths:
        """Worths at an effort. [task]"""
        strength = self.setting.strength(traits)
        key = traits.risk, moved(strength, effort)
        if key not in self.known:
            found = worths(self._bench(traits.risk), strength, effort)
            self.known[key] = found._replace(gain=found.gain * self._factor(traits))
        return self.known[key]

    def _bench(self, risk: float) -> Bench:
        if risk not in self.benches:
            setting = self.setting
            self.benches[risk] = make_bench(setting.study, self.plan, setting.sample, self.index, risk)
        return self.benches[risk]

    def _factor(self, traits: Traits) -> Floats:
        """What gains from fewer switches than the reference's are multiplied by: on the same few, the reference's own come
        out so much too small. So a plan that pays like the reference is answered like it.

        Source: ratio estimate with a control, Cochran (1977), "Sampling Techniques", 3rd ed., chapter 6.
        """
        setting, bench = self.setting, self._bench(traits.risk)
        if traits.risk not in self.factors:
            reference = Desk(setting, setting.reference, self.index)
            factor, here = np.ones(len(TASKS)), np.ones(len(TASKS))
            if bench.switches < reference._bench(traits.risk).switches:
                where = (setting.study, setting.reference, setting.sample, self.index, traits.risk)
                few = worths(make_bench(*where, bench.switches), setting.strength(traits), here).gain
                full = reference.ask(traits, here).gain
                known = few * full > 0.0
                factor[known] = np.clip(full[known] / few[known], 1.0 / MOST_FACTOR, MOST_FACTOR)
            self.factors[traits.risk] = factor
        return self.factors[traits.risk]

    def gains(self, traits: Traits) -> Callable[[Floats], Floats]:
        """What one more unit of effort gains at an effort. [task] -> [task] [usd/period]"""
        strength = self.setting.strength(traits)
        return lambda effort: strength * self.ask(traits, effort).gain


class Responded(NamedTuple):
    """The answers to every plan, and what the company gets at them.

    answers : by plan, by segment.
    parts   : by plan, for each set of assumptions; today's are the reference plan's.
    """

    setting: Setting
    plans: dict[str, Plan]
    answers: dict[str, list[Answer]]
    parts: dict[str, dict[Traits, Parts]]
    today: Parts

    @property
    def csm_years(self) -> float:
        """CSMs times years of the horizon. [yr]"""
        return float(self.setting.csms.sum()) * self.setting.study.scenario.calendar.years

    def effort(self, name: str, traits: Traits) -> Floats:
        """Efforts under a plan. [segment, task]"""
        return np.stack([each.found[traits].effort for each in self.answers[name]])


def respond(study: Study, threads: int, vary: bool = True) -> Responded:
    """Solve for the efforts that every plan calls for, and simulate the company at them.

    vary : also at the lower and higher values of every input; else under the middle assumptions alone.

    Raises: InputError where the reference plan cannot be answered, or pays for nothing.
    """
    asked = study.asked(Response) or Response()
    plans, reference = measurable_plans(study.sets), asked.reference or study.baseline
    problems = check_reference(f"{study.path}: response.reference", reference, study.sets)
    if problems:
        raise InputError(problems)
    traits = all_traits(asked) if vary else [central_traits(asked)]
    with ThreadPoolExecutor(threads) as pool:
        setting = prepare(study, asked, plans[reference], traits)
        desks = [Desk(setting, plan, index) for plan in plans.values() for index in range(len(setting.csms))]
        # The largest segments last would leave a processor idle at the end.
        order = sorted(range(len(desks)), key=lambda place: -_size(study, desks[place].index))
        solved = dict(zip(order, pool.map(lambda place: answer(desks[place], traits), order), strict=True))
        found = [solved[place] for place in range(len(desks))]
        count = len(setting.csms)
        answers = {
            name: _alike(setting, found[place * count :][:count], traits) for place, name in enumerate(plans)
        }
        parts, today = _value(setting, plans, answers, traits, pool)
    return Responded(setting, plans, answers, parts, today)


def prepare(study: Study, asked: Response, reference: Plan, traits: Iterable[Traits]) -> Setting:
    """Strengths for each value of ``points``, and costs at which today's efforts are best under the reference plan.

    Raises: InputError when the reference plan pays for no task, or so many points cannot be lost.
    """
    scenario = study.scenario
    book = make_book(scenario)
    csm_segment = book.segment[book.csm_start[:-1]]
    segments = len(scenario.segment)
    sample = Sample(sample_books(csm_segment, segments, asked.books), min(asked.worlds, study.worlds))
    csms = np.bincount(csm_segment, minlength=segments)
    setting = Setting(study, asked, reference, sample, {}, strengths_by_points(study, asked), csms)
    desks = [Desk(setting, reference, index) for index in range(segments)]
    for each in traits:
        costs = []
        for index, segment in enumerate(scenario.segment):
            if not csms[index]:
                costs.append(NO_COSTS)
                continue
            gain = desks[index].gains(each)(np.ones(len(TASKS)))
            cost = calibrate(gain, scope_of(segment, scenario.period_months), each.substitution, each.limit)
            if cost is None:
                raise _pays_for_nothing(study, reference, segment.name)
            costs.append(cost)
        setting.costs[each] = costs
    return setting


NO_COSTS: Final = Costs(np.ones(len(TASKS)), 0.0, np.ones(len(TASKS)), np.zeros(len(TASKS), dtype=np.bool_))
"""Of a segment that no CSM is of: nothing is in scope, whoever holds its accounts works alike on them."""


def strengths_by_points(study: Study, asked: Response) -> dict[float, float]:
    """Log odds per unit of effort on saving, for each value of ``points``.

    Raises: InputError when so many points cannot be lost.
    """
    churn, arr = churn_at_stake(study.scenario)
    found = {}
    for points in asked.points:
        strength = strength_for(churn, arr, points)
        if strength is None:
            allowed = "points of gross retention that can be lost"
            raise InputError([Problem(f"{study.path}: response.points", allowed, f"{points:g}")])
        found[points] = strength
    return found


def answer(desk: Desk, traits: list[Traits]) -> Answer:
    """The efforts that a plan calls for in a segment: under the middle assumptions from three starts, under the others
    from there.
    """
    central, *others = traits
    setting, here = desk.setting, np.ones(len(TASKS))
    if not len(setting.sample.books[desk.index]):
        still = Equilibrium(here, 0, True)
        return Answer(dict.fromkeys(traits, still), None, (0.0, 0.0), (0.0, 0.0))
    costs = setting.costs[central][desk.index]
    gains = desk.gains(central)
    middle = climb(gains, costs, here)
    started = [climb(gains, costs, np.where(costs.scope, start, 1.0), OTHER_TOLERANCE) for start in STARTS]
    apart = [each.effort for each in started if np.abs(each.effort - middle.effort).max() >= APART]
    found = {central: middle}
    wanted = best_effort(gains(middle.effort), costs)
    for each in others:
        own = setting.costs[each][desk.index]
        start = np.where(own.scope, np.minimum(middle.effort, own.limit), 1.0)
        same = best_effort(desk.gains(each)(start), own) - wanted
        if np.array_equal(start, middle.effort) and float(np.abs(same).max()) < SAME:
            found[each] = middle
        else:
            found[each] = climb(desk.gains(each), own, start, VARIED_TOLERANCE)
    a_year = setting.study.scenario.periods / setting.study.scenario.calendar.years
    certain = (desk.ask(central, here).certain, desk.ask(central, middle.effort).certain)
    cost = (a_year * effort_cost(here, costs), a_year * effort_cost(middle.effort, costs))
    return Answer(found, apart[0] if apart else None, certain, cost)


def _alike(setting: Setting, answers: list[Answer], traits: list[Traits]) -> list[Answer]:
    """The answers with the mean effort of all CSMs where a segment has none of its own."""
    if setting.csms.all():
        return answers
    mean = {
        each: np.average([one.found[each].effort for one in answers], axis=0, weights=setting.csms)
        for each in traits
    }
    shared = {each: Equilibrium(effort, 0, True) for each, effort in mean.items()}
    return [
        one if csms else one._replace(found=shared) for one, csms in zip(answers, setting.csms, strict=True)
    ]


def _value(
    setting: Setting,
    plans: dict[str, Plan],
    answers: dict[str, list[Answer]],
    traits: list[Traits],
    pool: ThreadPoolExecutor,
) -> tuple[dict[str, dict[Traits, Parts]], Parts]:
    """What the company gets at every answer, and today; each distinct case simulated once."""
    asked, here = setting.asked, np.ones((len(setting.csms), len(TASKS)))
    cases: dict[tuple[str, bytes], tuple[Plan, Floats, Floats, int]] = {}
    keys: dict[tuple[str, Traits], tuple[str, bytes]] = {}
    by_points = {each for each in traits if each == central_traits(asked)._replace(points=each.points)}
    work = [(name, plan, each) for name, plan in plans.items() for each in traits]
    for name, plan, each in work:
        effort = np.stack([part.found[each].effort for part in answers[name]])
        strength = setting.strength(each)
        worlds = asked.value_worlds if each in by_points else min(asked.value_worlds, VARIED_WORLDS)
        key = name, moved(strength, effort)
        keys[name, each] = key
        if key not in cases or cases[key][3] < worlds:
            cases[key] = plan, effort, strength, worlds
    own = setting.reference.name, moved(strengths(0.0, 1.0), here)
    cases[own] = setting.reference, here, strengths(0.0, 1.0), asked.value_worlds
    found = pool.map(lambda case: company_parts(setting.study, *case), cases.values())
    parts = dict(zip(cases, found, strict=True))
    valued = {name: {each: parts[keys[name, each]] for each in traits} for name in plans}
    return valued, parts[own]


def moved(strength: Floats, effort: Floats) -> bytes:
    """What efforts change in the worlds, log odds to six decimals: equal for equal worlds. Unpaid work changes none."""
    odds = np.round(strength * (effort - 1.0), 6) + 0.0
    odds[..., UNPAID] = 0.0
    return odds.tobytes()


def _pays_for_nothing(study: Study, reference: Plan, segment: str) -> InputError:
    allowed = f"a plan that pays for renewals in every segment, {segment} too"
    fix = "Effort is calibrated to what it pays today."
    where = f"{study.path}: response.reference"
    return InputError([Problem(where, allowed, repr(reference.name), fix)])


def _size(study: Study, index: int) -> int:
    segment = study.scenario.segment[index]
    return segment.accounts_per_csm if segment.arr is not None else 0
