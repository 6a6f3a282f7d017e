"""The ``[gaming]`` table of a study: what is asked about timing, and what is assumed of it. All of it is assumption."""

from typing import Annotated, ClassVar, Final

from pydantic import Field

from sim.engine.study import StudyTable
from sim.files.share import Share
from sim.world.scenario import Scenario
from sim.world.segment import Movable

MOST_GAMING_WORLDS: Final = 100_000
YIELD_FRICTION: Final = 0.005
"""Cost per usd moved at which yield and moved ARR are read, so that moves worth nothing are not counted. [usd/usd]"""


class Gaming(StudyTable):
    """How gaming exposure is measured.

    worlds          : worlds of the study, from the first on, on which exposure is measured.
    training_worlds : other worlds, on which the non-anticipative policy is learnt.
    curve_worlds    : of the worlds, those on which friction and movability are varied.
    cells           : of the grid of sums at each boundary; more are slower and closer.
    certify         : narrow the upper end by what the future is worth knowing (slow), of plans that are one bonus on
                      renewals, paid by period.
    certify_worlds, certify_samples : worlds on which that is done, and fresh draws of the future in each.
    movability      : shares of renewals that can be moved, of every segment, instead of the scenario's. They stand in the
                      study because they are the assumption that all of this rests on.
    share_of_csms   : CSMs who game; scales the expected cost, not the exposure. [share]
    friction        : cost to the CSM per usd moved, at which exposure is shown. [usd/usd]
    movable         : factors on the segments' shares of movable renewals, at which exposure is shown.
    discount        : given to a customer who is asked to sign early, per usd of ARR. [usd/usd]
    early_value     : worth to the company per usd signed early, where churn odds truly fall. [usd/usd]
    """

    key: ClassVar[str] = "gaming"

    worlds: Annotated[int, Field(ge=2, le=MOST_GAMING_WORLDS)] = 200
    training_worlds: Annotated[int, Field(ge=2, le=10_000)] = 64
    curve_worlds: Annotated[int, Field(ge=2, le=10_000)] = 40
    cells: Annotated[int, Field(ge=8, le=2_048)] = 128
    certify: bool = False
    certify_worlds: Annotated[int, Field(ge=2, le=10_000)] = 60
    certify_samples: Annotated[int, Field(ge=2, le=1_000)] = 100
    movability: Movable | None = None
    share_of_csms: Share = 1.0
    friction: Annotated[tuple[Share, ...], Field(max_length=20)] = (
        0.01,
        0.02,
        0.05,
        0.10,
        0.20,
    )
    movable: Annotated[tuple[Annotated[float, Field(ge=0.0, le=100.0)], ...], Field(max_length=20)] = (
        0.5,
        1.0,
        1.5,
    )
    discount: Share = 0.0
    early_value: Share = 0.0


def movable_scenario(scenario: Scenario, gaming: Gaming) -> Scenario:
    """The scenario with what the study says can be moved, where it says so."""
    if gaming.movability is None:
        return scenario
    changed = {"movable": gaming.movability}
    return scenario.in_each(
        lambda one: one.with_(segment=tuple(each.model_copy(update=changed) for each in one.segment))
    )
