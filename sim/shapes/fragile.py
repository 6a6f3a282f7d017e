"""Means that are not to be relied on, as every medium marks them: one mark, one sentence on it, one way to say that there
is no mean at all.
"""

from typing import Final

from sim.shapes.tail import NONE

MARK: Final = "†"
"""Beside every mean of a plan whose cost rests on a few worlds."""
NO_MEAN: Final = NONE
"""Where the worlds of a plan have quantiles but no mean of finite error."""
MARKED: Final = f"{MARK} This mean rests on a few extreme worlds: do not use it; the median holds."
SIM_ERROR: Final = "± sim. error"
"""What the column of standard errors is called."""
SE_NOTE: Final = f"{SIM_ERROR}: one standard error."
"""In the note of every table that has such a column."""
ERROR_NOTE: Final = (
    f"{SIM_ERROR}: one standard error of the estimate, which more worlds make smaller. P5 to P95: what may happen, nine "
    "worlds in ten, which more worlds do not narrow."
)
"""What tells the two kinds of range apart, said once in every medium."""


def marked(text: str, fragile: object) -> str:
    """The text of a mean, marked where it is fragile; nothing where there is no text."""
    return f"{text}{MARK}" if fragile and text else text
