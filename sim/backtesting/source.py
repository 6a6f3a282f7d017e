"""Where the scenario of a day comes from: it is given, or estimated from what was known then."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from sim.calibration.calibrate import calibrate
from sim.engine.pool import Workers
from sim.replay.history_files import HistoryFiles
from sim.world.scenario import Scenario, load_scenario

DRAWS: Final = 500
"""Of what the history does not tell exactly; world w lives on draw w mod so many."""


SWEEPS: Final = 120
"""Of each chain: fewer than a calibration for its own sake takes, as every cut has one."""


class Source(NamedTuple):
    """scenario : of a day, from the history as it was known then; calibrated : it is estimated from that."""

    name: str
    scenario: Callable[[HistoryFiles, date], Scenario]
    calibrated: bool


def given(scenario: Scenario) -> Source:
    """The same scenario at every cut."""
    return Source(scenario.name, lambda known, day: scenario, calibrated=False)


def estimated(folder: Path, prior: Scenario, seed: int, workers: Workers | None = None) -> Source:
    """The scenario as ``csmsim calibrate`` would have estimated it at the end of the day before, with what it did not know
    drawn anew in every world.

    Raises, where it is asked: InputError as ``calibrate``.
    """

    def scenario(known: HistoryFiles, day: date) -> Scenario:
        found = calibrate(folder, prior, day - timedelta(days=1), DRAWS, seed, sweeps=SWEEPS, workers=workers)
        with TemporaryDirectory() as place:
            path = Path(place) / "scenario.toml"
            path.write_text(found.scenario, encoding="utf-8")
            (Path(place) / "posterior.parquet").write_bytes(found.posterior())
            return load_scenario(path)

    return Source(f"estimated from the history, prior {prior.name}", scenario, calibrated=True)
