"""A scenario learnt from a company's history."""

from collections.abc import Callable
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim.calls.found import Found
from sim.calls.replay import parse_day
from sim.errors import InputError, Problem

if TYPE_CHECKING:
    from sim.calibration.result import Calibration
    from sim.world.scenario import Scenario

File = str | PathLike[str]
MOST_DRAWS: Final = 100_000
FEWEST_SWEEPS, MOST_SWEEPS = 50, 1_000_000
LARGEST_SEED: Final = 2**64 - 1


def calibrate(
    history: File,
    *,
    prior: "Scenario | File | None" = None,
    as_of: date | str | None = None,
    draws: int = 1_000,
    seed: int = 1,
    sweeps: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> "Found[Calibration]":
    """Estimate every input of a scenario from a history folder.

    prior : what is believed before it, a scenario or the path of its file; the shipped company where left out.
    as_of : what was known at the end of this day is used; the day of the last booking where left out.
    draws : joint draws that are kept.
    sweeps : of the sampler: more of them make intervals exacter; the more, the smaller the history, where left out.

    Raises: InputError with every problem of the files and arguments.
    """
    from sim.calibration.calibrate import calibrate as calibrated
    from sim.calibration.report import sections_of

    scenario, day = asked(prior, as_of, draws, seed, sweeps)
    found = calibrated(Path(history), scenario, day, draws, seed, progress, sweeps)
    return Found(repr(found), found, sections_of(found), found.document)


def asked(
    prior: "Scenario | File | None", as_of: date | str | None, draws: int, seed: int, sweeps: int | None
) -> "tuple[Scenario, date | None]":
    """The prior and the day, read and checked.

    Raises: InputError with every problem.
    """
    from sim.examples import folder
    from sim.world.scenario import Scenario, load_scenario

    problems = []
    asked_for = [("--draws", draws, 100, MOST_DRAWS), ("--seed", seed, 0, LARGEST_SEED)]
    asked_for += [] if sweeps is None else [("--sweeps", sweeps, FEWEST_SWEEPS, MOST_SWEEPS)]
    for where, value, least, most in asked_for:
        if not least <= value <= most:
            problems.append(Problem(where, f"a whole number from {least:,} to {most:,}", repr(value)))
    if problems:
        raise InputError(problems)
    day = None if as_of is None else parse_day(as_of, "--as-of")
    if isinstance(prior, Scenario):
        return prior, day
    return load_scenario(folder() / "scenarios" / "company.toml" if prior is None else Path(prior)), day
