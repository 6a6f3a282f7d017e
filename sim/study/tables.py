"""The tables of a result, column by column: every world, every book, and one row per plan."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.study.study import Study
from sim.study.summary import Document, pay_besides
from sim.study.totals import Totals
from sim.world.book import Book

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, Any]
"""Equally long arrays by column name; ``plan``, ``csm`` and ``segment`` are positions among names."""

WORLD_UNITS: Final = {
    "world": "index",
    "plan": "name",
    "period": "index, 0-based",
    "cost": "usd: (variable + base) x (1 + on-cost)",
    "variable": "usd: pay of all CSMs",
    "base": "usd: salaries of all CSMs",
}
BOOK_UNITS: Final = {
    "plan": "name",
    "csm": "name",
    "csm_index": "index, 0-based",
    "segment": "name",
    "accounts": "count",
    "variable_mean": "usd over the horizon",
    "variable_se": "usd",
    "variable_sd": "usd, between worlds",
    "attainment_mean": "share, mean over periods",
    "attainment_se": "share",
    "share_zero_pay": "share of periods",
    "share_at_target": "share of periods at or above target",
    "share_quota_exhausted": "share of periods",
}
SUMMARY_UNITS: Final = {
    ("cost", "mean"): "usd",
    ("cost", "se"): "usd",
    ("cost", "sd"): "usd",
    ("cost", "p5"): "usd",
    ("cost", "p50"): "usd",
    ("cost", "p90"): "usd",
    ("cost", "p95"): "usd",
    ("cost", "cvar95"): "usd",
    ("cost", "cvar95_se"): "usd",
    ("cost", "reserve"): "usd",
    ("cost", "prob_over_budget"): "share",
    ("cost", "per_csm_year"): "usd per CSM-year",
    ("cost", "per_usd_retained"): "usd per usd of ARR renewed",
    ("vs_baseline", "mean"): "usd",
    ("vs_baseline", "se"): "usd",
    ("vs_baseline", "p5"): "usd",
    ("vs_baseline", "p50"): "usd",
    ("vs_baseline", "p95"): "usd",
    ("vs_baseline", "share_dearer"): "share of worlds",
    ("pay", "share_zero_pay"): "share of CSM-periods",
    ("pay", "share_at_target"): "share of CSM-periods",
    ("pay", "gini"): "share",
    ("retention", "grr"): "share per year",
    ("retention", "nrr"): "share per year",
}
"""Columns of the summary table, by section and key of the summary, and their units."""


def worlds_columns(study: Study, book: Book, totals: Totals, first: int, last: int) -> Columns:
    """The rows of worlds ``first`` up to ``last``: worlds outermost, then plans, then periods."""
    shape = (last - first, len(study.plans), study.scenario.periods)
    world, plan, period = np.indices(shape)
    variable = totals.variable[:, :, first:last].transpose(2, 0, 1)
    pay = [pay_besides(study, book, each) for each in study.plans]
    base = np.broadcast_to(np.array([each.base for each in pay])[:, np.newaxis], shape)
    cost = (variable + base) * (1.0 + study.scenario.employer.on_cost)
    return {
        "world": world.ravel() + first,
        "plan": plan.ravel().astype(np.int32),
        "period": period.ravel().astype(np.int32),
        "cost": cost.ravel(),
        "variable": variable.ravel(),
        "base": base.ravel(),
    }


def books_columns(book: Book, totals: Totals) -> Columns:
    """One row per plan and CSM."""
    plans, csms = totals.pay.mean.shape
    index = np.tile(np.arange(csms), plans)
    periods = totals.variable.shape[1] * totals.variable.shape[2]
    shares = totals.marks.reshape(plans * csms, 4) / periods
    return {
        "plan": np.repeat(np.arange(plans, dtype=np.int32), csms),
        "csm": index.astype(np.int32),
        "csm_index": index,
        "segment": book.segment[book.csm_start[:-1]].astype(np.int32)[index],
        "accounts": np.diff(book.csm_start)[index],
        "variable_mean": totals.pay.mean.ravel(),
        "variable_se": (totals.pay.sd / np.sqrt(totals.pay.worlds)).ravel(),
        "variable_sd": totals.pay.sd.ravel(),
        "attainment_mean": totals.reached.mean.ravel(),
        "attainment_se": (totals.reached.sd / np.sqrt(totals.reached.worlds)).ravel(),
        "share_zero_pay": shares[:, 0],
        "share_at_target": shares[:, 1],
        "share_quota_exhausted": shares[:, 3],
    }


def names_of(study: Study, book: Book) -> dict[str, list[str]]:
    """The names that the coded columns stand for."""
    return {
        "plan": [plan.name for plan in study.plans],
        "csm": list(book.csms),
        "segment": [segment.name for segment in study.scenario.segment],
    }


def as_frame(columns: Columns, names: dict[str, list[str]], units: dict[str, str]) -> "pd.DataFrame":
    """The columns as a DataFrame; ``attrs["units"]`` says what they are."""
    import pandas as pd

    coded = {
        name: pd.Categorical.from_codes(values, names[name]) if name in names else values
        for name, values in columns.items()
    }
    frame = pd.DataFrame(coded)
    frame.attrs["units"] = dict(units)
    return frame


def summary_frame(document: Document) -> "pd.DataFrame":
    """One row per plan, indexed by its name; a measure that a plan does not have is missing."""
    import pandas as pd

    rows = {
        name: {
            f"{section}_{key}": entry[section][key]
            for section, key in SUMMARY_UNITS
            if key in entry.get(section, {})
        }
        for name, entry in document["plans"].items()
    }
    order = [f"{section}_{key}" for section, key in SUMMARY_UNITS]
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame = frame[[column for column in order if column in frame.columns]]
    frame.index.name = "plan"
    frame.attrs["units"] = {f"{section}_{key}": unit for (section, key), unit in SUMMARY_UNITS.items()}
    return frame
