"""Monte Carlo simulator of Customer Success compensation plans.

>>> import sim
>>> study = sim.load("configs/studies/quickstart.toml")  # doctest: +SKIP
>>> result = sim.run(study)  # doctest: +SKIP
>>> result.summary  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.errors import InputError as InputError
    from sim.study.load import load as load
    from sim.study.run import run as run
    from sim.study.stress import stress as stress

from sim.version import __version__

__all__ = ["InputError", "__version__", "load", "run", "stress"]


def __getattr__(name: str) -> object:
    """``load``, ``run``, ``stress`` and ``InputError`` arrive on first use: the engine is heavy, ``import sim`` is
    not.
    """
    if name == "load":
        from sim.study.load import load

        return load
    if name == "run":
        from sim.study.run import run

        return run
    if name == "stress":
        from sim.study.stress import stress

        return stress
    if name == "InputError":
        from sim.errors import InputError

        return InputError
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
