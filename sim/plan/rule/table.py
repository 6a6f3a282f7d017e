"""The written table of rules: what a plan file may hold besides components, and the order in which rules act."""

from collections.abc import Sequence
from typing import Final

from sim.files.toml import Table
from sim.plan.rule.cap import Cap
from sim.plan.rule.carry import Carry
from sim.plan.rule.clawback import Clawback
from sim.plan.rule.draw import Draw
from sim.plan.rule.earnings import Rule
from sim.plan.rule.gate import Gate
from sim.plan.rule.grace import Grace
from sim.plan.rule.guarantee import Guarantee
from sim.plan.rule.holdback import Holdback
from sim.plan.rule.modifier import Modifier
from sim.plan.rule.ramp import Ramp
from sim.plan.rule.seat import Seat
from sim.plan.rule.true_up import TrueUp


class Rules(Table):
    """The tables of rules of a plan file, in the order in which they act.

    ``ramp`` acts on quotas, ``grace`` on what measures read; ``modifier`` and ``gate`` on what windows have earned;
    then pay is trued up; ``seat`` to ``draw`` act on what periods have earned; ``draw``, ``holdback`` and ``carry`` on
    what is paid out when.
    """

    ramp: Ramp | None = None
    grace: Grace | None = None
    modifier: tuple[Modifier, ...] = ()
    gate: tuple[Gate, ...] = ()
    seat: Seat = Seat()
    cap: tuple[Cap, ...] = ()
    clawback: tuple[Clawback, ...] = ()
    guarantee: Guarantee | None = None
    draw: Draw | None = None
    holdback: Holdback | None = None
    carry: Carry = Carry()


EARNING: Final = ("modifier", "gate", "true_up", "seat", "cap", "clawback", "guarantee", "draw")
"""The rules on what is earned, in the order in which they act."""


def rules_on_earnings(rules: Rules) -> tuple[Rule, ...]:
    """The rules of a plan on what is earned, in order; the true-up stands in every plan."""
    found: list[Rule] = []
    for name in EARNING:
        each = TrueUp() if name == "true_up" else getattr(rules, name)
        found += each if isinstance(each, Sequence) else [each] if each is not None else []
    return tuple(found)
