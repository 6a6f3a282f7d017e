"""A result as a small HTML table, for notebooks."""

from html import escape
from typing import Any

from sim.report.amounts import amount, share
from sim.report.findings.differences import verdict
from sim.report.tail import NONE, has_mean

Document = dict[str, Any]


def fragment(document: Document) -> str:
    """One table, one row per plan, headed by what the comparison says."""
    study = document["study"]
    head = "".join(
        f"<th>{title}</th>" for title in ("plan", "cost", "±", "P5", "P95", "against baseline", "95 % CI")
    )
    rows = "".join(_row(name, plan, study["baseline"]) for name, plan in document["plans"].items())
    return (
        f"<p><b>{escape(study.get('title') or study['name'])}</b>: {escape(verdict(document))}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p><small>usd over {study['periods']} periods; {study['worlds']:,} worlds, seed {study['seed']}, "
        f"hash {study['hash'][:16]}</small></p>"
    )


def _row(name: str, plan: Document, baseline: str) -> str:
    cost = plan["cost"]
    cells = [amount(cost[key]) if key in cost else NONE for key in ("mean", "se", "p5", "p95")]
    if name == baseline:
        cells += ["baseline", ""]
    elif not has_mean(found := plan["vs_baseline"]):
        cells += [f"median {amount(found['p50'], sign=True)}", NONE]
    else:
        relative = found.get("share_of_baseline")
        size = "" if relative is None else f" ({share(relative, 1, sign=True)})"
        low, high = (amount(end, sign=True) for end in found["ci95"])
        cells += [amount(found["mean"], sign=True) + size, f"{low} to {high}"]
    return f"<tr><td>{escape(name)}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
