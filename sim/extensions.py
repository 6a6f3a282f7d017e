"""What other installed packages add to the plan language, to what studies ask and to stresses, by entry point.

| group | names | an object |
|---|---|---|
| ``csmsim.rules`` | a table of plan files | a model with ``act``, as those in ``sim.plan.rule`` |
| ``csmsim.measures`` | a measure of components | a ``sim.plan.measures.Measure``; with its own reading where it needs one |
| ``csmsim.questions`` | a table of study files | a ``sim.questions.question.Question`` with that table |
| ``csmsim.stresses`` | a stress of studies | the path of its file |

An installed package is trusted as any import is; studies that use what it adds name it, with its version, in their results.

Source: entry points as the Python Packaging User Guide has them.
"""

from collections.abc import Collection
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final, NamedTuple

from sim.errors import InputError, Problem

RULES: Final = "csmsim.rules"
MEASURES: Final = "csmsim.measures"
QUESTIONS: Final = "csmsim.questions"
STRESSES: Final = "csmsim.stresses"


class Extension(NamedTuple):
    """What a package adds. package : its name and version, such as ``spiffs 1.2``."""

    value: Any
    package: str


@cache
def extensions(group: str, taken: Collection[str]) -> dict[str, Extension]:
    """What is added to a group, by name, in order of names.

    taken : names that it cannot have.

    Raises: InputError with every entry point that cannot be loaded, or whose name is taken.
    """
    found: dict[str, Extension] = {}
    problems: list[Problem] = []
    for point in sorted(_installed().select(group=group), key=lambda point: point.name):
        where = f"entry point {group}: {point.name} of {_package(point)}"
        if point.name in taken or point.name in found:
            problems.append(Problem(where, "of a name that nothing else has", repr(point.name)))
            continue
        try:
            found[point.name] = Extension(point.load(), _package(point))
        except Exception as error:  # whatever a foreign module raises when it is imported
            problems.append(
                Problem(where, f"{point.value}, which imports", f"{type(error).__name__}: {error}")
            )
    if problems:
        raise InputError(problems)
    return found


@cache
def _installed() -> Any:  # a type of its own in Python 3.11
    """Of all packages and groups, looked up once: every look reads the metadata of whatever is installed."""
    return entry_points()


def _package(point: EntryPoint) -> str:
    return "an unknown package" if point.dist is None else f"{point.dist.name} {point.dist.version}"
