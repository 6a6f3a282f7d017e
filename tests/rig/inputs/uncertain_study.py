"""The small study with draws of what is not known beside its scenario."""

from pathlib import Path

import numpy as np

from tests.rig.inputs.small_study import SCENARIO, write_study

CHURN = "segment.smb.churn.probability"
UNCERTAINTY = '\n[uncertainty]\ndraws = "posterior.parquet"\n'
OWN = {
    CHURN: 0.15,
    "segment.smb.lag[0].share": 0.4,
    "segment.smb.lag[1].share": 0.3,
    "dependence.market": 0.1,
}
"""Inputs of the small scenario, and its own values."""


def write_uncertain(folder: Path, columns) -> Path:
    """The path of the study file; every column is an input and its values, draw by draw."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = write_study(folder)
    (folder / "scenario.toml").write_text(SCENARIO + UNCERTAINTY)
    table = pa.table({name: np.asarray(values, dtype=float) for name, values in columns.items()})
    pq.write_table(table, folder / "posterior.parquet")
    return path


def wide(draws: int, seed: int = 1, spread: float = 0.6):
    """So many draws of odds of churn, of when renewals are booked, and of the market."""
    rng = np.random.default_rng(seed)
    odds = 0.15 / 0.85 * np.exp(spread * rng.standard_normal(draws))
    early = rng.beta(20.0, 30.0, draws)
    return {
        CHURN: odds / (1.0 + odds),
        "segment.smb.lag[0].share": early,
        "segment.smb.lag[1].share": 0.7 - early,
        "dependence.market": rng.beta(5.0, 45.0, draws),
    }
