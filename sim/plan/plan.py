"""A compensation plan as its file declares it, and how it is read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from sim.calendar import Calendar
from sim.errors import near_match
from sim.files.toml import Table, check, frozen, parse_toml, read_model, refuse, refuse_all
from sim.fiscal_year import MONTHS_PER_YEAR
from sim.frame import Frame, make_frame
from sim.plan.altered import altered, plain
from sim.plan.bounds import Text, Title
from sim.plan.component import Component, CreditDate
from sim.plan.measures import MORE
from sim.plan.pay import Pay as Pay
from sim.plan.reading.retention import cohort_terms
from sim.plan.rule.earnings import TOP_UPS
from sim.plan.rule.table import OWN, Rules
from sim.records import CohortTerms, DealTerms

WEIGHT_TOLERANCE: Final = 1e-9


class About(Table):
    """Where a plan or a role set comes from and what of it is not modelled; for people and the report.

    source       : who published it, or the word assumption.
    not_modelled : each clause of the original that this file leaves out.
    """

    source: str = ""
    not_modelled: tuple[str, ...] = ()


class Plan(Rules):
    """A compensation plan: pay, and the rules by which it is earned. The same for every CSM and world.

    name, title : what results call the plan; the name is the one that studies and commands know.
    """

    name: Text
    title: Title = ""
    about: About = About()
    pay: Pay
    component: Annotated[tuple[Component, ...], Field(min_length=1, max_length=20)]

    @field_validator("component")
    @classmethod
    def _fit_together(cls, component: tuple[Component, ...]) -> tuple[Component, ...]:
        total = sum(each.weight for each in component)
        if any(each.pay_kind == "bonus" for each in component) and abs(total - 1.0) > WEIGHT_TOLERANCE:
            raise refuse("components whose weights sum to 1", total)
        for name, count in Counter(each.name for each in component).items():
            if count > 1:
                raise refuse("components of different names", name, "Name each of them.")
            if name in TOP_UPS:
                raise refuse("components of other names", name, "That is what a top-up is called.")
        dates = {each.crediting.date for each in component if each.measure == "renewal_bookings"}
        if len(dates) > 1:
            raise refuse("renewal components with the same crediting.date", sorted(dates))
        return component

    @model_validator(mode="after")
    def _rules_fit(self) -> Self:
        return refuse_all(self, self._contradictions())

    def _contradictions(self) -> Iterator[PydanticCustomError]:
        yield from self._names_exist()
        bonus = any(each.pay_kind == "bonus" for each in self.component)
        if bonus and self.pay.target_bonus is None and self.pay.target_a_year is None:
            received = self.pay.model_dump(exclude_none=True)
            yield refuse("either target_bonus, or ote with pay_mix", received, key="pay")
        yield from self._caps_have_targets()
        if self.draw is not None and self.draw.recoverable and not self.carry.negative:
            yield refuse(
                "true beside a recoverable draw", False, "Make one of them different.", key="carry.negative"
            )

    def _names_exist(self) -> Iterator[PydanticCustomError]:
        """Refuse a rule that speaks of a component that is not there."""
        names = [each.name for each in self.component]
        spoken = [
            (f"{table}[{index}].{key}", getattr(rule, key))
            for table in ("modifier", "gate", "cap", "clawback", *OWN)
            for index, rule in enumerate(getattr(self, table))
            for key in ("component", "by", "requires")
            if key in type(rule).model_fields
        ]
        for key, name in spoken:
            if name is not None and name not in names:
                yield refuse(
                    f"the name of a component, one of {names}", name, near_match(name, names), key=key
                )

    def _caps_have_targets(self) -> Iterator[PydanticCustomError]:
        """Refuse a cap as a multiple of a target that is not there."""
        bonus = {each.name for each in self.component if each.pay_kind == "bonus"}
        for index, cap in enumerate(self.cap):
            if cap.multiple is not None and not (bonus if cap.component is None else cap.component in bonus):
                yield refuse(
                    "absent",
                    cap.multiple,
                    "There is no target bonus; give usd.",
                    key=f"cap[{index}].multiple",
                )

    @classmethod
    def from_dict(cls, document: Mapping[str, object]) -> Self:
        """A plan of the tables that a plan file has, as plain values.

        Raises: InputError with every problem.
        """
        return check(cls, frozen(dict(document)), f"plan {document.get('name', '')}".strip())

    @classmethod
    def from_toml(cls, text: str) -> Self:
        """A plan of the text of a plan file.

        Raises: InputError with every problem.
        """
        return check(cls, parse_toml(text, "the plan"), "the plan")

    def to_toml(self) -> str:
        """The plan as the text of a plan file."""
        import tomlkit

        return tomlkit.dumps(plain(self.model_dump(exclude_unset=True, exclude_none=True)))

    def altered(self, changes: Mapping[str, object], name: str | None = None) -> Self:
        """The plan with other values at these paths; see ``sim.plan.altered``.

        Raises: InputError with every path that leads nowhere, or else every problem of the plan as changed.
        """
        named = {} if name is None else {"name": name}
        return altered(self, {**changes, **named}, f"plan {self.name}")

    def target_bonus(self, calendar: Calendar) -> float:
        """Pay of one period of ``calendar`` at 100 % attainment; 0 where nothing is said of it. [usd/period]"""
        if self.pay.target_bonus is not None:
            return self.pay.target_bonus
        return (self.pay.target_a_year or 0.0) * calendar.months_per_period / MONTHS_PER_YEAR

    @property
    def renewals(self) -> Component | None:
        """The first component on renewal bookings; None where there is none."""
        return next((each for each in self.component if each.measure == "renewal_bookings"), None)

    @property
    def lead(self) -> Component:
        """The component that a statement shows: the first on renewal bookings, else the first."""
        return self.renewals or self.component[0]

    @property
    def has_quota(self) -> bool:
        """Whether anything is asked of the component that a statement shows."""
        return self.lead.quota.kind != "none"

    @property
    def of_persons(self) -> tuple[Component, ...]:
        """The components that ask what is agreed with whoever holds the book."""
        return tuple(each for each in self.component if each.quota.kind == "person")

    @property
    def for_newcomers(self) -> tuple[str, ...]:
        """The rules that act only on whoever is new in the seat, by their tables."""
        draw = self.draw is not None and self.draw.periods is not None
        there = {
            "ramp": self.ramp is not None,
            "grace": self.grace is not None,
            "guarantee": self.guarantee is not None,
            "draw": draw,
        }
        return tuple(name for name, given in there.items() if given)

    @property
    def caps_on_due(self) -> bool:
        """Whether early credit is capped at a share of a quota that follows the ARR due: then what is due before the horizon
        matters to what was booked early then.
        """
        return any(
            each.crediting.early_cap is not None and each.quota.kind == "retention" for each in self.component
        )

    @property
    def caps_deals(self) -> bool:
        """Whether there is a most that one deal counts for: then pay is no function of sums of deals alone."""
        return any(each.crediting.deal_cap is not None for each in self.component)

    @property
    def extensions(self) -> tuple[str, ...]:
        """The packages, with their versions, whose rules or measures it uses."""
        rules = {OWN[name].package for name in OWN if getattr(self, name)}
        measures = {MORE[each.measure].package for each in self.component if each.measure in MORE}
        return tuple(sorted(rules | measures))

    @property
    def on_renewals_alone(self) -> bool:
        """Whether crediting, quota and one payout curve are all there is: one bonus on renewal bookings, measured and
        paid by period, and no other rule.
        """
        one, fields = self.component[0], Component.model_fields
        usual = all(
            getattr(one, key) == fields[key].default
            for key in ("pay_kind", "measure", "measurement", "nothing_due", "paid")
        )
        rules = Rules()
        return (
            len(self.component) == 1
            and usual
            and all(getattr(self, name) == getattr(rules, name) for name in Rules.model_fields)
        )

    @property
    def never_negative(self) -> bool:
        """Whether no period can take back what another one earned."""
        to_date = any(each.measurement.endswith("to_date") for each in self.component)
        shrinks = any(each.kind == "change" and each.pay_kind == "commission" for each in self.component)
        return not to_date and not shrinks and not self.clawback

    @property
    def reads(self) -> frozenset[str]:
        """What this plan needs of a Ledger beyond bookings.

        ``"flow"`` (flows and numbers of the book), ``"kpi:NAME"``, ``"company"`` (the same of all books), and
        ``"team"``: who holds the seat, and since when. Where nobody leaves, the last may be left out: then every seat
        is taken, and nobody is new.
        """
        found = {each for component in self.component for each in component.reads}
        found |= {"flow"} if self.clawback else set()
        of_team = self.for_newcomers or self.draw is not None or self.seat.vacant == "unpaid"
        return frozenset(found | ({"team"} if of_team else set()))

    def cohorts(self, calendar: Calendar, company: bool = False) -> tuple[CohortTerms, ...]:
        """The cohorts that this plan reads of a Ledger: of the book, or of all books together."""
        return tuple(
            dict.fromkeys(
                cohort_terms(each, None if company else self.grace, calendar)
                for each in self.component
                if each.is_retention and (each.kind_of_measure.kind == "company") == company
            )
        )

    @property
    def deals(self) -> tuple[DealTerms, ...]:
        """The parts of deals that this plan reads of a Ledger."""
        rows = (terms for each in self.component for row in each.deals for terms in row.terms(each.dates))
        return tuple(dict.fromkeys(rows))

    @property
    def credit_date(self) -> CreditDate:
        """The date whose period takes the credit of renewals."""
        return self.lead.crediting.date

    @property
    def ledger_date(self) -> str:
        """The credit date whose amounts this plan reads in a Ledger: ``"due"`` moves those booked."""
        return "booking" if self.credit_date == "due" else self.credit_date

    @property
    def amounts(self) -> tuple[str, ...]:
        """Names of the amounts this plan reads in a Ledger; see ``Crediting.amounts``."""
        renewals = {each.crediting.amounts for each in self.component if each.measure == "renewal_bookings"}
        return tuple(sorted(renewals)) or (self.ledger_date,)

    @property
    def early_edges(self) -> tuple[int, ...]:
        """Last day of each band of days early that this plan tells apart. [day]"""
        bands = [band for each in self.component for band in each.crediting.early_bands or ()]
        return tuple(sorted({band.through_day for band in bands}))

    @property
    def late_edges(self) -> tuple[int, ...]:
        """Last day of each band of days late that this plan tells apart, its window included. [day]"""
        rules = [each.crediting for each in self.component]
        days = {band.through_day for crediting in rules for band in crediting.late_bands or ()}
        return tuple(sorted(days | {crediting.late_window_days for crediting in rules}))


def cohorts_of(plans: Iterable[Plan], calendar: Calendar, company: bool = False) -> tuple[CohortTerms, ...]:
    """The cohorts that some plan reads: of the book, or of all books together."""
    return tuple(dict.fromkeys(each for plan in plans for each in plan.cohorts(calendar, company)))


def deals_of(plans: Iterable[Plan]) -> tuple[DealTerms, ...]:
    """The parts of deals that some plan reads."""
    return tuple(dict.fromkeys(each for plan in plans for each in plan.deals))


def kpis_of(plans: Iterable[Plan]) -> tuple[str, ...]:
    """The KPIs that some plan reads."""
    found = {read.removeprefix("kpi:") for plan in plans for read in plan.reads if read.startswith("kpi:")}
    return tuple(sorted(found))


def frame_for(
    plans: Sequence[Plan], calendar: Calendar, earliest: int | None = None, latest: int | None = None
) -> Frame:
    """The cells that every one of the plans can read. earliest, latest : as ``sim.frame.make_frame`` has them. [day]"""
    return make_frame(
        calendar,
        [plan.early_edges for plan in plans],
        [plan.late_edges for plan in plans],
        earliest,
        latest,
        [plan.credit_date for plan in plans],
    )


def load_plan(path: Path) -> Plan:
    """Read a plan file.

    Raises: InputError with every problem of the file.
    """
    return read_model(Plan, path)
