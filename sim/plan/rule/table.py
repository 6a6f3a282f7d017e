"""The written table of rules: what a plan file may hold besides components, and the order in which rules act."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final, Protocol

from pydantic import create_model

from sim.errors import InputError, Problem, shown
from sim.extensions import RULES, extensions
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


class Shipped(Table):
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


TRUE_UP: Final = "true_up"
SHIPPED: Final = ("modifier", "gate", TRUE_UP, "seat", "cap", "clawback", "guarantee", "draw")
OWN: Final = extensions(RULES, (*Shipped.model_fields, TRUE_UP, "name", "title", "about", "pay", "component"))
"""Rules of other packages: a plan file has any number of each, as an array of tables."""


class Own(Protocol):
    """A rule of another package. after : the rule of ``SHIPPED`` behind which it acts."""

    after: ClassVar[str]


def _in_order() -> tuple[str, ...]:
    """Every rule on what is earned, those of other packages behind the ones that they name.

    Raises: InputError where one names none.
    """
    order: list[str] = []
    wrong = [
        Problem(
            f"rule {name} of {each.package}: after", f"one of {', '.join(SHIPPED)}", shown(_after(each.value))
        )
        for name, each in OWN.items()
        if _after(each.value) not in SHIPPED
    ]
    if wrong:
        raise InputError(wrong)
    for shipped in SHIPPED:
        order += [shipped, *(name for name, each in OWN.items() if _after(each.value) == shipped)]
    return tuple(order)


def _after(kind: Own) -> object:
    return getattr(kind, "after", None)


EARNING: Final = _in_order()
"""The rules on what is earned, in the order in which they act."""

if TYPE_CHECKING:

    class Rules(Shipped):
        """All tables of rules of a plan file."""

else:
    Rules = create_model(
        "Rules", __base__=Shipped, **{name: (tuple[each.value, ...], ()) for name, each in OWN.items()}
    )
    Rules.__doc__ = Shipped.__doc__


def rules_on_earnings(rules: Rules) -> tuple[Rule, ...]:
    """The rules of a plan on what is earned, in order; the true-up stands in every plan."""
    found: list[Rule] = []
    for name in EARNING:
        each = TrueUp() if name == TRUE_UP else getattr(rules, name)
        found += each if isinstance(each, Sequence) else [each] if each is not None else []
    return tuple(found)
