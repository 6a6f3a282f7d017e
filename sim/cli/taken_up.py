"""A command that can be given again: what it has worked out stays beside its target until the result stands."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:
    from sim.engine.pool import Workers
    from sim.engine.resumed import Resumed
    from sim.files.place import Place

Resume = Annotated[
    bool,
    typer.Option(
        "--resume/--no-resume",
        help="Take up what the same command left unfinished beside DIR, or drop it.",
    ),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Work on a Dask cluster: tcp://HOST:PORT of its scheduler, or local:N for N processes of this machine.",
    ),
]
AFTER: Final = 20.0
"""What is done before is done again: short commands leave nothing. [s]"""
MADE_WITH: Final = ("numpy", "scipy", "numba", "pymoo")
"""Packages whose version may move a result."""


def workers_from(threads: int | None, cluster: str | None) -> "AbstractContextManager[Workers]":
    """Whoever does the work of a command: threads, or a cluster's workers.

    Raises, where it is entered: InputError as ``on_cluster``.
    """
    from sim.study.arguments import workers_of

    if cluster is None:
        return nullcontext(workers_of(threads))
    from sim.study.cluster import on_cluster

    return on_cluster(cluster)


@contextmanager
def taken_up(
    place: "Place", workers: "AbstractContextManager[Workers]", resume: bool, about: dict[str, Any]
) -> Iterator["Resumed"]:
    """Workers that put down what they find beside a place, and take up what lies there. It is gone when the block ends, as
    the result stands then, or when the input is refused, as it will be another; it stays where an error or a signal ends
    the block, or the place is refused, which can be made free.

    about : what decides the result, the program apart.

    Raises: InputError where another command left something unfinished there.
    """
    from sim.engine.resumed import Resumed
    from sim.errors import InputError
    from sim.files.unfinished import Unfinished

    told = {key: str(value) for key, value in (_program() | about).items() if value is not None}
    unfinished = Unfinished(place.target, told, _say, anew=not resume)
    if unfinished.begun:
        count = len(unfinished.names)
        _say(
            f"Going on from {unfinished.folder}: {count:,} piece{'s' if count > 1 else ''} of the work done before."
        )
    try:
        with workers as employed:
            try:
                yield Resumed(employed, unfinished, AFTER)
            except InputError as error:
                if any(problem.where != place.label for problem in error.problems):
                    unfinished.remove()
                raise
    except BaseException:
        unfinished.leave()
        raise
    unfinished.remove()


def _program() -> dict[str, Any]:
    import platform

    from sim.version import __version__
    from sim.world.streams import DRAW_PLAN

    return {
        "csmsim": __version__,
        "draw plan": DRAW_PLAN,
        "python": platform.python_version(),
        **{name: _version(name) for name in MADE_WITH},
    }


def _version(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _say(sentence: str) -> None:
    from sim.visible import visible

    print(visible(sentence), file=sys.stderr)
