"""The numbers and texts that a plan file may hold.

The bounds are far outside any real plan, and inside what a slip of the pen makes of one (90 for 0.90). They keep every
product and quotient finite: no input can give an infinite bonus.
"""

from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator, Field

from sim.files.share import Part as Part
from sim.files.share import PositiveShare as PositiveShare
from sim.files.share import Share as Share
from sim.files.share import not_percent
from sim.files.toml import Text as Text
from sim.files.toml import Title as Title

LARGEST_MONEY: Final = 1e12
Money: TypeAlias = Annotated[float, Field(ge=0, le=LARGEST_MONEY)]
PositiveMoney: TypeAlias = Annotated[float, Field(ge=0.01, le=LARGEST_MONEY)]
Multiplier: TypeAlias = Annotated[float, Field(ge=0, le=10), BeforeValidator(not_percent(10))]
Multiple: TypeAlias = Annotated[float, Field(ge=0, le=20), BeforeValidator(not_percent(20))]
"""Of a target bonus, or of what is asked: an attainment. The largest public multiples are 2 to 3. [share]"""
LARGEST_ATTAINMENT: Final = 20.0
"""At which an interval of a curve may end, or a tier start; beyond the last one the last goes on. [share]"""
Slope: TypeAlias = Annotated[float, Field(ge=0, le=10_000)]
"""Multiple per unit of attainment: from nothing to the target bonus over as little as a hundredth of a percent."""
Level: TypeAlias = Annotated[float, Field(ge=-1e6, le=1e6)]
DayCount: TypeAlias = Annotated[int, Field(ge=1, le=3660)]
PeriodCount: TypeAlias = Annotated[int, Field(ge=1, le=400)]
