"""The company's KPIs as the scenario declares them: how well each reads an account's health, and on which scale."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, model_validator

from sim.files.share import not_percent
from sim.files.toml import Table, Text, refuse

SCALED: Final = ("health", "nps", "adoption")
"""KPIs that read an account's health; the word of a reading is its place here."""
Singles = NDArray[np.float32]


class Kpi(Table):
    """One KPI: how well it reads health, and its scale.

    correlation : of a reading with the account's health.
    scale       : reading at evenly spaced shares of accounts, from the worst to the best; straight lines between.
    """

    correlation: Annotated[float, Field(ge=-1.0, le=1.0), BeforeValidator(not_percent(1))]
    scale: Annotated[
        tuple[Annotated[float, Field(ge=-1e6, le=1e6)], ...], Field(min_length=2, max_length=101)
    ]

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if any(after < before for before, after in pairwise(self.scale)):
            raise refuse("values that never fall", list(self.scale), key="scale")
        return self


class Kpis(Table):
    """The KPIs of the company. Defaults are assumptions.

    own : KPIs of one's own by name, ``[kpi.own.csat]``; each has noise of its own, whatever else is there.
    """

    health: Kpi = Kpi(correlation=0.7, scale=(0.0, 50.0, 70.0, 85.0, 100.0))
    nps: Kpi = Kpi(correlation=0.5, scale=(-100.0, 0.0, 35.0, 60.0, 100.0))
    adoption: Kpi = Kpi(correlation=0.6, scale=(0.0, 0.35, 0.55, 0.75, 1.0))

    own: dict[Text, Kpi] = {}

    @model_validator(mode="after")
    def _new_names(self) -> Self:
        for name in self.own:
            if name in (*SCALED, "onboarding"):
                raise refuse("a name of one's own", name, "That KPI is there already.", key="own")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Every KPI that a plan of this scenario can read."""
        return (*SCALED, "onboarding", *self.own)

    def of(self, name: str) -> Kpi:
        """One that has a scale."""
        found: Kpi = self.own[name] if name in self.own else getattr(self, name)
        return found

    def correlations(self, names: Sequence[str]) -> Singles:
        """Of some KPIs. [kpi]"""
        return np.array([self.of(name).correlation for name in names], dtype=np.float32)

    def scales(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Of some KPIs, on a common grid of shares. [kpi, knot]"""
        grid = np.linspace(0.0, 1.0, 401)
        rows = [self.of(name).scale for name in names]
        return np.array([np.interp(grid, np.linspace(0.0, 1.0, len(row)), row) for row in rows])


def raised(kpi: Kpi, reading: NDArray[np.float64], lift: float) -> NDArray[np.float64]:
    """Mean readings of a KPI if every account's health were higher, by what its scale then rises for accounts of all
    healths; no farther than the ends of the scale. lift : [standard deviation]

    Source: mean of the scale at Phi(z + c x lift) over standard normal z, by Gauss-Hermite quadrature.
    """
    from scipy.special import ndtr

    nodes, weights = np.polynomial.hermite_e.hermegauss(64)
    share, scale = np.linspace(0.0, 1.0, len(kpi.scale)), np.asarray(kpi.scale)
    before, after = (
        float(weights @ np.interp(ndtr(nodes + kpi.correlation * by), share, scale)) / weights.sum()
        for by in (0.0, lift)
    )
    read: NDArray[np.float64] = np.clip(reading + (after - before), scale[0], scale[-1])
    return read
