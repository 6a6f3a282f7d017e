"""The base quota as a plan file declares it: what is asked of a CSM before any quota moves."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.files.toml import Table, refuse
from sim.plan.asked import rate_refused
from sim.plan.bounds import Level, PositiveMoney, Share

ASKED_BY = {"fixed": "amount", "retention": "rate", "opening": "rate", "target": "target"}
"""The key of each kind of quota."""


class Quota(Table):
    """What is asked of a CSM in a period, before any quota moves.

    kind   : ``"fixed"``, the same ``amount`` in every period; ``"retention"``, ``rate`` x ARR due in it; ``"opening"``,
             ``rate`` x ARR at its start; ``"target"``, a level of a share or KPI; ``"none"``, nothing.
    amount : of a fixed quota. [usd/period], or [events/period] of a measure that counts events
    rate   : of a retention quota, above 1 for a net retention target; or of an opening one. [share]
    target : the level at which attainment is 1. [share], or on the KPI's own scale
    floor  : the level at which attainment is 0; 0 unless given. [share], or on the KPI's own scale
    over   : of an amount, or a rate of ARR at the start: ``"period"``, asked in every period; or ``"year"``, asked in the
             year, and what is reached to date is measured against all of it, as what has been earned to date is of the
             target bonus of the year. It needs ``measurement = "year_to_date"``.
    ratchet, ratchet_down : of what a period was above (below) what was asked, the share that is asked on top (less) from
             the next on; on a retention quota the rate moves. ``ratchet_down`` is as ``ratchet`` unless given. [share]

    Source: Compensating Customer Success Managers (founding document), assumptions of the cases: the quota
    "may be GDR * (renewable ARR) or NDR * (renewable ARR)". The ratchet: Weitzman (1980), "The 'ratchet principle' and
    performance incentives", Bell Journal of Economics 11; up more than down: Leone, Misra & Zimmerman (2004).
    """

    kind: Literal["fixed", "retention", "opening", "target", "none"]
    amount: PositiveMoney | None = None
    rate: Annotated[float, Field(gt=0)] | None = None
    target: Level | None = None
    floor: Level | None = None
    over: Literal["period", "year"] = "period"
    ratchet: Share = 0.0
    ratchet_down: Share | None = None

    def shared(self, periods: int) -> float:
        """Its amount or rate in one period, of a year of so many."""
        return (self.amount or self.rate or 0.0) / (periods if self.over == "year" else 1)

    @property
    def ratchets(self) -> tuple[float, float]:
        """Up and down. [share]"""
        return self.ratchet, self.ratchet if self.ratchet_down is None else self.ratchet_down

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        wanted = ASKED_BY.get(self.kind)
        if wanted is not None and getattr(self, wanted) is None:
            raise refuse("present", None, f"A {self.kind} quota needs {wanted!r}.", key=wanted)
        taken = {wanted, "floor"} if self.kind == "target" else {wanted}
        for other in ("amount", "rate", "target", "floor"):
            if other not in taken and getattr(self, other) is not None:
                fix = f"A {self.kind} quota takes {wanted!r} only." if wanted else "Nothing is asked."
                raise refuse("absent", getattr(self, other), fix, key=other)
        if self.over == "year":
            if self.kind not in ("fixed", "opening"):
                fix = "Only a fixed quota or one of ARR at the start is known for a year ahead."
                raise refuse("absent", self.over, fix, key="over")
            if any(self.ratchets):
                raise refuse(
                    "absent", max(self.ratchets), "A quota of the year has one amount.", key="ratchet"
                )
        if self.rate is not None and (refused := rate_refused(self.kind, self.rate)):
            raise refused
        return self
