"""Shares as a file holds them: fractions, with a sentence for whoever wrote a percentage."""

from collections.abc import Callable
from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field

from sim.files.toml import refuse

LEAST_SHARE: Final = 1e-6
"""A share that is not nothing is at least this: what is smaller is a slip of the pen, and dividing by it is not finite."""
LEAST_PERCENTAGE: Final = 2.0
LARGEST_PERCENTAGE: Final = 10_000.0
"""A number beyond the bound of a share and between these is read as a percentage in the sentence about it."""


def fix_of_share(value: float) -> str:
    """What to do about a number that looks like a percentage where a share is asked; nothing where it does not.

    >>> fix_of_share(90)
    'A share: 90 % is 0.9, and 1 is 100 %.'
    """
    if not LEAST_PERCENTAGE <= abs(value) <= LARGEST_PERCENTAGE:
        return ""
    return f"A share: {value:g} % is {value / 100:g}, and 1 is 100 %."


def not_percent(most: float) -> Callable[[Any], Any]:
    """A check that refuses a number above ``most`` as a percentage typed for a share.

    Raises: PydanticCustomError, from inside a model.
    """

    def checked(value: Any) -> Any:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and most < value <= LARGEST_PERCENTAGE and fix_of_share(value):
            raise refuse(f"at most {most:g}", value, fix_of_share(value))
        return value

    return checked


def _none_or_enough(value: float) -> float:
    """``value``, which something is divided by unless it is 0.

    Raises: PydanticCustomError, from inside a model.
    """
    if 0.0 < value < LEAST_SHARE:
        raise refuse(f"0 or at least {LEAST_SHARE:.6f}", value)
    return value


NONE_OR_ENOUGH: Final = AfterValidator(_none_or_enough)
"""Of rates and shares that may be nothing: what is more than nothing is at least ``LEAST_SHARE``."""
Share: TypeAlias = Annotated[float, Field(ge=0, le=1), BeforeValidator(not_percent(1))]
"""[share], none and all of it included."""
PositiveShare: TypeAlias = Annotated[float, Field(ge=LEAST_SHARE, le=1), BeforeValidator(not_percent(1))]
"""[share], more than none."""
PartShare: TypeAlias = Annotated[float, Field(ge=0, lt=1), BeforeValidator(not_percent(1))]
"""[share], less than all."""
Part: TypeAlias = Annotated[float, Field(ge=0, le=10), BeforeValidator(not_percent(10))]
"""[share] of something that may be exceeded, as a quota or a target."""
PositivePart: TypeAlias = Annotated[float, Field(ge=LEAST_SHARE, le=10), BeforeValidator(not_percent(10))]
"""The same, more than none."""
