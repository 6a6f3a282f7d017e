"""Who should own renewals: cost, ARR and margin by role set, and the companies on which each of them wins."""

from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from sim.questions.ownership.tables import factors_that_tip
from sim.shapes.amounts import number, share, unit_for
from sim.shapes.fitted import Fitted, Row
from sim.shapes.tail import has_mean
from sim.shapes.words import listed

Document = dict[str, Any]


def ownership_tables(ownership: Document, baseline: str) -> Iterator[RenderableType]:
    """The comparison on the study's company, where each role set wins, and what is assumed."""
    own, *_ = ownership["companies"]
    yield _models(own, ownership, baseline)
    yield Text()
    yield _winners(ownership)
    yield Text(_assumed(ownership), style="dim")
    if any("deciding" in each for each in ownership["companies"]):
        yield Text()
        yield _deciding(ownership)
    yield Text()
    yield Text(_surveys(ownership["survey"]), style="dim")


def _models(company: Document, ownership: Document, baseline: str) -> RenderableType:
    plans, years = company["plans"], company["years"]
    unit = unit_for(
        [each["net"] / years for each in plans.values()], [each["net_se"] / years for each in plans.values()]
    )

    medians = [name for name, each in plans.items() if "statistic" in each]

    def row(name: str, each: Document) -> Row:
        against = each["net_vs_baseline"]
        middle = against["mean"] if has_mean(against) else against["median"]
        difference = f"{unit.show(middle / years, sign=True)} ± {unit.show(against['se'] / years)}"
        return {
            "Cost": unit.show(each["cost"] / years),
            "ARR": unit.show(each["served"] / years),
            "GRR": share(each["grr"], 1),
            "Net": unit.show(each["net"] / years),
            f"Net − {baseline}": "" if name == baseline else difference,
            "ARR needed": ""
            if name == baseline or "gain_needed" not in each
            else share(each["gain_needed"], 1, sign=True),
            "found": "" if name == baseline else share(each["gain_found"], 1, sign=True),
        }

    return Fitted(
        f"Who owns renewals and expansion [{unit.name} a year]",
        f"ARR: in force, mean. Net: {share(ownership['gross_margin'])} gross margin on it, less cost. "
        f"ARR needed: more ARR than under {baseline} that pays for the difference in cost; found: what is simulated."
        + (f" Medians, as pay has no mean: {listed(medians)}." if medians else ""),
        {name: row(name, each) for name, each in plans.items()},
    )


def _winners(ownership: Document) -> RenderableType:
    companies = {each["name"]: each for each in ownership["companies"]}
    nets = [plan["net"] / each["years"] for each in companies.values() for plan in each["plans"].values()]
    unit = unit_for(nets, [0.01 * min(abs(net) for net in nets)])

    first = "Leaves most" if ownership["outcomes"] else "Costs least"

    def row(each: Document) -> Row:
        process = each.get("sales_process")
        alone = len(each["plans"]) < 2
        best = "" if alone else each["best"] if each["clear"] else f"{each['best']}?"
        return {
            "CSMs": number(each["csms"], 0),
            "Sale": "" if process is None else f"{process:g}",
            "Product": f"{each['complexity']:g}",
            "Scale": f"{each['scale']:.1f}",
            **{name: unit.show(plan["net"] / each["years"]) for name, plan in each["plans"].items()},
            first: best,
        }

    return Fitted(
        f"Net by company [{unit.name} a year]",
        "Sale: 0 transactional, 1 relational. Product: 0 simple, 1 complex. Scale: 0 lean, 1 "
        "specialised. ?: not told apart from the next best.",
        {name: row(each) for name, each in companies.items()},
        first="Company",
    )


def _deciding(ownership: Document) -> RenderableType:
    """By company, the odds of loss at which each role set draws level with the best one."""
    names = list(ownership["companies"][0]["plans"])

    def row(each: Document) -> Row:
        found = each["deciding"]
        levels = {name: found["break_even"].get(name) for name in names}
        shown = {name: "-" if level is None else f"{level['odds']:.2f}" for name, level in levels.items()}
        tips = {"Tipped by": ", ".join(factors_that_tip(found)) or "-"} if "without" in found else {}
        return shown | {found["best"]: "best"} | tips

    caption = "Odds of losing a renewal, against those assumed, at which each draws level with the best; -: nowhere near."
    if ownership["outcomes"]:
        caption += " Tipped by: factors without whose effects another is best."
    rows = {each["name"]: row(each) for each in ownership["companies"] if "deciding" in each}
    return Fitted("What decides: odds of loss x", caption, rows, first="Company")


def _surveys(rows: list[Document]) -> str:
    """The figures of surveys, for context."""
    source = rows[0]["source"]
    figures = "; ".join(f"{row['what']}: {share(row['share'], 1)}" for row in rows[:3])
    return f"For context, what surveys found ({source}). {figures[0].upper()}{figures[1:]}."


def _assumed(ownership: Document) -> str:
    if not ownership["outcomes"]:
        return (
            "Only cost may differ: the same customers stay under every model (outcomes = false in [ownership]), so this "
            "does not say who should own renewals."
        )
    return (
        f"Outcomes differ by {len(ownership['effects'])} assumed effects: see [ownership] in study.toml. "
        "They decide who wins; vary them."
    )
