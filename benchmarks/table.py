"""The figures as one table for people."""

from typing import Any

TARGETS = {
    "vs_numpy": "at least 15",
    "vs_numba_naive": "at least 5",
    "rng_floor": "at most 6",
    "twelve_plans_over_one": "at most 1.2",
    "help_s": "below 0.5",
    "exposure_12_plans_2000_books_s": "below 30",
    "report_opens_s": "below 2",
    "report_of_100_plans.html.mb": "below 5",
}


def show(result: dict[str, Any]) -> str:
    """Key, value, and the target where there is one."""
    rows = [("figure", "value", "target")]
    for key, value in _flat(result):
        rows.append((key, _text(value), TARGETS.get(key, "")))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    rule = tuple("-" * width for width in widths)
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (rows[0], rule, *rows[1:])
    )


def _flat(result: dict[str, Any], prefix: str = ""):
    for key, value in result.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    if isinstance(value, list):
        return "  ".join(f"{size:,}: {_text(amount)}" for size, amount in value)
    return f"{value:,}" if isinstance(value, int) else str(value)
