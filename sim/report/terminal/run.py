"""The report of a run for a terminal: first what changes against the baseline, then what each plan costs and
pays.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from sim.report.amounts import amount, chance, number, share, unit_for
from sim.report.findings.calm import calm_sentence
from sim.report.findings.differences import verdict
from sim.report.tail import NONE, has_mean, tail_lines
from sim.report.terminal.card import card, left_out
from sim.report.terminal.fitted import Fitted, Row
from sim.report.terminal.forecast import forecast_report
from sim.report.terminal.gaming import gaming_tables
from sim.report.terminal.incentive import incentive_table
from sim.report.terminal.lint import fault_lines
from sim.report.terminal.ownership import ownership_tables
from sim.report.terminal.response import response_tables
from sim.report.terminal.roles import open_territories, role_costs
from sim.visible import visible

Document = dict[str, Any]

WIDTH: Final = 100
"""Columns of a report that does not go to a terminal."""
PERIODS: Final = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
"""What a period is called, by its months."""
RATES: Final = ("grr", "nrr", "gross_renewal_rate", "on_time_rate")


def as_text(document: Document, width: int = WIDTH) -> str:
    """The report as plain text of at most ``width`` columns."""
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    console.print(report(document))
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in visible(console.file.getvalue()).splitlines()) + "\n"


def report(document: Document) -> RenderableType:
    """The whole report, from the content of ``summary.json``."""
    return Group(*_sections(document))


def _sections(document: Document) -> Iterator[RenderableType]:
    study, plans = document["study"], document["plans"]
    yield _heading(study)
    if len(plans) > 1:
        yield _differences(study, plans)
    yield Padding(Text(verdict(document), style="bold"), (1, 0))
    yield _costs(study, plans)
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
    for each in gaming_tables(plans):
        yield each
        yield Text()
    if "ownership" in document:
        yield from ownership_tables(document["ownership"], study["baseline"])
        yield Text()
    if any("variable" in plan["cost_parts"] for plan in plans.values()):
        yield _parts(study, plans)
        yield Text()
    yield _pay(study, plans)
    yield Text()
    yield Text("\n".join([_retention(document), *open_territories(plans, _period(study))]) + "\n")
    if (faults := fault_lines(plans)) is not None:
        yield faults
        yield Text()
    yield Text("\n".join(_notes(document)), style="dim")


def _heading(study: Document) -> RenderableType:
    title = Text(study.get("title") or study["name"], style="bold")
    size = (
        f"{_counted(study['csms'], 'CSM')}, {_counted(study['accounts'], 'account')}, "
        f"{_span(study)} from {study['start']}, {study['worlds']:,} worlds"
    )
    return Group(title, Text(size + "\n", style="dim"))


def _differences(study: Document, plans: dict[str, Document]) -> RenderableType:
    others = {name: plan["vs_baseline"] for name, plan in plans.items() if name != study["baseline"]}
    ends = [abs(end) for each in others.values() for end in (each["p5"], each["p95"])]
    unit = unit_for(ends, [each["se"] for each in others.values() if has_mean(each)])

    def row(each: Document) -> Row:
        relative = each.get("share_of_baseline")
        mean, interval = NONE, ""
        if has_mean(each):
            mean = unit.show(each["mean"], sign=True)
            interval = " to ".join(unit.show(end, sign=True) for end in each["ci95"])
        return {
            "Mean": mean,
            "95 % CI": interval,
            "in %": "" if relative is None else share(relative, 1, sign=True),
            "P5": unit.show(each["p5"], sign=True),
            "Median": unit.show(each["p50"], sign=True),
            "P95": unit.show(each["p95"], sign=True),
            "Dearer in": share(each["share_dearer"]),
        }

    return Fitted(
        f"Cost against {study['baseline']}, world by world [{unit.name} over {_span(study)}]",
        "Mean and 95 % CI of the paired difference; 90 % of worlds lie between P5 and P95.",
        {name: row(each) for name, each in others.items()},
    )


def _costs(study: Document, plans: dict[str, Document]) -> RenderableType:
    costs = {name: plan["cost"] for name, plan in plans.items()}
    errors = [each["se"] for each in costs.values() if has_mean(each)]
    unit = unit_for([each["p95"] for each in costs.values()], errors)
    budget = study.get("budget")

    def row(each: Document) -> Row:
        return {
            "Mean ±": f"{unit.show(each['mean'])} ± {unit.show(each['se'])}" if has_mean(each) else NONE,
            "P5": unit.show(each["p5"]),
            "P50": unit.show(each["p50"]),
            "P95": unit.show(each["p95"]),
            "CVaR95 ±": f"{unit.show(each['cvar95'])} ± {unit.show(each['cvar95_se'])}"
            if "cvar95" in each
            else NONE,
            "Reserve": unit.show(each["reserve"]),
            **({} if budget is None else {f"P(> {amount(budget)})": chance(each, "prob_over_budget")}),
        }

    return Fitted(
        f"Company cost [{unit.name} over {_span(study)}]",
        f"{_cost_is(study)} CVaR: mean of the dearest 5 % of worlds. Reserve: P90 − P50. ±: standard error.",
        {name: row(each) for name, each in costs.items()},
    )


def _parts(study: Document, plans: dict[str, Document]) -> RenderableType:
    plans = {name: plan for name, plan in plans.items() if "variable" in plan["cost_parts"]}
    parts = [plan["cost_parts"] for plan in plans.values()]
    unit = unit_for([each["variable"] for each in parts], [each["variable_se"] for each in parts])
    uncredited = any(
        number(each.get("uncredited", 0.0) / unit.divisor, unit.decimals) != "0" for each in parts
    )

    def part(each: Document, name: str) -> str:
        return unit.show(each[name]) if name in each else ""

    def row(plan: Document) -> Row:
        each, cost, convexity = plan["cost_parts"], plan["cost"], plan.get("convexity")
        kept = cost.get("per_usd_retained")
        return {
            "Mean ±": f"{unit.show(each['variable'])} ± {unit.show(each['variable_se'])}",
            "Early": part(each, "early"),
            "On time": part(each, "on_time"),
            "Late": part(each, "late"),
            **({"No credit": part(each, "uncredited")} if uncredited else {}),
            "Curve ±": ""
            if convexity is None
            else f"{unit.show(convexity['mean'], sign=True)} ± {unit.show(convexity['se'])}",
            "$/CSM-yr": number(cost["per_csm_year"], 0),
            "per $ kept": "" if kept is None else f"{100 * kept:.2f}¢",
        }

    return Fitted(
        f"Variable pay [{unit.name} over {_span(study)}]",
        f"{'No credit: paid where there was nothing to renew. ' if uncredited else ''}"
        f"Curve: mean pay less the pay if every CSM had the mean attainment in every {_period(study)}. "
        "$/CSM-yr and per $ kept: company cost; kept is ARR that came due and was renewed.",
        {name: row(plan) for name, plan in plans.items()},
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
        f"Shares of all CSMs' {_period(study)}s. Attains: median attainment. "
        f"Uneven: a CSM's pay between {_period(study)}s, sd / mean. "
        "Gini: of CSMs' pay over the horizon, 0 = equal.",
        {name: row(each) for name, each in pay.items()},
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
    yield from tail_lines(document)
    yield calm_sentence(document)
    marked = [key for key, text in document.get("assumptions", {}).items() if "assumption" in text.lower()]
    if marked:
        which = f"{len(marked)} inputs of scenario {study['scenario']}"
        yield f"{which} are assumptions without a source: see scenario.toml."
    exhausted = [plan["pay"]["share_quota_exhausted"] for plan in document["plans"].values()]
    if max(exhausted) > 0.0:
        least, most = share(min(exhausted), 1), share(max(exhausted), 1)
        yield (
            f"No quota was left (nothing due, or all of it moved away) in {least} to {most} of CSMs' "
            f"{_period(study)}s, depending on the plan."
        )
    yield (
        f"seed {study['seed']}, {study['worlds']:,} worlds, csmsim {study['version']}, "
        f"draw plan {study['draw_plan']}, hash {study['hash'][:16]}"
    )


def _cost_is(study: Document) -> str:
    on_cost = study["on_cost"]
    return f"Pay and base salaries{f' x {1 + on_cost:g} (on-cost)' if on_cost else ''}."


def _span(study: Document) -> str:
    return _counted(study["periods"], _period(study))


def _counted(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"


def _period(study: Document) -> str:
    return PERIODS[study["period_months"]]


def _with_error(value: float, error: float) -> str:
    return f"{share(value, 1)} ± {100 * error:.1f}"
