"""Monte Carlo simulator of Customer Success compensation plans.

>>> import sim
>>> study = sim.load("configs/studies/quickstart.toml")  # doctest: +SKIP
>>> result = sim.run(study)  # doctest: +SKIP
>>> result.summary  # doctest: +SKIP
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final

from sim.version import __version__

if TYPE_CHECKING:
    from sim import examples as examples
    from sim.calls.backtest import backtest as backtest
    from sim.calls.calibrate import calibrate as calibrate
    from sim.calls.lint import lint as lint
    from sim.calls.others import compare as compare
    from sim.calls.others import rank as rank
    from sim.calls.reforecast import reforecast as reforecast
    from sim.errors import InputError as InputError
    from sim.exports.intake import intake as intake
    from sim.plan.plan import Plan as Plan
    from sim.reference.schema import schema as schema
    from sim.searching.search import search as search
    from sim.study.load import load as load
    from sim.study.made import Study as Study
    from sim.study.run import run as run
    from sim.study.solve import solve as solve
    from sim.study.stress import stress as stress
    from sim.study.sweep import sweep as sweep
    from sim.study.worlds import open_worlds as open_worlds
    from sim.study.worlds import simulate as simulate

PLACES: Final = {
    "InputError": "sim.errors",
    "Plan": "sim.plan.plan",
    "Study": "sim.study.made",
    "calibrate": "sim.calls.calibrate",
    "compare": "sim.calls.others",
    "explain": "sim.calls.others",
    "lint": "sim.calls.lint",
    "intake": "sim.exports.intake",
    "load": "sim.study.load",
    "open_worlds": "sim.study.worlds",
    "rank": "sim.calls.others",
    "backtest": "sim.calls.backtest",
    "reforecast": "sim.calls.reforecast",
    "replay": "sim.calls.replay",
    "run": "sim.study.run",
    "schema": "sim.reference.schema",
    "search": "sim.searching.search",
    "simulate": "sim.study.worlds",
    "solve": "sim.study.solve",
    "stress": "sim.study.stress",
    "sweep": "sim.study.sweep",
}
"""Where each name stands; they arrive on first use: the engine is heavy, ``import sim`` is not."""

__all__ = [
    "InputError",
    "Plan",
    "Study",
    "__version__",
    "backtest",
    "calibrate",
    "compare",
    "examples",
    "explain",
    "intake",
    "lint",
    "load",
    "open_worlds",
    "rank",
    "replay",
    "run",
    "schema",
    "search",
    "simulate",
    "solve",
    "stress",
    "sweep",
]


def __getattr__(name: str) -> object:
    """The names above, on first use."""
    if name in PLACES:
        return getattr(import_module(PLACES[name]), name)
    if name == "examples":
        return import_module("sim.examples")
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__


class _CallsFirst(ModuleType):
    """``sim.replay`` and ``sim.explain`` are calls, whose packages have the same names: importing one leaves the call."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in PLACES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _CallsFirst
