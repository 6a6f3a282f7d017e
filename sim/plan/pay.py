"""What a CSM on a plan earns at target: given in the plan, or looked up in the market table of the founding document."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Self, TypeAlias

from pydantic import ConfigDict, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from sim.errors import near_match
from sim.files.toml import Table, refuse, refuse_all
from sim.plan.bounds import Money, PositiveMoney, PositiveShare

MARKET_FILE: Final = Path(__file__).with_name("pay_market.toml")
SALARY_TOLERANCE: Final = 1.0
"""A base salary may be rounded to whole dollars against ote x (1 - pay_mix). [usd/yr]"""

Level: TypeAlias = Literal["low", "typical", "high"]
AsOf: TypeAlias = Literal["current", "April 2023"]

TOGETHER: Final[JsonDict] = {
    "market": ["level"],
    "level": ["market"],
    "as_of": ["market"],
    "ote": ["pay_mix"],
}
"""Keys that need others, for editors; ``Pay`` checks it."""


class Pay(Table):
    """What a CSM on this plan earns: give ``target_bonus``; or ``ote`` and ``pay_mix``; or ``market`` and ``level``.

    target_bonus : pay of one period at 100 % attainment. [usd/period]
    ote          : on-target earnings, salary and target bonus together. [usd/yr]
    pay_mix      : the variable share of ``ote``. [share]
    base_salary  : follows from ``ote`` and ``pay_mix`` where they are given. [usd/yr]
    targets      : whose target bonus and salary are paid: ``"person"``, those which the people file agrees with whoever
                   holds the book, where it does, and the plan's of everybody else; ``"plan"``, the plan's of everybody.
    market       : a city of ``pay_market.toml``: ``ote`` is looked up there, and so is ``pay_mix`` where it is printed.
    level        : ``"low"``, ``"typical"`` or ``"high"``.
    as_of        : which table: ``"current"`` or ``"April 2023"``.

    A plan without any bonus may give ``base_salary`` alone.

    Source: Customer Success Compensation (founding document), pay by city.
    """

    model_config = ConfigDict(json_schema_extra={"dependentRequired": TOGETHER, "minProperties": 1})

    market: str | None = None
    level: Level | None = None
    as_of: AsOf | None = None
    target_bonus: PositiveMoney | None = None
    ote: PositiveMoney | None = None
    pay_mix: PositiveShare | None = None
    base_salary: Money = 0.0
    targets: Literal["person", "plan"] = "person"

    @model_validator(mode="before")
    @classmethod
    def _looked_up(cls, document: Any) -> Any:
        if not isinstance(document, dict):
            return document
        found = _from_market(document)
        return _with_salary({**found, **document})

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        return refuse_all(self, self._contradictions())

    def _contradictions(self) -> Iterator[PydanticCustomError]:
        if not self.model_fields_set:
            fix = "Of a plan that pays no salary that is counted: base_salary = 0."
            yield refuse("a table with target_bonus, ote, market or base_salary", None, fix)
            return
        if of_market := list(self._market_agrees()):
            yield from of_market
            return
        if self.target_bonus is not None:
            for key in ("ote", "pay_mix"):
                if getattr(self, key) is not None:
                    yield refuse(
                        "absent beside target_bonus", getattr(self, key), "Keep one of the two.", key=key
                    )
        elif self.ote is not None and self.pay_mix is not None:
            if abs(self.base_salary - self.ote * (1 - self.pay_mix)) > SALARY_TOLERANCE:
                fix = f"Remove it, or make it {self.ote * (1 - self.pay_mix):,.2f}."
                yield refuse("ote x (1 - pay_mix)", self.base_salary, fix, key="base_salary")
        elif self.ote is not None or self.pay_mix is not None or self.base_salary == 0.0:
            yield refuse("either target_bonus, or ote with pay_mix", self.model_dump(exclude_none=True))

    def _market_agrees(self) -> Iterator[PydanticCustomError]:
        if self.market is None:
            for key in ("level", "as_of"):
                if getattr(self, key) is not None:
                    yield refuse("absent", getattr(self, key), "It belongs to 'market'.", key=key)
            return
        cities = list(market_table()[self.as_of or "current"])
        if self.market not in cities:
            fix = near_match(self.market, cities)
            yield refuse(f"one of {sorted(cities)}", self.market, fix, key="market")
        if self.level is None:
            yield refuse("present", None, "A market needs 'level'.", key="level")
        if self.market not in cities or self.level is None:
            return
        row = market_table()[self.as_of or "current"][self.market][self.level]
        if self.ote != row["ote"]:
            fix = f"{self.market}, {self.level}, is {row['ote']:,.0f}."
            yield refuse("absent beside market", self.ote, fix, key="ote")
        if self.pay_mix is None:
            yield refuse("present", None, "The table prints no salary for this level.", key="pay_mix")

    @property
    def target_a_year(self) -> float | None:
        """Target bonus of a year, where it is given so. [usd/yr]"""
        return None if self.ote is None or self.pay_mix is None else self.ote * self.pay_mix


@cache
def market_table() -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    """Pay by table, city and level: ``ote``, and ``base_salary`` where it is printed. [usd/yr]"""
    return tomllib.loads(MARKET_FILE.read_text(encoding="utf-8"))


def _from_market(document: dict[str, Any]) -> dict[str, Any]:
    """What the market table says of the city and level of a document; nothing where it names none of the table's."""
    keys = [document.get("as_of", "current"), document.get("market"), document.get("level")]
    row: Any = market_table()
    for key in keys:
        if not isinstance(key, str) or key not in row:
            return {}
        row = row[key]
    found = {"ote": float(row["ote"])}
    if "base_salary" in row and "pay_mix" not in document:
        found["base_salary"] = float(row["base_salary"])
        found["pay_mix"] = 1.0 - row["base_salary"] / row["ote"]
    return found


def _with_salary(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the base salary that follows from ote and pay_mix, where they are given and it is not."""
    ote, pay_mix = document.get("ote"), document.get("pay_mix")
    if (
        "base_salary" not in document
        and isinstance(ote, int | float)
        and isinstance(pay_mix, int | float)
        and 0 <= pay_mix <= 1
        and ote >= 0
    ):
        return {**document, "base_salary": ote * (1 - pay_mix)}
    return document
