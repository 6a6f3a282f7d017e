"""A compensation plan as its file declares it, and how it is read."""

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator

from sim.calendar import MONTHS_PER_YEAR, Calendar
from sim.files.toml import Table, read_model, refuse
from sim.plan.component import Component, CreditDate, Money, PositiveMoney, Text

WEIGHT_TOLERANCE = 1e-9
SALARY_TOLERANCE = 1.0
"""A base salary may be rounded to whole dollars against ote x (1 - pay_mix). [usd/yr]"""


class About(Table):
    """Where a plan comes from and what of it is not modelled; for people and the report."""

    source: str = ""
    not_modelled: tuple[str, ...] = ()


class Pay(Table):
    """What a CSM on this plan earns: give ``target_bonus``, or ``ote`` and ``pay_mix``.

    target_bonus : pay of one period at 100 % attainment. [usd/period]
    ote          : on-target earnings, salary and target bonus together. [usd/yr]
    pay_mix      : the variable share of ``ote``. [share]
    base_salary  : follows from ``ote`` and ``pay_mix`` where they are given. [usd/yr]
    """

    target_bonus: PositiveMoney | None = None
    ote: PositiveMoney | None = None
    pay_mix: Annotated[float, Field(gt=0, le=1)] | None = None
    base_salary: Money = 0.0

    @model_validator(mode="before")
    @classmethod
    def _salary_from_ote(cls, document: Any) -> Any:
        if not isinstance(document, dict) or "base_salary" in document:
            return document
        ote, pay_mix = document.get("ote"), document.get("pay_mix")
        if (
            isinstance(ote, int | float)
            and isinstance(pay_mix, int | float)
            and 0 <= pay_mix <= 1
            and ote >= 0
        ):
            return {**document, "base_salary": ote * (1 - pay_mix)}
        return document

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.target_bonus is not None:
            for key in ("ote", "pay_mix"):
                if getattr(self, key) is not None:
                    raise refuse(
                        "absent beside target_bonus", getattr(self, key), "Keep one of the two.", key=key
                    )
        elif self.ote is None or self.pay_mix is None:
            raise refuse("either target_bonus, or ote with pay_mix", self.model_dump(exclude_none=True))
        elif abs(self.base_salary - self.ote * (1 - self.pay_mix)) > SALARY_TOLERANCE:
            fix = f"Remove it, or make it {self.ote * (1 - self.pay_mix):,.2f}."
            raise refuse("ote x (1 - pay_mix)", self.base_salary, fix, key="base_salary")
        return self


class Plan(Table):
    """A compensation plan: pay, and the rules by which it is earned. The same for every CSM and world."""

    name: Text
    title: Annotated[str, Field(max_length=200)] = ""
    about: About = About()
    pay: Pay
    component: tuple[Component, ...]

    @field_validator("name", "title")
    @classmethod
    def _one_line(cls, text: str) -> str:
        if not text.isprintable() or text != text.strip():
            raise refuse("printable text in one line, without spaces at its ends", text)
        return text

    @field_validator("component")
    @classmethod
    def _one_component(cls, component: tuple[Component, ...]) -> tuple[Component, ...]:
        if len(component) != 1:
            raise refuse(
                "exactly one [[component]]",
                len(component),
                "Plans of several components are not settled yet.",
            )
        total = sum(each.weight for each in component)
        if abs(total - 1.0) > WEIGHT_TOLERANCE:
            raise refuse("components whose weights sum to 1", total)
        return component

    def target_bonus(self, calendar: Calendar) -> float:
        """Pay of one period of ``calendar`` at 100 % attainment. [usd/period]"""
        if self.pay.target_bonus is not None:
            return self.pay.target_bonus
        assert self.pay.ote is not None, "checked on reading"
        assert self.pay.pay_mix is not None, "checked on reading"
        return self.pay.ote * self.pay.pay_mix * calendar.months_per_period / MONTHS_PER_YEAR

    @property
    def credit_date(self) -> CreditDate:
        """The date whose period takes the credit."""
        return self.component[0].crediting.date

    @property
    def ledger_date(self) -> str:
        """The credit date whose amounts this plan reads in a Ledger: ``"due"`` moves those booked."""
        return "booking" if self.credit_date == "due" else self.credit_date

    @property
    def early_edges(self) -> tuple[int, ...]:
        """Last day of each band of days early that this plan tells apart. [day]"""
        return tuple(band.through_day for band in self.component[0].crediting.early_bands or ())

    @property
    def late_edges(self) -> tuple[int, ...]:
        """Last day of each band of days late that this plan tells apart, its window included. [day]"""
        crediting = self.component[0].crediting
        days = {band.through_day for band in crediting.late_bands or ()}
        return tuple(sorted(days | {crediting.late_window_days}))


def load_plan(path: Path) -> Plan:
    """Read a plan file.

    Raises: InputError with every problem of the file.
    """
    return read_model(Plan, path)
