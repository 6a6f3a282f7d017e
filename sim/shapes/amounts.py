"""Amounts and shares as a reader wants them: one unit a column, and no digit that the simulation error
drowns.
"""

from collections.abc import Iterable, Mapping
from math import floor, isfinite, log10
from typing import Any, Final, NamedTuple

SCALES: Final = ((1e7, 1e6, "$M"), (1e4, 1e3, "$K"), (0.0, 1.0, "$"))
"""(largest amount from [usd], divisor [usd], name): the unit that a column is shown in."""
MOST_DECIMALS: Final = 3


class Unit(NamedTuple):
    """How the amounts of a column are shown. divisor : [usd]"""

    divisor: float
    name: str
    decimals: int

    def show(self, amount: float, sign: bool = False) -> str:
        """The amount in this unit, with a plus sign on request; a true minus sign, no minus zero."""
        return number(amount / self.divisor, self.decimals, sign)


def unit_for(amounts: Iterable[float], errors: Iterable[float] = ()) -> Unit:
    """The unit for a column: by its largest amount, with decimals down to the first digit of the smallest
    error.
    """
    largest = max((abs(amount) for amount in amounts if isfinite(amount)), default=0.0)
    divisor, name = next((divisor, name) for least, divisor, name in SCALES if largest >= least)
    known = sorted(error for error in errors if error > 0.0)
    typical = known[len(known) // 2] if known else 0.01 * largest
    if typical <= 0.0:
        return Unit(divisor, name, 0)
    decimals = -floor(log10(typical / divisor))
    return Unit(divisor, name, min(max(decimals, 0), MOST_DECIMALS))


def number(value: float, decimals: int, sign: bool = False) -> str:
    """A number with thousands separators."""
    text = f"{value:+,.{decimals}f}" if sign else f"{value:,.{decimals}f}"
    if not any(digit in text for digit in "123456789"):
        return text.lstrip("+-")
    return text.replace("-", "−")


def share(value: float, decimals: int = 0, sign: bool = False) -> str:
    """A share as a percentage; what is not quite none or all does not round to it."""
    step = 10.0**-decimals
    percent = 100.0 * value
    if not sign and 0.0 < percent < step / 2:
        return f"<{step:.{decimals}f} %"
    if not sign and 100.0 - step / 2 < percent < 100.0:
        return f">{100.0 - step:.{decimals}f} %"
    return f"{number(percent, decimals, sign)} %"


def amount(value: float, sign: bool = False) -> str:
    """One amount for a sentence: ``$4.21M``, ``$310K``."""
    size = abs(value)
    for least, divisor, suffix in ((9.995e5, 1e6, "M"), (999.5, 1e3, "K"), (0.0, 1.0, "")):
        if size >= least:
            scaled = size / divisor
            decimals = 0 if not suffix or scaled >= 99.95 else 1 if scaled >= 9.995 else 2
            text = f"${scaled:,.{decimals}f}{suffix}"
            break
    if not any(digit in text for digit in "123456789"):
        return text  # no minus zero
    before = "−" if value < 0 else "+" if sign and value > 0 else ""
    return before + text


def cents(price: float) -> str:
    """What a dollar costs, for a sentence: ``4.1¢``, ``20¢``."""
    return f"{100.0 * price:.1f}".removesuffix(".0") + "¢"


def at_most(value: float) -> str:
    """The most that a share can be which was never seen to be more than 0."""
    text = share(value, 1)
    return text if text.startswith("<") else f"≤ {text}"


def chance(entry: Mapping[str, Any], name: str) -> str:
    """The probability ``name`` of an entry with its error; where it never happened, the most it can be at 95 %."""
    if entry[name] == 0.0:
        return at_most(entry[f"{name}_ci95"][1])
    return f"{share(entry[name], 1)} ± {100 * entry[f'{name}_se']:.1f}"
