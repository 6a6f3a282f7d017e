"""The tables of a result, column by column: every world, every book, and one row per plan."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.engine.company_cost import base_by_world, variable_by_world
from sim.engine.heavy_tail import tail_of_cost
from sim.engine.hires import hires_by_world
from sim.engine.payees import payees_of
from sim.engine.study import Study, variants_of
from sim.engine.territories import Territories
from sim.engine.totals import Totals
from sim.files.masks import Masks
from sim.measure.retention import annual
from sim.questions.cost.summary import CostOfPlan
from sim.summary.summary import Summary
from sim.world.book import Book

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, Any]
"""Equally long arrays by column name; ``plan``, ``csm`` and ``segment`` are positions among names."""

WORLD_UNITS: Final = {
    "world": "index",
    "plan": "name",
    "period": "index, 0-based",
    "cost": "usd: (variable + base) x (1 + on-cost) + hires",
    "variable": "usd: pay of all CSMs",
    "base": "usd: salaries of all CSMs",
    "hires": "usd: planned hires, with on-cost; only where hires are planned",
}
BOOK_UNITS: Final = {
    "plan": "name",
    "role": "name",
    "csm": "name; of a payee with several books, its first and last",
    "csm_index": "index, 0-based",
    "segment": "name",
    "accounts": "count",
    "variable_mean": "usd over the horizon; none where pay has no mean, as of what comes with it",
    "variable_se": "usd",
    "variable_sd": "usd, between worlds",
    "attainment_mean": "share, mean over periods",
    "attainment_se": "share",
    "share_zero_pay": "share of periods",
    "share_at_target": "share of periods at or above target",
    "share_quota_exhausted": "share of periods",
}
PAYEE_UNITS: Final = {
    "plan": "name",
    "csm": "name",
    "world": "index",
    "variable": "usd over the horizon",
}
RETENTION_UNITS: Final = {
    "world": "index",
    "plan": "name",
    "grr": "share per year",
    "nrr": "share per year",
}
MOST_ROWS: Final = 2_000_000
"""Of the table of payees; of larger companies fewer worlds are written. [row]"""
MEANS: Final = ("variable_mean", "variable_se", "variable_sd", "attainment_mean", "attainment_se")
"""What is not told of a payee under a plan whose pay has no mean."""
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


def worlds_columns(study: Study, totals: Totals, first: int, last: int) -> Columns:
    """The rows of worlds ``first`` up to ``last``: worlds outermost, then plans, then periods."""
    shape = (last - first, len(study.sets), study.scenario.periods)
    world, plan, period = np.indices(shape)
    places = range(len(study.sets))
    some = totals.within(first, last)
    variable = np.stack([variable_by_world(study, some, each) for each in places]).transpose(2, 0, 1)
    base = np.stack([base_by_world(study, some, each) for each in places]).transpose(2, 0, 1)
    cost = (variable + base) * (1.0 + study.scenario.employer.on_cost)
    hires = [hires_by_world(study, totals, payees_of(study, each)[0]) for each in places]
    added = {}
    if planned := [each[:, first:last] for each in hires if each is not None]:
        of_hires = np.stack(planned).transpose(2, 0, 1)
        cost, added = cost + of_hires, {"hires": of_hires.ravel()}
    return {
        "world": world.ravel() + first,
        "plan": plan.ravel().astype(np.int32),
        "period": period.ravel().astype(np.int32),
        "cost": cost.ravel(),
        "variable": variable.ravel(),
        "base": base.ravel(),
        **added,
    }


def books_columns(study: Study, book: Book, territories: tuple[Territories, ...], totals: Totals) -> Columns:
    """One row per plan, role and payee; the payee of a plan file is a CSM."""
    periods = totals.variable.shape[1] * totals.variable.shape[2]
    sets = [index for index, each in enumerate(study.sets) for _ in each.roles]
    names = names_of(study, book, territories)
    of_role = {name: code for code, name in enumerate(names["role"])}
    of_csm = {name: code for code, name in enumerate(names["csm"])}
    roles = [role.name for each in study.sets for role in each.roles]
    heavy = [tail_of_cost(study, totals, index) is not None for index in range(len(study.sets))]
    held = np.add.reduceat(~book.arrival, book.csm_start[:-1], dtype=np.int64)
    parts = []
    for position, each in enumerate(territories):
        payees = len(each.last)
        mine = slice(payees)
        pay, reached = (
            (moments.mean[position, mine], moments.sd[position, mine], moments.worlds[position, mine])
            for moments in (totals.pay, totals.reached)
        )
        shares = totals.marks[position, mine] / periods
        parts.append(
            {
                "plan": np.full(payees, sets[position], dtype=np.int32),
                "role": np.full(payees, of_role[roles[position]], dtype=np.int32),
                "csm": np.array([of_csm[name] for name in each.names], dtype=np.int32),
                "csm_index": np.arange(payees),
                "segment": each.segment.astype(np.int32),
                "accounts": np.bincount(each.payee[each.payee >= 0], held[each.payee >= 0]).astype(np.int64),
                "variable_mean": pay[0],
                "variable_se": pay[1] / np.sqrt(pay[2]),
                "variable_sd": pay[1],
                "attainment_mean": reached[0],
                "attainment_se": reached[1] / np.sqrt(reached[2]),
                "share_zero_pay": shares[:, 0],
                "share_at_target": shares[:, 1],
                "share_quota_exhausted": shares[:, 3],
            }
        )
        if heavy[sets[position]]:
            parts[-1] |= dict.fromkeys(MEANS, np.full(payees, np.nan))
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def payees_columns(study: Study, territories: tuple[Territories, ...], totals: Totals) -> Columns:
    """Pay of every CSM under every plan file in the first worlds: plans outermost, then CSMs, then worlds."""
    roles = [payees_of(study, index)[0].position for index, each in enumerate(study.sets) if each.plain]
    csms = len(territories[roles[0]].last) if roles else 0
    worlds = min(totals.first_pay.shape[2], MOST_ROWS // max(1, len(roles) * csms))
    plan, csm, world = np.indices((len(roles), csms, worlds))
    plans = np.array([index for index, each in enumerate(study.sets) if each.plain], dtype=np.int32)
    return {
        "plan": plans[plan.ravel()],
        "csm": csm.ravel().astype(np.int32),
        "world": world.ravel(),
        "variable": totals.first_pay[roles, :csms, :worlds].ravel(),
    }


def retention_columns(study: Study, totals: Totals) -> Columns:
    """What the company keeps in every world under every plan: worlds outermost, then plans."""
    _, variant_of = variants_of(study)
    years = study.scenario.calendar.years
    world, plan = np.indices((study.worlds, len(study.sets)))
    chains = [(totals.retentions[each].gross, totals.retentions[each].net) for each in variant_of]
    gross, net = (np.stack([annual(chain[at], years) for chain in chains], axis=1) for at in (0, 1))
    return {
        "world": world.ravel(),
        "plan": plan.ravel().astype(np.int32),
        "grr": gross.ravel(),
        "nrr": net.ravel(),
    }


def names_of(study: Study, book: Book, territories: tuple[Territories, ...] = ()) -> dict[str, list[str]]:
    """The names that the coded columns stand for."""
    return {
        "plan": [each.name for each in study.sets],
        "role": list(dict.fromkeys(role.name for each in study.sets for role in each.roles)),
        "csm": list(dict.fromkeys([*book.csms, *(name for each in territories for name in each.names)])),
        "segment": [segment.name for segment in study.scenario.segment],
    }


def masked(
    columns: Columns, names: dict[str, list[str]], masks: Masks
) -> tuple[Columns, dict[str, list[str]]]:
    """The rows of people with their names masked, in the order of masks, which says nothing of the book's."""
    own = [masks.of(name) for name in names["csm"]]
    ordered = sorted(dict.fromkeys(own))
    place = {name: code for code, name in enumerate(ordered)}
    csm = np.array([place[name] for name in own], dtype=np.int32)[columns["csm"]]
    keys = [columns["plan"], *([columns["role"]] if "role" in columns else []), csm]
    order = np.lexsort(keys[::-1])  # stable: worlds stay in theirs
    found = {key: values[order] for key, values in (columns | {"csm": csm}).items()}
    if "csm_index" in found:
        new = np.concatenate([[True], (np.diff(np.stack([keys[0][order], keys[1][order]])) != 0).any(axis=0)])
        starts = np.flatnonzero(new)
        found["csm_index"] = np.arange(len(order)) - np.repeat(starts, np.diff([*starts, len(order)]))
    return found, names | {"csm": ordered}


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


def summary_frame(summary: Summary) -> "pd.DataFrame":
    """One row per plan, indexed by its name; a measure that a plan does not have is missing."""
    import pandas as pd

    rows = {
        name: {
            f"{section}_{key}": value
            for section, key in SUMMARY_UNITS
            if (value := getattr(getattr(plan.of(CostOfPlan), section), key)) is not None
        }
        for name, plan in summary.plans.items()
    }
    order = [f"{section}_{key}" for section, key in SUMMARY_UNITS]
    frame = pd.DataFrame.from_dict(rows, orient="index")
    frame = frame[[column for column in order if column in frame.columns]]
    frame.index.name = "plan"
    frame.attrs["units"] = {f"{section}_{key}": unit for (section, key), unit in SUMMARY_UNITS.items()}
    return frame
