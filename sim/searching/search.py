"""Search a study: try plans on kept worlds, round the front, settle finalists on fresh worlds, and say what was found."""

from collections.abc import Sequence
from typing import Final

from sim.engine.executor import Executor
from sim.engine.kept import KeptWorlds, keep
from sim.engine.pool import Workers
from sim.engine.study import Study
from sim.engine.whole_number import whole
from sim.errors import InputError, Problem
from sim.plan.plan import Plan
from sim.questions.search.setting import MOST_WORLDS, Search
from sim.searching.dear import Predictor, dear_of, drawn, measured
from sim.searching.fresh import estimated, part_of
from sim.searching.front import knees, spread
from sim.searching.generations import Progress, require_library, search_front
from sim.searching.result import SearchResult
from sim.searching.rounding import signed_front
from sim.searching.settled import Evaluator, Tried, asked_of, values_of_today
from sim.searching.space import Space
from sim.searching.suite import Found, suite_of
from sim.study.arguments import altered_study, workers_of

WORLDS: Final = 1_024
"""Of a search, at most, where the study does not say. [world]"""
BLOCK: Final = 1_024
"""Worlds that are kept together: settling has a price per block. [world]"""
EXAMPLE: Final = """\
[search]
plan = "{plan}"
objectives = ["cost.mean", "max: pay.share_at_target"]
keep = ["cost.p90 <= 16.5M", "lint.major = 0"]
[search.vary]
"component.{component}.quota.rate" = {{ from = 0.80, to = 1.00 }}"""


def search(
    study: Study,
    *,
    threads: int | None = None,
    executor: Executor | Workers | None = None,
    worlds: int | None = None,
    evaluations: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> SearchResult:
    """Search the clauses of a plan for what the study's ``[search]`` table asks.

    threads     : all processors by default; no result depends on it.
    executor    : does the tasks in the place of threads, as in ``sim.run``.
    worlds      : of the search, instead of the table's.
    evaluations : plans that are tried, instead of the table's.
    seed        : of the worlds, instead of the study's.
    progress    : called with the number of plans tried and of all to try.

    Raises: InputError where the study asks for no search, no plan of the space keeps what must be kept, the library is
    missing, or an argument is out of bounds.
    """
    study = altered_study(study, seed=seed, threads=threads)
    problems = whole("--worlds", worlds, 64, MOST_WORLDS) + whole("--evaluations", evaluations, 10, 1_000_000)
    asked = study.asked(Search)
    if asked is None:
        problems.append(_not_asked(study))
    if problems or asked is None:
        raise InputError(problems)
    changed = {"worlds": worlds or asked.worlds or min(WORLDS, study.worlds)}
    changed |= {"evaluations": evaluations or asked.evaluations}
    asked = asked.model_copy(update=changed)
    study = study.asking(asked)
    return _searched(study, asked, workers_of(threads, executor), progress)


def _not_asked(study: Study) -> Problem:
    plain = next((each for each in study.sets if each.plain), None)
    plan = plain.roles[0].plan if plain is not None else None
    name, component = ("NAME", "NAME") if plan is None else (plan.name, plan.lead.name)
    fix = f"Write, for example: {EXAMPLE.format(plan=name, component=component)}"
    return Problem(f"{study.path}: search", "a table that says what to search", "nothing", fix)


def _searched(study: Study, asked: Search, workers: Workers, progress: Progress | None) -> SearchResult:
    plan = study.plans[asked.plan or study.baseline]
    space = Space(plan, asked.vary)
    if asked.combinations > asked.evaluations:
        require_library()
    also = space.read_apart(study.scenario.calendar)
    worlds = asked.worlds or WORLDS
    dear = dear_of(study, asked)
    predicted = tuple(each for each in dear if each in asked_of(asked).measures)
    predictor = None
    if predicted:
        points = drawn(space, asked.measured, asked.seed)
        plans = [space.at(point, f"{plan.name} {place}") for place, point in enumerate(points)]
        predictor = Predictor(space, points, measured(study, plans, predicted, worlds, workers))
    kept = keep(study, worlds, workers, also, block=BLOCK)
    evaluator = Evaluator(
        kept,
        space,
        asked_of(asked),
        workers,
        None if predictor is None else predictor.predict,
    )
    complete = search_front(evaluator, asked.evaluations, asked.population, asked.seed, progress)
    tried = list(evaluator.tried.values())
    signed = signed_front(evaluator)
    if not signed.front:
        raise InputError([_nothing_fits(study, tried)])
    chosen, knee = _chosen(signed.front, asked.finalists)
    fresh = keep(study, asked.fresh_worlds, workers, also, study.worlds + worlds, part_of(asked.fresh_worlds))
    found = _on_fresh(study, space, chosen, knee, (kept, fresh), asked, predictor, workers)
    suite = suite_of(study, asked, tried, complete, signed, found)
    return SearchResult(study, suite, dict(zip(suite.finalists, found.plans[1:], strict=True)))


def _nothing_fits(study: Study, tried: Sequence[Tried]) -> Problem:
    """Why no plan that was tried keeps what must be kept."""
    nearest = min(tried, key=lambda each: each.beyond)
    told = nearest.why or f"the nearest plan is {nearest.beyond:.2%} beyond its limits"
    received = f"none among {len(tried):,} plans ({told})"
    fix = "Widen the ranges of search.vary, or allow more in search.keep."
    return Problem(f"{study.path}: search.keep", "what some plan of the ranges keeps", received, fix)


def _chosen(front: Sequence[Tried], count: int) -> tuple[list[Tried], list[bool]]:
    """The finalists of a front, knees first, and which of them are knees."""
    import numpy as np

    worse = np.array([each.worse for each in front])
    by_knee = knees(worse)
    places = spread(worse, count)
    ordered = sorted(places, key=lambda place: by_knee.index(place) if place in by_knee else len(by_knee))
    return [front[place] for place in ordered], [place in by_knee for place in ordered]


def _on_fresh(
    study: Study,
    space: Space,
    chosen: Sequence[Tried],
    knee: Sequence[bool],
    worlds: tuple[KeptWorlds, KeptWorlds],
    asked: Search,
    predictor: Predictor | None,
    workers: Workers,
) -> Found:
    """The plan as it is and the finalists, on fresh worlds and in passes of their own."""
    plans = [space.plan.altered({}, f"{space.plan.name} as it is")]
    plans += [named(study, space, each, place) for place, each in enumerate(chosen, start=1)]
    of_worlds = [each for each in asked_of(asked).measures if not each.dear]
    dear = measured(study, plans, dear_of(study, asked), asked.worlds or WORLDS, workers)
    return Found(
        space,
        tuple(plans),
        tuple(knee),
        values_of_today(worlds[0], plans[0], of_worlds),
        tuple(chosen),
        estimated(worlds[1], plans, of_worlds, workers),
        dear,
        predictor.quality if predictor is not None else {},
        len(worlds[1].blocks),
    )


def named(study: Study, space: Space, found: Tried, place: int) -> Plan:
    """A finalist as a plan of its own: named, and saying where it comes from."""
    plan = space.plan
    title = f"{plan.title or plan.name}: finalist {place} of a search"[:200]
    source = f"csmsim search of study {study.name} over {plan.name}; {plan.about.source}".rstrip("; ")
    return space.at(found.point, f"{plan.name}-{place}").altered({"title": title, "about.source": source})
