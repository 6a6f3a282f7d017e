"""What a calibration found, as its file has it: every parameter, what is not identified, and what does not fit."""

from typing import Annotated

from pydantic import Field

from sim.files.toml import Table

Number = Annotated[float, Field(allow_inf_nan=False)]


class Parameter(Table):
    """One estimated value.

    mean, sd, p5, p50, p95 : of the posterior.
    prior, prior_sd        : mean and standard deviation before the history.
    observed               : what is counted without a model; absent where nothing is.
    renewals               : from how many renewals, accounts or expansions it is estimated. [count]
    prior_weight           : how many of them the prior is worth. [count]
    """

    mean: Number
    sd: Number
    p5: Number
    p50: Number
    p95: Number
    prior: Number
    prior_sd: Number
    observed: Number | None = None
    renewals: int
    prior_weight: Number


class Check(Table):
    """One posterior predictive check: what was observed, and where it lies among what the model would show.

    input    : what it is about.
    what     : the statistic.
    observed : its value; low, high: 99 % of what the model shows.
    p        : chance of something as far out, on either side.
    count    : observations.
    """

    input: str
    what: str
    observed: Number
    low: Number
    high: Number
    p: Number
    count: int


class History(Table):
    """What was read. dropped : rows that later bookings have signed. outside : bookings on a day of no band and no tier."""

    as_of: str
    renewals: int
    kept: int
    lost: int
    open: int
    accounts: int
    csms: int
    expansions: int
    dropped: int
    outside: int


class Sampler(Table):
    """How the joint draws were made. effective : fewest independent draws of any input. agreement : largest R hat."""

    sweeps: int
    chains: int
    draws: int
    effective: Number
    agreement: Number
    seed: int


class Calibrated(Table):
    """The content of ``calibration.json``."""

    scenario: str
    prior: str
    history: History
    parameters: dict[str, Parameter]
    not_identified: tuple[str, ...]
    misfits: tuple[str, ...]
    checks: tuple[Check, ...]
    sampler: Sampler
    version: str
