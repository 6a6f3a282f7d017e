"""Hypervolume of a search beside that of pymoo's NSGA-II as it comes, at equal evaluations, and what its own work costs.

    python -m benchmarks.searching

Then, of the finalists of whole searches, how many hold on fresh worlds.

Five known problems on grids (bent inwards, outwards, disconnected, with three objectives, with choices and a bound) and two
searches of shipped plans. pymoo evaluates a point again where a child was tried before; the search moves it until it is new.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.core.problem import Problem
from pymoo.indicators.hv import HV
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM
from pymoo.operators.repair.rounding import RoundingRepair
from pymoo.operators.sampling.rnd import IntegerRandomSampling
from pymoo.optimize import minimize

import sim
from sim.engine.kept import keep
from sim.engine.pool import ALONE
from sim.questions.search.measure import objective_of
from sim.questions.search.setting import Search, Vary
from sim.searching.generations import search_front
from sim.searching.settled import Asked, Evaluator, Tried, asked_of
from sim.searching.space import Space

Floats = NDArray[np.float64]
Known = Callable[[Floats], tuple[Floats, float]]

EVALUATIONS: Final = 1_000
POPULATION: Final = 48
SEEDS: Final = range(5)
VALUES: Final = 31
PATHS: Final = (
    "component.renewals.quota.rate",
    "component.renewals.curve[1].attainment",
    "component.renewals.curve[1].pays",
    "component.renewals.curve[3].attainment",
    "component.renewals.curve[3].pays",
    "component.renewals.crediting.early_multiplier",
)
STUDY: Final = "configs/studies/search.toml"


def bent_in(x: Floats) -> tuple[Floats, float]:
    """ZDT1 (Zitzler, Deb and Thiele 2000)."""
    g = 1.0 + 9.0 * x[1:].mean()
    return np.array([x[0], g * (1.0 - np.sqrt(x[0] / g))]), 0.0


def bent_out(x: Floats) -> tuple[Floats, float]:
    """ZDT2."""
    g = 1.0 + 9.0 * x[1:].mean()
    return np.array([x[0], g * (1.0 - (x[0] / g) ** 2)]), 0.0


def apart(x: Floats) -> tuple[Floats, float]:
    """ZDT3, moved above zero."""
    g = 1.0 + 9.0 * x[1:].mean()
    return np.array([x[0], 1.0 + g * (1.0 - np.sqrt(x[0] / g) - x[0] / g * np.sin(10.0 * np.pi * x[0]))]), 0.0


def three(x: Floats) -> tuple[Floats, float]:
    """DTLZ2 of three objectives (Deb, Thiele, Laumanns and Zitzler 2002)."""
    g, (one, two) = 1.0 + ((x[2:] - 0.5) ** 2).sum(), x[:2] * np.pi / 2.0
    return g * np.array([np.cos(one) * np.cos(two), np.cos(one) * np.sin(two), np.sin(one)]), 0.0


def bounded(x: Floats) -> tuple[Floats, float]:
    """ZDT1 whose last clause is a choice without order, and a bound that cuts its front in two."""
    g = 1.0 + 9.0 * x[1:-1].mean() + abs(np.sin(7.0 * np.round(x[-1] * (VALUES - 1)) + 1.0))
    return np.array([x[0], g * (1.0 - np.sqrt(x[0] / g))]), max(0.0, np.sin(8.0 * x[0]) - 0.6)


KNOWN: Final[dict[str, tuple[Known, int]]] = {
    "bent inwards (ZDT1)": (bent_in, 2),
    "bent outwards (ZDT2)": (bent_out, 2),
    "apart (ZDT3)": (apart, 2),
    "three objectives (DTLZ2)": (three, 3),
    "choices and a bound": (bounded, 2),
}


class OfKnown(Evaluator):
    """Evaluates a known function of the places of values."""

    def __init__(self, space: Space, asked: Asked, known: Known) -> None:
        self.space, self.asked, self.tried, self._known = space, asked, {}, known

    def evaluate(self, points: Sequence[tuple[object, ...]]) -> list[Tried]:
        """What is found at each point, in order."""
        for point in points:
            worse, beyond = self._known(np.array([float(str(value)) for value in point]) / (VALUES - 1))
            self.tried[point] = Tried(point, {}, tuple(worse), beyond, "")
        return [self.tried[point] for point in points]


def plain(evaluator: Evaluator, evaluations: int, seed: int) -> list[Tried]:
    """What pymoo's NSGA-II finds as it comes."""
    values, found = evaluator.space.values, list[Tried]()

    class Task(Problem):
        def __init__(self) -> None:
            top = np.array([len(each) - 1 for each in values])
            objectives = len(evaluator.asked.objectives)
            super().__init__(
                n_var=len(values), n_obj=objectives, n_ieq_constr=1, xl=0 * top, xu=top, vtype=int
            )

        def _evaluate(self, rows: Floats, out: dict[str, Floats], *_: object, **__: object) -> None:
            points = [tuple(each[int(at)] for each, at in zip(values, row, strict=True)) for row in rows]
            tried = evaluator.evaluate(points)
            found.extend(tried)
            none = (1e30,) * len(evaluator.asked.objectives)
            out["F"] = np.array([each.worse or none for each in tried])
            out["G"] = np.array([[each.beyond] for each in tried])

    repair = RoundingRepair()
    algorithm = NSGA2(
        pop_size=POPULATION,
        sampling=IntegerRandomSampling(),
        crossover=SBX(prob=1.0, eta=3.0, vtype=float, repair=repair),
        mutation=PM(prob=1.0, eta=3.0, vtype=float, repair=repair),
        eliminate_duplicates=True,
    )
    minimize(Task(), algorithm, ("n_eval", evaluations), seed=seed, verbose=False)
    return found[:evaluations]


def volumes(make: Callable[[], Evaluator], evaluations: int) -> tuple[Floats, float]:
    """Hypervolumes of the search and of plain pymoo [seed, 2], and the search's own work. [s a plan]"""
    fronts, seconds = [], 0.0
    for seed in SEEDS:
        evaluator, other = make(), make()
        start = time.process_time()
        search_front(evaluator, evaluations, POPULATION, seed)
        seconds += time.process_time() - start
        fronts.append((list(evaluator.tried.values()), plain(other, evaluations, seed)))
    every = np.array([each.worse for pair in fronts for side in pair for each in side if each.fits])
    low, high = every.min(axis=0), every.max(axis=0)
    measure = HV(ref_point=np.full(every.shape[1], 1.1))
    found = np.array(
        [
            [
                measure((np.array([each.worse for each in side if each.fits]) - low) / (high - low))
                for side in pair
            ]
            for pair in fronts
        ]
    )
    return found, seconds / (len(SEEDS) * evaluations)


def main() -> None:
    """Print the table."""
    study = sim.load(STUDY)
    asked = study.asked(Search)
    assert asked is not None, "the shipped study asks"
    plan = study.plans["tiers"]
    grid = {path: Vary.model_validate({"from": 0, "to": VALUES - 1, "step": 1}) for path in PATHS}
    print(f"{'problem':28} {'search':>8} {'pymoo':>8} {'ratio':>7} {'ms a plan':>10}")
    for name, (known, objectives) in KNOWN.items():
        wanted = Asked(tuple(map(objective_of, ("cost.mean", "cost.p50", "cost.p90")[:objectives])), ())
        told(
            name,
            *volumes(
                lambda known=known, wanted=wanted: OfKnown(Space(plan, grid), wanted, known), EVALUATIONS
            ),
        )
    kept = keep(study, 64, ALONE)
    for count in (2, 3):
        some = asked.model_copy(update={"objectives": asked.objectives[:count]})
        told(
            f"tiers, {count} objectives",
            *volumes(lambda some=some: Evaluator(kept, Space(plan, some.vary), asked_of(some), ALONE), 400),
        )
    holding(study.asking(asked.model_copy(update={"finalists": 24, "fresh_worlds": 2_000})))


def holding(study: sim.Study) -> None:
    """Of the finalists of a search by each seed, those that no other one beats on fresh worlds and that break no bound."""
    held = finalists = 0
    for seed in SEEDS:
        suite = sim.search(study, evaluations=400, worlds=256, seed=seed, threads=1).suite
        held, finalists = held + len(suite.kept), finalists + len(suite.finalists)
    print(f"finalists that hold on fresh worlds: {held} of {finalists}, over {len(SEEDS)} searches")


def told(name: str, found: Floats, seconds: float) -> None:
    """One row."""
    search, pymoo = found.mean(axis=0)
    print(f"{name:28} {search:8.4f} {pymoo:8.4f} {search / pymoo:7.3f} {1e3 * seconds:10.2f}", flush=True)


if __name__ == "__main__":
    main()
