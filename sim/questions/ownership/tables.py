"""Who should own renewals, as tables: what each role set leaves, what decides, and what surveys found."""

from collections.abc import Iterator
from typing import Any, Final

from sim.questions.cost.tables import scalars
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, table
from sim.shapes.words import listed

Document = dict[str, Any]

FACTORS: Final = {
    "always": "the owner as such",
    "sales_process": "sales process",
    "complexity": "complexity",
    "scale": "scale",
}
"""What the parts of an assumed effect are called."""


def ownership_tables(document: Document) -> Iterator[Table | None]:
    """The tables of a study with an ``[ownership]`` table; none without."""
    if "ownership" in document:
        yield _role_sets(document["ownership"])
        yield _deciding(document["ownership"])
        yield _survey(document["ownership"])


def _middle(found: Document) -> float | None:
    """The mean of a difference; its median where pay has no mean."""
    middle = found.get("mean", found.get("median"))
    return None if middle is None else float(middle)


def _role_sets(ownership: Document) -> Table | None:
    """Role sets on the company and on each further one: what they cost and what they leave."""
    columns = (
        Column("company", "Company"),
        PLAN,
        Column("statistic", "By"),
        Column("cost", "Cost", "usd", mean=True),
        Column("served", "ARR served", "usd"),
        Column("net", "Margin less cost", "usd", mean=True),
        Column("net_se", SIM_ERROR, "error", note=SE_NOTE),
        Column("vs", "against the baseline", "usd", signed=True, mean=True),
        Column("grr", "GRR a year", "share"),
    )
    rows = (
        {"company": company["name"], "plan": name, "vs": _middle(entry["net_vs_baseline"])} | scalars(entry)
        for company in ownership["companies"]
        for name, entry in company["plans"].items()
    )
    differ = ownership["outcomes"]
    title = (
        "Who should own renewals" if differ else "What owners of renewals cost: the same customers under each"
    )
    return table("ownership", title, columns, rows)


def _deciding(ownership: Document) -> Table | None:
    """What would have to be otherwise for another role set to leave most."""
    columns = (
        Column("company", "Company"),
        Column("best", "Best"),
        Column("tips", "Another is best without"),
        Column("name", "Draws level"),
        Column("odds", "at odds of loss x", "ratio"),
        Column("log_odds", "log odds", "ratio"),
        Column("log_odds_se", SIM_ERROR, "ratio", note=SE_NOTE),
    )
    rows = [
        {"company": company["name"], "best": company["deciding"]["best"], "name": name}
        | {"tips": listed(factors_that_tip(company["deciding"])) or "none"}
        | scalars(each)
        for company in ownership["companies"]
        if "deciding" in company
        for name, each in company["deciding"]["break_even"].items()
    ]
    note = (
        "Odds of losing a renewal against those assumed, at which a role set leaves as much as the best one; left out where "
        "it draws level nowhere within e^3 of them."
    )
    return table("deciding", "What decides who should own renewals", columns, rows, note)


def factors_that_tip(deciding: Document) -> list[str]:
    """The factors, in words, without whose effects another role set is best."""
    return [FACTORS[name] for name, best in deciding.get("without", {}).items() if best != deciding["best"]]


def _survey(ownership: Document) -> Table | None:
    """Figures of surveys, for context."""
    columns = (Column("what", "Surveys found"), Column("share", "Share", "share"), Column("source", "Source"))
    note = "No input. From: Is your CSM compensation plan simple, scalable, and ROI positive? (founding document)."
    return table(
        "survey", "What surveys say of pay in Customer Success", columns, ownership.get("survey", ()), note
    )
