"""What a calibration found: the scenario, joint draws of what is not known, and all that reports show of it."""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.calibration.evidence import Evidence
from sim.calibration.facts import Facts
from sim.calibration.model import NOT_DUE, Floats
from sim.calibration.prior import Prior
from sim.calibration.summary import Calibrated
from sim.report.documented import Documented
from sim.world.scenario import Scenario


class Calibration(Documented):
    """What a calibration found.

    summary  : the content of ``calibration.json``.
    scenario : the text of ``scenario.toml``.
    draws    : joint draws of every estimated value, by path. [draw]
    """

    def __init__(
        self,
        summary: Calibrated,
        scenario: str,
        draws: Mapping[str, Floats],
        before: Mapping[str, Floats],
        evidence: Evidence,
        facts: Facts,
        prior: Scenario,
        believed: Prior,
    ) -> None:
        self.summary = summary
        self.scenario = scenario
        self.draws = dict(draws)
        self.before = dict(before)
        self.evidence = evidence
        self.facts = facts
        self.prior = prior
        self.believed = believed

    def __repr__(self) -> str:
        """Short, and without what is the company's."""
        return f"Calibration({len(self.draws)} values, {len(self.summary.not_identified)} not identified)"

    @property
    def document(self) -> dict[str, Any]:
        """What was found as plain values: the content of ``calibration.json``."""
        return self.summary.model_dump(mode="json", exclude_none=True)

    def mean(self, path: str, other: float) -> float:
        """The estimate of a value; ``other`` where it is not estimated."""
        found = self.summary.parameters.get(path)
        return other if found is None else found.mean

    def churn_of_all(self, s: int, other: float) -> float:
        """Mean churn probability of a segment's renewals, whatever their terms."""
        rows, segment = self.evidence.rows, self.prior.segment[s]
        total, count = 0.0, 0
        for group, (owner, term) in enumerate(self.believed.groups):
            if owner != s:
                continue
            key = f"by_term.{term}" if term else "probability"
            number = int(((rows.group == group) & (rows.kind != NOT_DUE)).sum())
            total += number * self.mean(f"segment.{segment.name}.churn.{key}", other)
            count += number
        return total / count if count else other

    def posterior(self) -> bytes:
        """The content of ``posterior.parquet``: a row a draw, a column a value."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        out = io.BytesIO()
        arrays = [
            pa.Array.from_buffers(
                pa.float64(), len(values), [None, pa.py_buffer(np.ascontiguousarray(values))]
            )
            for values in self.draws.values()
        ]
        pq.write_table(pa.Table.from_arrays(arrays, list(self.draws)), out, compression="zstd")
        return out.getvalue()
