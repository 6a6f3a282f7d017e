"""The search itself: every combination where they are few, else NSGA-II over the places of values."""

from collections.abc import Callable, Container, Iterator
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError, Problem
from sim.searching.settled import IMPOSSIBLE, Evaluator, Tried
from sim.searching.space import Point

if TYPE_CHECKING:
    from pymoo.core.population import Population

MOST_STEPS: Final = 200
"""Of the walk from a point that was tried to one that was not. [step]"""
WORST: Final = 1e30
"""Of an objective that has no value, for the optimiser: such points are beyond their bounds."""
FIX: Final = "pip install 'csm-compensation-simulator[search]'"

Progress = Callable[[int, int], None]
"""Called with the number of plans tried and of all to try."""


def search_front(
    evaluator: Evaluator, evaluations: int, population: int, seed: int, progress: Progress | None = None
) -> bool:
    """Try points of the space until so many different ones were tried; whether those are all there are.

    The first point is the plan as it is, where it lies in the space.

    Source: NSGA-II with constraint domination, Deb, Pratap, Agarwal and Meyarivan (2002), IEEE Transactions on Evolutionary
    Computation 6(2): 182-197, as pymoo has it (Blank and Deb 2020, IEEE Access 8: 89497-89509).
    """
    space = evaluator.space
    count = 1
    for values in space.values:
        count *= len(values)
    most = min(evaluations, count)

    def told() -> None:
        if progress is not None:
            progress(min(len(evaluator.tried), most), most)

    if count <= evaluations:
        left = space.every()
        while some := list(islice(left, population)):
            evaluator.evaluate(some)
            told()
        return True
    for points in _generations(evaluator, population, seed, most):
        evaluator.evaluate(points)
        told()
    return False


def _generations(evaluator: Evaluator, population: int, seed: int, most: int) -> Iterator[list[Point]]:
    """The points of one generation after another, until so many different ones were tried.

    A child that was tried already is moved until it is new: on the same worlds it would say nothing.
    """
    space, tried = evaluator.space, evaluator.tried
    values, objectives = space.values, len(evaluator.asked.objectives)
    rng, sizes = np.random.default_rng(seed), [len(each) for each in values]
    first = rng.integers(sizes, size=(population, len(sizes)))
    if (today := space.place_of_today()) is not None:
        first[0] = today
    algorithm = _nsga2(sizes, objectives, first, seed)
    while len(tried) < most:
        asked = algorithm.ask()
        places, seen = asked.get("X").astype(np.int64), set[Point]()
        for row in places:
            _moved(row, values, tried, seen, rng)
            seen.add(_point(values, row))
        asked.set("X", places)
        points = [_point(values, row) for row in places]
        yield points[: most - len(tried)]
        if len(tried) >= most:
            return
        _tell(algorithm, asked, evaluator.evaluate(points), objectives)


def _point(values: tuple[tuple[Any, ...], ...], places: NDArray[np.int64]) -> Point:
    return tuple(each[place] for each, place in zip(values, places, strict=True))


def _moved(
    row: NDArray[np.int64],
    values: tuple[tuple[Any, ...], ...],
    tried: Container[Point],
    seen: Container[Point],
    rng: np.random.Generator,
) -> None:
    """Move a row to the first point on a random walk along its clauses that was not tried."""
    for _ in range(MOST_STEPS):
        point = _point(values, row)
        if point not in tried and point not in seen:
            return
        clause = rng.integers(len(values))
        row[clause] = rng.integers(len(values[clause]))


def _tell(algorithm: Any, asked: "Population", found: list[Tried], objectives: int) -> None:
    """Hand the optimiser what was found: objectives, and how far a point is beyond its bounds."""
    none = (WORST,) * objectives
    asked.set("F", np.array([none if each.worse is None else each.worse for each in found]))
    asked.set("G", np.array([[min(each.beyond, IMPOSSIBLE)] for each in found]))
    for each in asked:
        each.evaluated.update({"F", "G"})
    algorithm.tell(infills=asked)


def require_library() -> None:
    """Say that the library is missing before any work.

    Raises: InputError where it is.
    """
    if find_spec("pymoo") is None:
        raise InputError([Problem("the library pymoo", "installed to search", "none", FIX)])


def _nsga2(sizes: list[int], objectives: int, first: NDArray[np.int64], seed: int) -> Any:
    """The optimiser, set up over the places of values: neighbours in an order are near to each other.

    first : its first generation. [point, clause]
    """
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import Problem as Task
    from pymoo.operators.crossover.sbx import SBX
    from pymoo.operators.mutation.pm import PM
    from pymoo.operators.repair.rounding import RoundingRepair
    from pymoo.termination import get_termination

    task = Task(
        n_var=len(sizes),
        n_obj=objectives,
        n_ieq_constr=1,
        xl=np.zeros(len(sizes)),
        xu=np.array(sizes) - 1.0,
        vtype=int,
    )
    algorithm = NSGA2(
        pop_size=len(first),
        sampling=first,
        crossover=SBX(prob=1.0, eta=3.0, vtype=float, repair=RoundingRepair()),
        mutation=PM(prob=1.0, eta=3.0, vtype=float, repair=RoundingRepair()),
        eliminate_duplicates=True,
    )
    algorithm.setup(task, termination=get_termination("n_gen", 10**9), seed=seed, verbose=False)
    return algorithm
