"""Exceptions granted by hand: what, why, by whom, and what each is worth."""

from collections.abc import Iterator, Sequence
from typing import Any

from sim.replay.granted import Exemption
from sim.shapes.entries import tidy


def exception_sentences(exceptions: Sequence[Exemption]) -> Iterator[str]:
    """One sentence for each."""
    for each in exceptions:
        worth = ", ".join(f"{plan} {tidy(amount):+,.2f} usd" for plan, amount in each.effect.items())
        yield (
            f"{each.csm} \u00b7 {each.account} (row {each.row}), booked {each.booked}, counts as booked "
            f"{each.granted.date}: {each.granted.why!r}, granted by {each.granted.by!r}. "
            f"Pay with it less pay without: {worth}."
        )


def exception_entries(exceptions: Sequence[Exemption]) -> list[dict[str, Any]]:
    """The same as plain entries; effect by plan. [usd]"""
    return [
        {
            "row": each.row,
            "csm": each.csm,
            "account": each.account,
            "booked_date": each.booked,
            "exception_date": str(each.granted.date),
            "exception": each.granted.why,
            "exception_by": each.granted.by,
            "effect": {plan: tidy(amount) for plan, amount in each.effect.items()},
        }
        for each in exceptions
    ]
