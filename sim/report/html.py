"""A result as a small HTML table, for notebooks."""

from html import escape
from typing import Any

from sim.questions.cost.rows import CostRow, DifferenceRow, cost_rows, difference_rows
from sim.report.reported import in_short
from sim.shapes.amounts import amount, share
from sim.shapes.fragile import ERROR_NOTE, MARKED, NO_MEAN, SIM_ERROR, fragile_plans, marked

Document = dict[str, Any]

HEADS = (
    "plan",
    "mean cost",
    SIM_ERROR,
    "P5",
    "median",
    "P95",
    "mean against baseline",
    SIM_ERROR,
    "median against baseline",
)


def fragment(document: Document) -> str:
    """One table, one row per plan, headed by what the comparison says."""
    study = document["study"]
    head = "".join(f"<th>{title}</th>" for title in HEADS)
    against = {row.plan: row for row in difference_rows(document)}
    rows = "".join(
        _row(row, document["plans"][row.plan]["cost"], against.get(row.plan)) for row in cost_rows(document)
    )
    note = f"{ERROR_NOTE} {MARKED}" if fragile_plans(document) else ERROR_NOTE
    said = " ".join(each.sentence for each in in_short(document))
    return (
        f"<p><b>{escape(study.get('title') or study['name'])}</b>: {escape(said)}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p><small>{escape(note)}</small></p>"
        f"<p><small>usd over {study['periods']} periods; {study['worlds']:,} worlds, seed {study['seed']}, "
        f"hash {study['hash'][:16]}</small></p>"
    )


def _row(row: CostRow, cost: Document, found: DifferenceRow | None) -> str:
    cells = [
        _mean(row.mean, row.fragile),
        _error(row.se),
        *(amount(cost[key]) for key in ("p5", "p50", "p95")),
    ]
    if found is None:
        cells += ["baseline", "", ""]
    else:
        size = "" if found.relative is None else f" ({share(found.relative, 1, sign=True)})"
        mean = _mean(found.mean, found.fragile, sign=True)
        cells += [mean + size, _error(found.se), amount(found.median, sign=True)]
    return f"<tr><td>{escape(row.plan)}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _mean(value: float | None, fragile: bool, sign: bool = False) -> str:
    return NO_MEAN if value is None else marked(amount(value, sign), fragile)


def _error(value: float | None) -> str:
    return "" if value is None else amount(value)
