"""Who should own renewals, as tables: what each role set leaves, where each is best, what decides, what surveys found."""

from collections.abc import Iterator, Sequence
from typing import Final

from sim.questions.ownership.summary import ComparedCompany, Deciding, OwnershipEntry
from sim.shapes.amounts import share
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, table
from sim.shapes.words import listed

FACTORS: Final = {
    "always": "the owner as such",
    "sales_process": "sales process",
    "complexity": "complexity",
    "scale": "scale",
}
"""What the parts of an assumed effect are called."""
COMPANY: Final = Column("company", "Company")


def ownership_tables(ownership: OwnershipEntry, baseline: str) -> Iterator[Table | None]:
    """The tables of a study with an ``[ownership]`` table. baseline : the role set that others are held against."""
    study, *further = ownership.companies
    title = (
        "Who should own renewals"
        if ownership.outcomes
        else "What owners of renewals cost: the same customers under each"
    )
    columns = _of_a_role_set(ownership, baseline)
    yield table(
        "ownership",
        title,
        columns,
        _role_sets((study,), baseline),
        _assumed(ownership),
        brief=[column.key for column in columns if column.key not in ("company", "net_se", "vs_se")],
        short="Who owns renewals and expansion [{unit} a year]",
    )
    yield _companies(ownership)
    yield table(
        "role_sets", "Role sets on the other companies", columns, _role_sets(further, baseline), brief=()
    )
    yield _deciding(ownership)
    yield _survey(ownership)


def _of_a_role_set(ownership: OwnershipEntry, baseline: str) -> tuple[Column, ...]:
    margin = share(ownership.gross_margin)
    return (
        COMPANY,
        PLAN,
        Column("cost", "Cost a year", "usd", mean=True, brief="Cost"),
        Column("served", "ARR", "usd", note="ARR: in force, mean over the horizon."),
        Column("grr", "GRR", "share"),
        Column(
            "net",
            "Net a year",
            "usd",
            mean=True,
            brief="Net",
            note=f"Net: {margin} gross margin on ARR, less cost and tools.",
        ),
        Column("net_se", SIM_ERROR, "error", sets_unit=False, note=SE_NOTE),
        Column("vs", f"Net − {baseline}", "usd", signed=True, mean=True),
        Column("vs_se", SIM_ERROR, "error", note=SE_NOTE),
        Column(
            "gain_needed",
            "ARR needed",
            "share",
            signed=True,
            mean=True,
            note=f"ARR needed: more ARR than under {baseline} that pays for the difference in cost.",
        ),
        Column("gain_found", "ARR found", "share", signed=True, note="ARR found: what is simulated."),
        Column("statistic", "By", note="By: median, where pay has no mean."),
    )


def _role_sets(companies: Sequence[ComparedCompany], baseline: str) -> Iterator[dict[str, Value]]:
    """A row for each role set of each company; amounts of a year."""
    for company in companies:
        for name, plan in company.plans.items():
            row: dict[str, Value] = {
                "company": company.name,
                "plan": name,
                "cost": plan.cost / company.years,
                "served": plan.served / company.years,
                "grr": plan.grr,
                "net": plan.net / company.years,
                "net_se": plan.net_se / company.years,
                "statistic": plan.statistic,
            }
            against: dict[str, Value] = {
                "vs": plan.net_vs_baseline.middle / company.years,
                "vs_se": plan.net_vs_baseline.se / company.years,
                "gain_needed": plan.gain_needed,
                "gain_found": plan.gain_found,
            }
            yield row if name == baseline else row | against


def _companies(ownership: OwnershipEntry) -> Table | None:
    """By company, the role set that leaves most and how far ahead it is."""
    companies = ownership.companies
    columns = (
        COMPANY,
        Column("csms", "CSMs", "count"),
        Column("sales_process", "Sale", "ratio", note="Sale: 0 transactional, 1 relational."),
        Column("complexity", "Product", "ratio", note="Product: 0 simple, 1 complex."),
        Column("scale", "Scale", "ratio", note="Scale: 0 lean, 1 specialised."),
        Column("best", "Leaves most" if ownership.outcomes else "Costs least", names=False),
        Column("net", "Net a year", "usd", sets_unit=False, brief="Net"),
        Column("next", "Next", names=False),
        Column("ahead", "Ahead by", "usd", note="Ahead by: what the first leaves more than the next."),
        Column("ahead_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("told_apart", "Told apart", names=False),
    )
    rows = (
        {
            "company": company.name,
            "csms": company.csms,
            "sales_process": company.sales_process,
            "complexity": company.complexity,
            "scale": company.scale,
            "best": company.best,
            "net": company.plans[company.best].net / company.years,
            "next": company.next,
            "ahead": company.ahead.middle / company.years,
            "ahead_se": company.ahead.se / company.years,
            "told_apart": "yes" if company.clear else "no",
        }
        for company in companies
        if company.ahead is not None
    )
    brief = [column.key for column in columns if column.key not in ("ahead_se", "told_apart")]
    if not all(company.clear for company in companies):
        brief.append("told_apart")
    title = f"Which owner {'leaves most' if ownership.outcomes else 'costs least'}, by company"
    return table("companies", title, columns, rows, brief=brief, short="Net by company [{unit} a year]")


def _assumed(ownership: OwnershipEntry) -> str:
    if not ownership.outcomes:
        return ""
    return (
        f"Outcomes differ by {len(ownership.effects)} assumed effects: see [ownership] in study.toml. They decide who wins; "
        "vary them."
    )


def _deciding(ownership: OwnershipEntry) -> Table | None:
    """What would have to be otherwise for another role set to leave most."""
    names = list(ownership.companies[0].plans)
    columns = (
        COMPANY,
        Column("best", "Best"),
        *(column for name in names for column in _odds(name)),
        Column(
            "tips", "Tipped by", note="Tipped by: factors without whose effects another is best.", none="–"
        ),
    )
    rows = (
        {"company": company.name, "best": company.deciding.best}
        | _levels(company.deciding)
        | {"tips": listed(factors_that_tip(company.deciding)) or None}
        for company in ownership.companies
        if company.deciding is not None
    )
    note = (
        "Odds of losing a renewal against those assumed, at which each draws level with the best; –: it is the best, or "
        "draws level nowhere within e^3."
    )
    brief = ("company", *(f"{name} odds" for name in names), "best", "tips")
    title, short = "What decides who should own renewals", "What decides: odds of loss x"
    return table("deciding", title, columns, rows, note, brief=brief, short=short)


def _odds(name: str) -> tuple[Column, Column]:
    """The odds at which a role set draws level, and their error."""
    key = f"{name} odds"
    return (
        Column(key, name, "ratio", none="–"),
        Column(f"{key}_se", SIM_ERROR, "ratio", note=SE_NOTE),
    )


def _levels(deciding: Deciding) -> dict[str, Value]:
    """Odds with their errors, by the delta method from those of their logarithm."""
    odds: dict[str, Value] = {f"{name} odds": level.odds for name, level in deciding.break_even.items()}
    errors: dict[str, Value] = {
        f"{name} odds_se": level.odds * level.log_odds_se for name, level in deciding.break_even.items()
    }
    return odds | errors


def factors_that_tip(deciding: Deciding) -> list[str]:
    """The factors, in words, without whose effects another role set is best."""
    return [FACTORS[name] for name, best in (deciding.without or {}).items() if best != deciding.best]


def _survey(ownership: OwnershipEntry) -> Table | None:
    """Figures of surveys, for context."""
    columns = (Column("what", "Surveys found"), Column("share", "Share", "share"), Column("source", "Source"))
    rows = [figure.document() for figure in ownership.survey]
    sources = listed(list(dict.fromkeys(figure.source for figure in ownership.survey)))
    note = (
        f"For context, no input. Found by {sources}, as told in Is your CSM compensation plan simple, scalable, and ROI "
        "positive? (founding document)."
    )
    title = "What surveys say of pay in Customer Success"
    return table("survey", title, columns, rows, note, brief=("what", "share"))
