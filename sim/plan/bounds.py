"""The numbers and texts that a plan file may hold.

The upper bounds are far above any real plan, and keep every product of them finite: no input can give an infinite
bonus.
"""

from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, Field

from sim.files.toml import one_line

LARGEST_MONEY: Final = 1e12
Money: TypeAlias = Annotated[float, Field(ge=0, le=LARGEST_MONEY)]
PositiveMoney: TypeAlias = Annotated[float, Field(ge=0.01, le=LARGEST_MONEY)]
Multiplier: TypeAlias = Annotated[float, Field(ge=0, le=100)]
Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
PositiveShare: TypeAlias = Annotated[float, Field(gt=0, le=1)]
Multiple: TypeAlias = Annotated[float, Field(ge=0, le=1e6)]
Level: TypeAlias = Annotated[float, Field(ge=-1e6, le=1e6)]
DayCount: TypeAlias = Annotated[int, Field(ge=1, le=3660)]
PeriodCount: TypeAlias = Annotated[int, Field(ge=1, le=400)]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]
Title: TypeAlias = Annotated[str, Field(max_length=200), AfterValidator(one_line)]
