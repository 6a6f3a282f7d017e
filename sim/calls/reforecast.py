"""A study forecast anew on a day in its horizon, from what its history says by then."""

from datetime import date
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from sim.calls.replay import parse_day
from sim.engine.simulate import Progress
from sim.engine.study import Study

if TYPE_CHECKING:
    from sim.reforecasting.result import ReforecastResult

File = str | PathLike[str]


def reforecast(
    study: Study,
    history: File,
    *,
    as_of: date | str,
    since: date | str | None = None,
    worlds: int | None = None,
    threads: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> "ReforecastResult":
    """Forecast the cost of every plan over the whole horizon, given what is known at the start of a day.

    history : a folder as ``csmsim intake`` writes it, or a file of deals; what is dated from the day on is not read.
    since   : day of the last forecast, from which changes are told; the first day of the horizon where left out.
    worlds, seed : instead of the study's own.

    Raises: InputError with everything that is wrong with the study, the days or the files.
    """
    from sim.files.all_at_once import AllAtOnce
    from sim.reforecasting.reforecast import reforecast as forecast
    from sim.reforecasting.result import ReforecastResult
    from sim.replay.history_files import FOLDER_FILES, read_history
    from sim.study.arguments import altered_study

    read = AllAtOnce()
    day = read(partial(parse_day, where="--as-of"), as_of)
    last = read(partial(parse_day, where="--since"), since)
    files = read_history(Path(history), dict.fromkeys(FOLDER_FILES), read)
    read.check()
    assert day is not None, "checked"
    altered = altered_study(study, worlds=worlds, seed=seed, threads=threads)
    found = forecast(altered, files(), day, since=last, threads=threads, progress=progress)
    return ReforecastResult(altered, found)
