"""One CSM's pay under one plan to the cent: amounts that are paid, and parts that add up to them."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sim.plan.split import split_bonus
from sim.replay.replay import Replay, Settled
from sim.shapes.cents import apportioned, to_cent
from sim.shapes.entries import tidy
from sim.shapes.table import Value

BALANCES: Final = (
    ("owed", "Owed at the end"),
    ("held", "Held back at the end"),
    ("recoverable", "Recoverable at the end"),
)
SIDES: Final = ("early", "late", "on_time")


class Slip(NamedTuple):
    """One CSM's amounts under one plan to the cent, by period. [usd]

    earned : by component and top-up; they add up to ``whole``.
    paid   : of the founding table by side of the renewals too, where the plan is on renewals alone.
    """

    settled: Settled
    earned: Mapping[str, list[float]]
    whole: list[float]
    paid: list[float]
    sides: Mapping[str, list[float]]

    @property
    def total(self) -> float:
        """Paid over the horizon. [usd]"""
        return summed(self.paid)


def slips_of(result: Replay) -> tuple[Slip, ...]:
    """Of every plan and CSM, in order."""
    return tuple(map(slip_of, result.settled))


def slip_of(settled: Settled) -> Slip:
    """Round what is paid, and let parts add up to it."""
    found = settled.settlement
    paid, whole = ([to_cent(each) for each in amount[:, 0].tolist()] for amount in (found.paid, found.earned))
    names, parts = list(found.component), [each.pay[:, 0].tolist() for each in found.component.values()]
    rounded = [
        apportioned(each, all_of) for each, all_of in zip(zip(*parts, strict=True), whole, strict=True)
    ]
    sides: dict[str, list[float]] = {}
    if settled.plan.on_renewals_alone:
        split = [getattr(split_bonus(settled.statement), side)[:, 0].tolist() for side in SIDES]
        by_period = [
            _split(each, all_of) for each, all_of in zip(zip(*split, strict=True), paid, strict=True)
        ]
        sides = {side: [each[at] for each in by_period] for at, side in enumerate(SIDES)}
    earned = {name: [each[at] for each in rounded] for at, name in enumerate(names)}
    return Slip(settled, earned, whole, paid, sides)


def _split(parts: Sequence[float], whole: float) -> list[float]:
    """The parts of a bonus; where there is no credit, a bonus has none."""
    return apportioned(parts, whole) if any(parts) else [0.0] * len(parts)


def summed(amounts: Sequence[float]) -> float:
    """A sum of cents, exactly. [usd]"""
    return sum(round(100.0 * each) for each in amounts) / 100.0


def amounts_of(slip: Slip, period: int) -> dict[str, Value]:
    """What the statement's component was asked and credited in a period, and what was paid."""
    settled, found = slip.settled, slip.settled.statement
    entry: dict[str, Value] = {"earned": slip.whole[period], "paid": slip.paid[period]}
    entry["at_target"] = at_target(slip, period)
    entry |= {f"paid_{side}": values[period] for side, values in slip.sides.items()}
    if settled.plan.renewals is not None:
        parts = {side: to_cent(float(getattr(found, f"renewed_{side}")[period, 0])) for side in SIDES}
        entry |= {f"renewed_{side}": amount for side, amount in parts.items()}
        entry["renewed"] = summed(list(parts.values()))
        keys = ("base_quota", "quota", "credit") if settled.plan.has_quota else ("credit",)
        entry |= {key: to_cent(float(getattr(found, key)[period, 0])) for key in keys}
    if settled.plan.has_quota:
        entry["attainment"] = tidy(float(found.attainment[period, 0]))
    if settled.neutral is not None:
        entry["attainment_timing_neutral"] = tidy(float(settled.neutral.statement.attainment[period, 0]))
    return entry


def at_target(slip: Slip, period: int) -> float | None:
    """What the period pays at 100 %, by the plan or as agreed with the person; None where there is no bonus. [usd]"""
    whole = sum(each.target.at(period) for each in slip.settled.settlement.component.values())
    return to_cent(whole) if whole > 0.0 else None


def reached_of(slip: Slip, name: str, period: int) -> dict[str, Value]:
    """What a component was asked and reached in its window, and what it earned in the period."""
    settled, earned = slip.settled, slip.earned[name][period]
    component = next((each for each in settled.plan.component if each.name == name), None)
    measured = settled.settlement.component[name].measured
    if component is None or measured is None:
        return {"earned": earned}
    asked = component.quota.kind != "none"
    skipped = measured.skipped is not None and bool(measured.skipped[period, 0])
    return {
        "measure": component.kpi or component.team_measure or component.measure,
        "target": tidy(float(measured.target[period, 0])) if asked else None,
        "value": tidy(float(measured.value[period, 0])),
        "attainment": tidy(float(measured.attainment[period, 0])) if asked and not skipped else None,
        "earned": earned,
    }


def balance_of(slip: Slip, key: str) -> list[float]:
    """A balance at the end of each period. [usd]"""
    return [to_cent(each) for each in getattr(slip.settled.settlement, key)[:, 0].tolist()]


def balances_of(slip: Slip, period: int) -> dict[str, Value]:
    """All of them at the end of one. [usd]"""
    return {key: balance_of(slip, key)[period] for key, _ in BALANCES}
