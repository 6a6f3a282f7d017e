"""The scenario file: the company's segments and the world's assumptions, each with its source."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from sim.calendar import Calendar, start_fault
from sim.errors import near_match
from sim.files.share import NONE_OR_ENOUGH, PartShare, Share, not_percent
from sim.files.toml import Name, Table, Title, check, frozen, read_toml, refuse, refuse_all
from sim.fiscal_year import FiscalYear
from sim.world.book_source import BookSource
from sim.world.draws import Draws, Uncertainty, read_draws
from sim.world.scales import Kpis
from sim.world.segment import LONGEST_LAG, Segment

MOST_ACCOUNTS = 1_000_000
SHORTEST_MONTH = 28
DRAWN = frozenset({"segment", "dependence", "market"})
"""Tables in which draws may hold numbers."""
LEAST_LEAD = 2
"""Periods before the horizon that are simulated at least, and from which on people leave and accounts join."""

Correlation = Annotated[float, Field(ge=-0.99, le=0.99), BeforeValidator(not_percent(0.99))]


class Employer(Table):
    """What the company pays on top of pay.

    on_cost : payroll taxes and benefits on every dollar of pay. [share]
    """

    on_cost: Share = 0.0


class Billing(Table):
    """When a booking is invoiced and paid, for plans that credit on those dates.

    invoice_days : from the start of service to the invoice. [day]
    payment_days : from the invoice to the cash. [day]
    """

    invoice_days: Annotated[int, Field(ge=0, le=365)] = 0
    payment_days: Annotated[int, Field(ge=0, le=365)] = 30


class Market(Table):
    """The market factor, one standard normal path a world: M_t = phi M_{t-1} + sqrt(1 - phi^2) e_t.

    persistence : phi. [correlation of neighbouring periods]
    level       : every M_t of every world, instead of a drawn path: what a forecast at one state of the market needs.
                  [standard deviations of M]
    shared_by   : so many worlds in a row live on one path of the market; apart from it they share nothing. [world]
    """

    persistence: Annotated[float, Field(ge=0.0, le=0.999), BeforeValidator(not_percent(0.999))] = 0.7
    level: Annotated[float, Field(ge=-6.0, le=6.0)] | None = None
    shared_by: Annotated[int, Field(ge=1, le=1_000_000)] = 1


class Dependence(Table):
    """How outcomes hang together: the latent of a renewal is sqrt(market) M + sqrt(skill) U + sqrt(health) H + own noise.

    market, skill, health : shares of the latent's variance; together below 1. [share]
    health_persistence    : correlation of an account's health between one renewal and the next.
    timing                : correlation of the latent of a kept renewal with how early it is booked.
    amount                : correlation of the latent of a kept renewal with its uplift.
    expansion             : sensitivity of the rate of expansion to market, skill and the account's health (log scale).

    Source: one-factor Gaussian copula, Vasicek (2002); extended to several factors.
    """

    market: PartShare = 0.10
    skill: PartShare = 0.05
    health: PartShare = 0.30
    health_persistence: Correlation = 0.7
    timing: Correlation = 0.3
    amount: Correlation = 0.3
    expansion: Annotated[float, Field(ge=0.0, le=2.0)] = 0.3

    @model_validator(mode="after")
    def _leaves_noise(self) -> Self:
        total = self.market + self.skill + self.health
        if total >= 1.0:
            raise refuse("market + skill + health below 1", total, "The rest is the renewal's own noise.")
        return self


class Team(Table):
    """How people come and go.

    turnover_per_year : CSMs who leave, per CSM and year. [1/yr]
    vacancy_days      : from leaving to the successor's first day. [day]
    cover             : share of the leaver's skill effect that a cover keeps up in the meantime. [share]
    """

    turnover_per_year: Annotated[
        float, Field(ge=0.0, le=10.0), BeforeValidator(not_percent(10)), NONE_OR_ENOUGH
    ] = 0.0
    vacancy_days: Annotated[int, Field(ge=0, le=730)] = 90
    cover: Share = 0.5


class About(Table):
    """For people: what the scenario describes.

    description : in a sentence or two.
    """

    description: str = ""


class Scenario(Table):
    """A company's customer base and the world it lives in.

    name, title           : what results call the scenario; for people.
    start                 : first day of the horizon. [date]
    periods, period_months: quota periods in the horizon and their length. [month]
    fiscal_year           : how the company cuts its years into periods, and what they are called; without it, years begin
                            with the horizon.
    uncertainty           : draws of inputs that are not known; every world then lives on one of them.
    sources               : for each assumption (a key, or a table of keys, as a dotted path) its source.
    """

    name: Name
    title: Title = ""
    start: date
    periods: Annotated[int, Field(ge=1, le=40)]
    period_months: Literal[1, 3, 6, 12] = 3
    fiscal_year: FiscalYear | None = None
    about: About = About()
    employer: Employer = Employer()
    billing: Billing = Billing()
    market: Market = Market()
    dependence: Dependence = Dependence()
    book: BookSource = BookSource()
    team: Team = Team()
    kpi: Kpis = Kpis()
    segment: Annotated[tuple[Segment, ...], Field(min_length=1, max_length=50)]
    uncertainty: Uncertainty | None = None
    sources: dict[str, str] = {}
    _origin: Path = PrivateAttr(default=Path("scenario.toml"))
    _draws: Draws | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        return refuse_all(self, self._contradictions())

    def _contradictions(self) -> Iterator[PydanticCustomError]:
        if not date(1950, 1, 1) <= self.start <= date(2150, 1, 1):
            yield refuse("between 1950 and 2150", self.start.isoformat(), key="start")
        elif wrong := start_fault(self.start, self.period_months, self.fiscal_year):
            yield refuse(wrong.allowed, self.start.isoformat(), wrong.fix, key="start")
        names = [segment.name for segment in self.segment]
        if len(set(names)) < len(names):
            yield refuse("segments of different names", names, key="segment")
        if self.book.file is None:
            yield from self._drawable()
        known = sorted(self.keys())
        for key in self.sources:
            if key not in known:
                yield refuse("a key of this scenario", key, near_match(key, known), key=f"sources.{key!r}")

    def _drawable(self) -> Iterator[PydanticCustomError]:
        for position, segment in enumerate(self.segment):
            absent = [key for key in ("csms", "arr") if getattr(segment, key) is None]
            if absent:
                fix = "A book drawn from the scenario needs it; or give [book] file."
                yield refuse("present", None, fix, key=f"segment[{position}].{absent[0]}")
        accounts = sum(segment.accounts for segment in self.segment)
        if accounts > MOST_ACCOUNTS:
            yield refuse(f"at most {MOST_ACCOUNTS:,} accounts", accounts, key="segment")

    @cached_property
    def calendar(self) -> Calendar:
        """The horizon, with edges as wide as the farthest late and early bookings reach."""
        lead = max(self.lead_of(segment) for segment in self.segment)
        early = -min(min(band.days) for segment in self.segment for band in segment.lag)
        return Calendar(
            self.start, self.periods, lead, max(1, self._reach(early)), self.period_months, self.fiscal_year
        )

    def lead_of(self, segment: Segment) -> int:
        """Periods before the horizon from which on a segment is simulated: as far back as its own latest booking reaches,
        ``LEAST_LEAD`` at least. What other segments do does not move it.
        """
        return max(LEAST_LEAD, self._reach(max(max(band.days) for band in segment.lag)))

    def _reach(self, days: int) -> int:
        """Periods that so many days span at most."""
        shortest = SHORTEST_MONTH if self.period_months == 1 else 30 * self.period_months
        return -(-min(max(days, 0), LONGEST_LAG) // shortest)

    def with_(self, **changes: object) -> Self:
        """The scenario with other values of these fields, which their own tables have checked; nothing is checked again.
        What follows from fields (``calendar``) is worked out anew.
        """
        values = {name: getattr(self, name) for name in type(self).model_fields} | changes
        changed = self.model_construct(self.model_fields_set | changes.keys(), **values)
        changed._origin, changed._draws = self._origin, self._draws
        if self._draws is not None:
            if held := DRAWN & changes.keys():
                raise TypeError(f"draws may hold numbers of {sorted(held)}: change them in each")
            changed._draws = self._draws.on(self._draws.stack.with_(**changes))
        return changed

    @property
    def draws(self) -> Draws | None:
        """Draws of the inputs that are not known; None where every input is taken as it stands."""
        return self._draws

    @property
    def stack(self) -> "Scenario":
        """The scenario with arrays [draw] in the place of numbers that differ between draws; itself without draws. For
        what works on numbers and arrays alike, and is unchecked.
        """
        return self if self._draws is None else cast(Self, self._draws.stack)

    def in_each(self, change: Callable[[Self], Self]) -> Self:
        """The scenario changed, and in the same way with the numbers of every draw. change : works on numbers and arrays
        alike.
        """
        changed = change(self.without_draws)
        if self._draws is not None:
            changed._draws = self._draws.on(change(self._draws.stack))
        return changed

    @property
    def without_draws(self) -> Self:
        """The scenario as its file states it, whatever its draws say."""
        if self._draws is None:
            return self
        plain = self.model_copy()
        plain._draws = None
        return plain

    @property
    def folder(self) -> Path:
        """The folder that relative paths start from."""
        return self._origin.parent

    @property
    def source(self) -> Path:
        """The scenario's file, for sentences about it."""
        return self._origin

    def keys(self) -> set[str]:
        """Every key of the scenario as a dotted path, segments by name: what ``sources`` may speak of."""
        return set(_paths(self.model_dump(exclude={"name", "title", "about", "sources"}, by_alias=True), ""))


def scenario_of(document: Mapping[str, Any], source: str = "the scenario") -> Scenario:
    """A scenario of the tables that a scenario file has, as plain values; paths are relative to the working directory.

    Raises: InputError with every problem, those of the draws that it names too.
    """
    return _with_draws(check(Scenario, frozen(dict(document)), source))


def load_scenario(path: Path) -> Scenario:
    """Read and check a scenario file.

    Raises: InputError with every problem of the file, and then of the draws that it names.
    """
    scenario = check(Scenario, read_toml(path), str(path))
    scenario._origin = path
    return _with_draws(scenario)


def _with_draws(scenario: Scenario) -> Scenario:
    """The scenario with the draws that it names. The stack of numbers has none itself."""
    if scenario.uncertainty is not None:
        where = f"{scenario.source}: uncertainty.draws"
        scenario._draws = read_draws(scenario, scenario.folder / scenario.uncertainty.draws, where)
    return scenario


def _paths(node: Any, prefix: str) -> list[str]:
    if isinstance(node, dict):
        found = [prefix] if prefix else []
        for key, value in node.items():
            found += _paths(value, f"{prefix}.{key}" if prefix else key)
        return found
    if isinstance(node, tuple) and node and isinstance(node[0], dict) and "name" in node[0]:
        return [prefix, *(path for item in node for path in _paths(item, f"{prefix}.{item['name']}"))]
    return [prefix]
