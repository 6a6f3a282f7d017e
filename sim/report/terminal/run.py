"""The report of a run for a terminal: first what changes against the baseline, then what each plan costs and
pays.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.questions.cost.findings import exhausted_finding
from sim.questions.cost.rows import CostRow, DifferenceRow, cost_rows, difference_rows
from sim.questions.cost.tables import ESTIMATE, HAPPEN, cost_is
from sim.questions.cost.terminal_roles import open_territories, role_costs
from sim.questions.forecast.terminal import forecast_report
from sim.questions.gaming.question import GAMING
from sim.questions.grounds.calm import calm_sentence
from sim.questions.grounds.comparable import unmodelled_lines
from sim.questions.incentive.terminal import incentive_table
from sim.questions.lint.terminal import fault_lines
from sim.questions.ownership.question import OWNERSHIP
from sim.questions.question import Question
from sim.questions.registry import typed
from sim.questions.response.card_terminal import card, left_out
from sim.questions.response.terminal import response_tables
from sim.report.reported import in_short
from sim.report.terminal.printed import printed
from sim.report.terminal.report import WIDTH, plain_text
from sim.shapes.amounts import amount, chance, number, share, unit_for
from sim.shapes.fitted import Fitted, Row
from sim.shapes.fragile import ERROR_NOTE, NO_MEAN, SIM_ERROR, fragile_plans, marked, mean_with_error, values
from sim.shapes.words import worlds_of

Document = dict[str, Any]

PERIODS: Final = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
"""What a period is called, by its months."""
PRINTED: Final[tuple[Question, ...]] = (GAMING, OWNERSHIP)
"""Questions whose brief tables are printed as they are; the others have tables of their own here."""
RATES: Final = ("grr", "nrr", "gross_renewal_rate", "on_time_rate")


def as_text(document: Document, width: int = WIDTH) -> str:
    """The report as plain text of at most ``width`` columns."""
    return plain_text(report(document), width)


def report(document: Document) -> RenderableType:
    """The whole report, from the content of ``summary.json``."""
    return Group(*_sections(document))


def _sections(document: Document) -> Iterator[RenderableType]:
    study, plans = document["study"], document["plans"]
    yield _heading(study)
    yield Text("\n".join(said.sentence for said in in_short(document)), style="bold")
    yield Padding(Text(ERROR_NOTE, style="dim"), (1, 0))
    if len(plans) > 1:
        yield _differences(document)
        yield Text()
    yield _costs(document)
    yield Text()
    if (by_role := role_costs(plans, _span(study))) is not None:
        yield by_role
        yield Text()
    behaviour = (incentive_table(plans), *response_tables(document), card(document), left_out(document))
    for each in behaviour:
        if each is not None:
            yield each
            yield Text()
    for each in forecast_report(document):
        yield each
        yield Text()
    yield _parts(study, plans)
    yield Text()
    yield _pay(study, plans)
    yield Text()
    yield Text("\n".join([_retention(document), *open_territories(plans, _period(study))]) + "\n")
    summary = typed(document)
    for table in (
        table for each in PRINTED for section in each.sections(summary) for table in section.tables
    ):
        if table.brief:
            yield printed(table.marked(fragile_plans(document)))
            yield Text()
    if (faults := fault_lines(plans)) is not None:
        yield faults
        yield Text()
    yield Text("\n".join(_notes(document)), style="dim")


def _heading(study: Document) -> RenderableType:
    title = Text(study.get("title") or study["name"], style="bold")
    size = (
        f"{_counted(study['csms'], 'CSM')}, {_counted(study['accounts'], 'account')}, "
        f"{_span(study)} from {study['start']}, {worlds_of(study)}"
    )
    return Group(title, Text(size + "\n", style="dim"))


def _differences(document: Document) -> RenderableType:
    study, rows = document["study"], difference_rows(document)
    unit = unit_for(
        [end for row in rows for end in (row.p5, row.p95)], [row.se for row in rows if row.se is not None]
    )

    def cells(row: DifferenceRow) -> Row:
        mean = NO_MEAN if row.mean is None else unit.show(row.mean, sign=True)
        relative = "" if row.relative is None else share(row.relative, 1, sign=True)
        return {
            "Mean": marked(mean, row.fragile and row.mean is not None),
            SIM_ERROR: "" if row.se is None else unit.show(row.se),
            "in %": marked(relative, row.fragile),
            "P5": unit.show(row.p5, sign=True),
            "Median": unit.show(row.median, sign=True),
            "P95": unit.show(row.p95, sign=True),
            "Dearer in": share(row.dearer),
        }

    return Fitted(
        f"Cost against {study['baseline']}, world by world [{unit.name} over {_span(study)}]",
        "Paired: both plans settle the same worlds.",
        {row.plan: cells(row) for row in rows},
        groups=dict.fromkeys(("Mean", SIM_ERROR, "in %"), ESTIMATE)
        | dict.fromkeys(("P5", "Median", "P95", "Dearer in"), HAPPEN),
    )


def _costs(document: Document) -> RenderableType:
    study, plans = document["study"], document["plans"]
    costs = {name: plan["cost"] for name, plan in plans.items()}
    unit = unit_for([each["p95"] for each in costs.values()], values(costs.values(), "se"))
    budget = study.get("budget")
    over = "" if budget is None else f"P(> {amount(budget)})"

    def cells(row: CostRow) -> Row:
        each = costs[row.plan]
        without = "" if row.without_hires is None else row.without_hires.told
        return {
            "Mean ±": mean_with_error(each, unit, fragile=row.fragile),
            "P5": unit.show(each["p5"]),
            "Median": unit.show(row.p50),
            "P95": unit.show(each["p95"]),
            "CVaR95 ±": mean_with_error(each, unit, "cvar95", fragile=row.fragile)
            if "cvar95" in each
            else "",
            "Reserve": unit.show(each["reserve"]),
            **({} if budget is None else {over: chance(each, "prob_over_budget"), "without hires": without}),
        }

    return Fitted(
        f"Company cost [{unit.name} over {_span(study)}]",
        cost_is(document),
        {row.plan: cells(row) for row in cost_rows(document)},
        terms={
            "CVaR95 ±": "CVaR: mean of the dearest 5 % of worlds.",
            "Reserve": "Reserve: P90 − P50.",
            "without hires": "Without hires: before the planned hires, which all else counts.",
            "Mean ±": "±: simulation error, one standard error.",
        },
        groups={"Mean ±": ESTIMATE}
        | dict.fromkeys(("P5", "Median", "P95", "CVaR95 ±", "Reserve", over, "without hires"), HAPPEN),
    )


def _parts(study: Document, plans: dict[str, Document]) -> RenderableType:
    parts = [plan["cost_parts"] for plan in plans.values()]
    unit = unit_for(values(parts, "variable"), values(parts, "variable_se"))
    uncredited = any(
        number(each.get("uncredited", 0.0) / unit.divisor, unit.decimals) != "0" for each in parts
    )

    def row(plan: Document) -> Row:
        each, cost, convexity = plan["cost_parts"], plan["cost"], plan.get("convexity", {})
        fragile = cost.get("fragile")

        def part(name: str) -> str:
            return marked(unit.show(each[name]), fragile) if name in each else ""

        def unit_cost(key: str, shown: Callable[[float], str]) -> str:
            return marked(shown(cost[key]), fragile) if key in cost else ""

        return {
            "Mean ±": mean_with_error(each, unit, "variable", fragile=fragile),
            "Early": part("early"),
            "On time": part("on_time"),
            "Late": part("late"),
            **({"No credit": part("uncredited")} if uncredited else {}),
            "Curve ±": mean_with_error(convexity, unit, sign=True, fragile=fragile)
            if "mean" in convexity
            else "",
            "$/CSM-yr": unit_cost("per_csm_year", lambda each: number(each, 0)),
            "per $ kept": unit_cost("per_usd_retained", lambda each: f"{100 * each:.2f}¢"),
        }

    return Fitted(
        f"Variable pay [{unit.name} over {_span(study)}]",
        "",
        {name: row(plan) for name, plan in plans.items()},
        terms={
            "No credit": "No credit: paid where there was nothing to renew.",
            "Curve ±": f"Curve: mean pay less the pay if every CSM had the mean attainment in every {_period(study)}.",
            "$/CSM-yr": "$/CSM-yr: company cost.",
            "per $ kept": "Per $ kept: company cost per usd of ARR that came due and was renewed.",
        },
    )


def _pay(study: Document, plans: dict[str, Document]) -> RenderableType:
    pay = {name: entry for plan in plans for name, entry in _pay_entries(plan, plans[plan])}
    unit = unit_for([each["per_period"]["p90"] for each in pay.values()])
    capped = any("share_at_cap" in each for each in pay.values())

    def row(each: Document) -> Row:
        cap = share(each["share_at_cap"]) if "share_at_cap" in each else ""
        return {
            "P10": unit.show(each["per_period"]["p10"]),
            "P50": unit.show(each["per_period"]["p50"]),
            "P90": unit.show(each["per_period"]["p90"]),
            "No pay": share(each["share_zero_pay"]),
            "≥ target": share(each["share_at_target"]) if "share_at_target" in each else "",
            **({"At cap": cap} if capped else {}),
            "Attains": share(each["attainment"]["p50"]) if "attainment" in each else "",
            "Uneven": f"{each['volatility']:.2f}" if "volatility" in each else "",
            "Gini": f"{each['gini']:.2f}" if "gini" in each else "",
        }

    return Fitted(
        f"What a CSM earns in a {_period(study)} [{unit.name}], and how evenly",
        f"Shares of all CSMs' {_period(study)}s.",
        {name: row(each) for name, each in pay.items()},
        terms={
            "Attains": "Attains: median attainment.",
            "Uneven": f"Uneven: a CSM's pay between {_period(study)}s, sd / mean.",
            "Gini": "Gini: of CSMs' pay over the horizon, 0 = equal.",
        },
    )


def _pay_entries(name: str, plan: Document) -> list[tuple[str, Document]]:
    """The pay of a plan, or of each of its roles."""
    by_role = plan.get("pay_by_role")
    if by_role is None:
        return [(name, plan["pay"])]
    return [(f"{name} · {role}", entry) for role, entry in by_role.items()]


def _retention(document: Document) -> str:
    study, plans = document["study"], document["plans"]
    differ = document.get("ownership", {}).get("outcomes", False)
    kept = plans[study["baseline"]]["retention"]
    rates = {name: _with_error(kept[name], kept[f"{name}_se"]) for name in RATES if name in kept}
    under = study["baseline"] if differ else "every plan"
    sentence = f"The company keeps, under {under}: GRR {rates['grr']} a year, NRR {rates['nrr']}"
    if "gross_renewal_rate" in rates:
        sentence += (
            f"; of ARR due, {rates['gross_renewal_rate']} is renewed, {rates['on_time_rate']} by its due day"
        )
    return sentence + "."


def _notes(document: Document) -> Iterator[str]:
    study = document["study"]
    yield calm_sentence(document)
    yield from unmodelled_lines(document)
    marked = [key for key, text in document.get("assumptions", {}).items() if "assumption" in text.lower()]
    if marked:
        which = f"{len(marked)} inputs of scenario {study['scenario']}"
        yield f"{which} are assumptions without a source: see scenario.toml."
    if exhausted := exhausted_finding(document):
        yield exhausted
    yield (
        f"seed {study['seed']}, {study['worlds']:,} worlds, csmsim {study['version']}, "
        f"draw plan {study['draw_plan']}, hash {study['hash'][:16]}"
    )


def _span(study: Document) -> str:
    return _counted(study["periods"], _period(study))


def _counted(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def _period(study: Document) -> str:
    return PERIODS[study["period_months"]]


def _with_error(value: float, error: float) -> str:
    return f"{share(value, 1)} ± {100 * error:.1f}"
