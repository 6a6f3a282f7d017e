"""The report of a run for a terminal: first what changes against the baseline, then what each plan costs and
pays.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report.amounts import amount, number, share, unit_for
from sim.report.sentences import verdict

Document = dict[str, Any]

WIDTH: Final = 100
"""Columns of a report that does not go to a terminal."""
PERIODS: Final = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
"""What a period is called, by its months."""
FEW_WORLDS: Final = 0.05
"""A mean is called fragile when one world carries more than this of it. [share]"""


def as_text(document: Document, width: int = WIDTH) -> str:
    """The report as plain text of at most ``width`` columns."""
    console = Console(file=io.StringIO(), width=width, color_system=None, legacy_windows=False)
    console.print(report(document))
    assert isinstance(console.file, io.StringIO)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines()) + "\n"


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
    yield _parts(study, plans)
    yield Text()
    yield _pay(study, plans)
    yield Text()
    yield Text(_retention(study, plans) + "\n")
    yield Text("\n".join(_notes(document)), style="dim")


def _heading(study: Document) -> RenderableType:
    title = Text(study.get("title") or study["name"], style="bold")
    size = (
        f"{study['csms']:,} CSMs, {study['accounts']:,} accounts, "
        f"{_span(study)} from {study['start']}, {study['worlds']:,} worlds"
    )
    return Group(title, Text(size + "\n", style="dim"))


def _table(title: str, caption: str, *columns: str) -> Table:
    table = Table(
        title=title,
        caption=caption,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
        title_style="bold",
        caption_style="dim",
        pad_edge=False,
        padding=(0, 1),
    )
    table.add_column("Plan", overflow="fold", min_width=8)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _differences(study: Document, plans: dict[str, Document]) -> RenderableType:
    others = {name: plan["vs_baseline"] for name, plan in plans.items() if name != study["baseline"]}
    ends = [abs(end) for each in others.values() for end in (each["p5"], each["p95"])]
    unit = unit_for(ends, [each["se"] for each in others.values()])
    table = _table(
        f"Cost against {study['baseline']}, world by world [{unit.name} over {_span(study)}]",
        "Mean and 95 % CI of the paired difference; 90 % of worlds lie between P5 and P95.",
        "Mean",
        "95 % CI",
        "in %",
        "P5",
        "Median",
        "P95",
        "Dearer in",
    )
    for name, each in others.items():
        low, high = each["ci95"]
        relative = each.get("share_of_baseline")
        table.add_row(
            name,
            unit.show(each["mean"], sign=True),
            f"{unit.show(low, sign=True)} to {unit.show(high, sign=True)}",
            "" if relative is None else share(relative, 1, sign=True),
            *(unit.show(each[level], sign=True) for level in ("p5", "p50", "p95")),
            share(each["share_dearer"]),
        )
    return table


def _costs(study: Document, plans: dict[str, Document]) -> RenderableType:
    costs = {name: plan["cost"] for name, plan in plans.items()}
    unit = unit_for([each["p95"] for each in costs.values()], [each["se"] for each in costs.values()])
    budget = study.get("budget")
    over = [] if budget is None else [f"P(> {amount(budget)})"]
    table = _table(
        f"Company cost [{unit.name} over {_span(study)}]",
        f"{_cost_is(study)} CVaR: mean of the dearest 5 % of worlds. Reserve: P90 − P50. ±: standard error.",
        "Mean ±",
        "P5",
        "P50",
        "P95",
        "CVaR95 ±",
        "Reserve",
        *over,
    )
    for name, each in costs.items():
        exceeds = (
            [] if budget is None else [_with_error(each["prob_over_budget"], each["prob_over_budget_se"])]
        )
        table.add_row(
            name,
            f"{unit.show(each['mean'])} ± {unit.show(each['se'])}",
            *(unit.show(each[level]) for level in ("p5", "p50", "p95")),
            f"{unit.show(each['cvar95'])} ± {unit.show(each['cvar95_se'])}",
            unit.show(each["reserve"]),
            *exceeds,
        )
    return table


def _parts(study: Document, plans: dict[str, Document]) -> RenderableType:
    parts = {name: plan["cost_parts"] for name, plan in plans.items()}
    unit = unit_for(
        [each["variable"] for each in parts.values()], [each["variable_se"] for each in parts.values()]
    )
    table = _table(
        f"Variable pay [{unit.name} over {_span(study)}]",
        f"Curve: mean pay less the pay if every CSM had the mean attainment in every {_period(study)}. "
        "Per $ renewed: company cost per usd of ARR that came due and was kept.",
        "Mean ±",
        "Early",
        "On time",
        "Late",
        "Curve ±",
        "$/CSM-yr",
        "per $ renewed",
    )
    for name, each in parts.items():
        cost, convexity = plans[name]["cost"], plans[name]["convexity"]
        kept = cost.get("per_usd_retained")
        table.add_row(
            name,
            f"{unit.show(each['variable'])} ± {unit.show(each['variable_se'])}",
            *(unit.show(each[timing]) for timing in ("early", "on_time", "late")),
            f"{unit.show(convexity['mean'], sign=True)} ± {unit.show(convexity['se'])}",
            number(cost["per_csm_year"], 0),
            "" if kept is None else f"{100 * kept:.2f}¢",
        )
    return table


def _pay(study: Document, plans: dict[str, Document]) -> RenderableType:
    pay = {name: plan["pay"] for name, plan in plans.items()}
    unit = unit_for([each["per_period"]["p90"] for each in pay.values()])
    capped = any("share_at_cap" in each for each in pay.values())
    table = _table(
        f"What a CSM earns in a {_period(study)} [{unit.name}], and how evenly",
        f"Shares of all CSMs' {_period(study)}s. Uneven: a CSM's pay between {_period(study)}s, sd / mean. "
        "Gini: of CSMs' pay over the horizon, 0 = equal.",
        "P10",
        "P50",
        "P90",
        "No pay",
        "≥ target",
        *(["At cap"] if capped else []),
        "Attainment",
        "Uneven",
        "Gini",
    )
    for name, each in pay.items():
        cap = [share(each["share_at_cap"]) if "share_at_cap" in each else ""] if capped else []
        table.add_row(
            name,
            *(unit.show(each["per_period"][level]) for level in ("p10", "p50", "p90")),
            share(each["share_zero_pay"]),
            share(each["share_at_target"]),
            *cap,
            share(each["attainment"]["p50"]),
            f"{each['volatility']:.2f}" if "volatility" in each else "",
            f"{each['gini']:.2f}" if "gini" in each else "",
        )
    return table


def _retention(study: Document, plans: dict[str, Document]) -> str:
    kept = plans[study["baseline"]]["retention"]
    names = {
        "grr": "GRR a year",
        "nrr": "NRR a year",
        "gross_renewal_rate": "renewed of ARR due",
        "on_time_rate": "of it by the due day",
    }
    found = [
        f"{text} {_with_error(kept[name], kept[f'{name}_se'])}"
        for name, text in names.items()
        if name in kept
    ]
    return f"The company keeps, under every plan: {', '.join(found)}."


def _notes(document: Document) -> Iterator[str]:
    study = document["study"]
    yield "CSMs behave the same under every plan here: nobody moves a date or works harder because of it."
    marked = [key for key, text in document.get("assumptions", {}).items() if "assumption" in text.lower()]
    if marked:
        which = f"{len(marked)} inputs of scenario {study['scenario']}"
        yield f"{which} are assumptions without a source: see scenario.toml."
    few = {
        name: plan["vs_baseline"].get("largest_world_share", 0.0) for name, plan in document["plans"].items()
    }
    for name, part in few.items():
        if part > FEW_WORLDS:
            yield (
                f"The mean of {name} rests on few worlds: one of them carries {share(part)} of the difference to "
                f"{study['baseline']}. Read its median; the plan has no limit on what a small quota pays."
            )
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
    return f"{study['periods']} {_period(study)}{'s' if study['periods'] > 1 else ''}"


def _period(study: Document) -> str:
    return PERIODS[study["period_months"]]


def _over_budget(cost: Document) -> str:
    """The probability with its error; where no world exceeds the budget, the most it can be at 95 %."""
    if cost["prob_over_budget"] == 0.0:
        return f"≤ {share(cost['prob_over_budget_ci95'][1], 1)}"
    return _with_error(cost["prob_over_budget"], cost["prob_over_budget_se"])


def _with_error(value: float, error: float) -> str:
    return f"{share(value, 1)} ± {100 * error:.1f}"
