"""Who owns renewals and expansion: the factors of the ownership question, assumed outcomes, and companies to compare on."""

from collections.abc import Sequence
from dataclasses import replace
from math import log
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from sim.engine.study import Declared, Study, StudyTable
from sim.errors import Problem, near_match, shown
from sim.files.share import PositiveShare, Share
from sim.files.toml import Table, refuse
from sim.plan.role_set import RoleSet
from sim.world.scenario import MOST_ACCOUNTS, Scenario
from sim.world.shift import NO_SHIFT, Shift

MOST_COMPANIES: Final = 50
Factor = Share
Coefficient = Annotated[float, Field(ge=-3.0, le=3.0)]
Text = Annotated[str, Field(min_length=1, max_length=400)]


class Effect(Table):
    """How an outcome differs when the owners of one role set are in charge: always + factor by factor.

    role_set : whose owners are in charge.
    outcome : ``"churn"`` or ``"multi_year"`` (added to their log odds), ``"uplift"`` or ``"expansion"`` (to the log of
              size and rate).
    always, sales_process, complexity, scale : the part that is always there, and the parts at a factor of 1.
    source  : who says so, or that it is assumed.

    Source: proportional odds and log-linear rates, as in ``sim.world.shift``; linear in the factors (assumption).
    """

    role_set: Text
    outcome: Literal["churn", "uplift", "expansion", "multi_year"]
    always: Coefficient = 0.0
    sales_process: Coefficient = 0.0
    complexity: Coefficient = 0.0
    scale: Coefficient = 0.0
    source: Text


class Company(Table):
    """A company to compare the role sets on: one segment of the scenario, at some scale.

    name       : what the report calls it.
    segment    : which customers; their deal size and sales process are those of the segment.
    csms       : scale and maturity: number of books. [count]
    complexity : of its product.
    """

    name: Text
    segment: str
    csms: Annotated[int, Field(ge=1, le=100_000)]
    complexity: Factor


class Ownership(StudyTable):
    """The ``[ownership]`` table of a study.

    outcomes      : simulate the ``effect`` rows; without them every role set has the same customers.
    gross_margin  : of ARR in force. [share]
    complexity    : of product, value and solution: 0 simple, 1 rich in features and phases of adoption. [factor]
    sales_process : by segment: 0 small and transactional, 1 large, with many stakeholders, relational. [factor]
    effect        : stated assumptions on who saves, raises and grows more.
    lean, specialised : scale and maturity: with so many books everybody does everything (factor 0), and with so many every
                    task has its own people (factor 1); in between by the logarithm. [count]
    company       : companies to compare on besides that of the scenario.
    worlds        : simulated for each of those companies. [world]
    decide_worlds : simulated, of each company, for what decides. [world]
    tooling       : what a payee's tools cost, of every role, with no on-cost. [usd/yr]

    Source: Is your CSM compensation plan simple, scalable, and ROI positive? (founding document): "3 factors to
    consider": sales process and deal size, scale and maturity, complexity of product.
    """

    key: ClassVar[str] = "ownership"

    outcomes: bool = False
    gross_margin: PositiveShare
    complexity: Factor = 0.5
    sales_process: dict[str, Factor] = {}
    effect: Annotated[tuple[Effect, ...], Field(max_length=200)] = ()
    company: Annotated[tuple[Company, ...], Field(max_length=MOST_COMPANIES)] = ()
    lean: Annotated[int, Field(ge=1, le=100_000)] = 3
    specialised: Annotated[int, Field(ge=2, le=100_000)] = 24
    worlds: Annotated[int, Field(ge=2, le=1_000_000)] = 256
    decide_worlds: Annotated[int, Field(ge=2, le=100_000)] = 64
    tooling: Annotated[float, Field(ge=0.0, le=1e6)] = 0.0

    @model_validator(mode="after")
    def _companies_differ(self) -> Self:
        names = [company.name for company in self.company]
        if len(set(names)) < len(names):
            raise refuse("companies of different names", names, key="company")
        if self.lean >= self.specialised:
            raise refuse(f"above lean = {self.lean}", self.specialised, key="specialised")
        return self

    def scale(self, books: int) -> float:
        """How far a company of so many books is from lean (0) to specialised (1). [factor]

        Source: assumption, by the logarithm; the founding document names the ends: "early-stage", "later stage".
        """
        step = log(books / self.lean) / log(self.specialised / self.lean)
        return min(max(step, 0.0), 1.0)

    def shift(self, role_set: str, segment: str, books: int | None = None) -> Shift:
        """How outcomes differ in a segment under a role set, in a company of so many books.

        What nobody has told is taken to be in the middle: the sales process, and the scale where ``books`` is left out.
        """
        factors = {
            "always": 1.0,
            "sales_process": self.sales_process.get(segment, 0.5),
            "complexity": self.complexity,
            "scale": 0.5 if books is None else self.scale(books),
        }
        found = NO_SHIFT
        for effect in self.effect:
            if effect.role_set == role_set:
                size = sum(getattr(effect, name) * factor for name, factor in factors.items())
                found += Shift(**{effect.outcome: size})
        return found

    def outcome_shift(self, role_set: str, segment: str, books: int | None) -> Shift:
        """``shift`` where outcomes are assumed to differ."""
        return self.shift(role_set, segment, books) if self.outcomes else NO_SHIFT

    def faults(self, where: str, study: Declared) -> list[Problem]:
        """What is wrong between the table, the role sets of the study and the segments of its scenario."""
        return [] if study.scenario is None else check_ownership(where, self, study.sets, study.scenario)


def check_ownership(
    where: str, ownership: Ownership, sets: Sequence[RoleSet], scenario: Scenario
) -> list[Problem]:
    """What is wrong between the table, the role sets of the study and the segments of its scenario."""
    names = [role_set.name for role_set in sets]
    segments = [segment.name for segment in scenario.segment]
    spoken = [
        (f"effect[{index}].role_set", each.role_set, names) for index, each in enumerate(ownership.effect)
    ]
    spoken += [(f"sales_process.{name}", name, segments) for name in ownership.sales_process]
    spoken += [
        (f"company[{index}].segment", each.segment, segments) for index, each in enumerate(ownership.company)
    ]
    problems = [
        Problem(f"{where}.{key}", f"one of {list(allowed)}", shown(name), near_match(name, allowed))
        for key, name, allowed in spoken
        if name not in allowed
    ]
    if ownership.company and scenario.book.file is not None:
        fix = "Its companies are drawn; this scenario's book is a CRM export."
        problems.append(Problem(f"{where}.company", "absent", f"{len(ownership.company)} companies", fix))
    for index, company in enumerate(ownership.company):
        problems += _check_company(f"{where}.company[{index}]", company, sets, scenario)
    return problems


def _check_company(
    where: str, company: Company, sets: Sequence[RoleSet], scenario: Scenario
) -> list[Problem]:
    """What is wrong with one company: too large to draw, or nobody paid in it."""
    problems = []
    accounts = [
        segment.accounts_per_csm * company.csms
        for segment in scenario.segment
        if segment.name == company.segment
    ]
    if accounts and accounts[0] > MOST_ACCOUNTS:
        allowed = f"at most {MOST_ACCOUNTS:,} accounts"
        problems.append(Problem(f"{where}.csms", allowed, f"{accounts[0]:,}"))
    for each in sets:
        if not each.within(company.segment).roles:
            fix = f"Role set {each.name!r} pays nobody there."
            problems.append(
                Problem(f"{where}.segment", "one of a role of every role set", shown(company.segment), fix)
            )
    return problems


def company_study(study: Study, company: Company) -> Study:
    """The study of one company: its segment at its scale, the same role sets, the same seed; no more worlds than the
    study has.
    """
    asked = study.asked(Ownership)
    assert asked is not None, "a company belongs to an ownership table"

    def alone(one: Scenario) -> Scenario:
        segment = next(each for each in one.segment if each.name == company.segment)
        return one.with_(segment=(segment.model_copy(update={"csms": company.csms}),), sources={})

    scenario = study.scenario.in_each(alone)
    ownership = asked.model_copy(update={"company": (), "complexity": company.complexity})
    sets = tuple(role_set.within(company.segment) for role_set in study.sets)
    worlds = min(ownership.worlds, study.worlds)
    return replace(study, scenario=scenario, sets=sets, worlds=worlds, budget=None).asking(ownership)
