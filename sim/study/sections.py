"""Sections of a plan's entry in the summary that a study asks for by a table of its own, each from a pass of its own."""

from typing import Any

from sim.study.card import card_of
from sim.study.means import without_means
from sim.study.response.checks import not_measured
from sim.study.response.tornado import gaming_rows, with_ranks
from sim.study.study import Study

Sections = dict[str, dict[str, Any]]
"""By plan, then by section."""


def sections_of(study: Study, threads: int, heavy: frozenset[str] = frozenset()) -> Sections:
    """What ``[incentive]``, ``[response]``, ``[gaming]`` and ``[forecast]`` ask for; empty where none is there. Plans of
    which the first two can say nothing have a sentence, ``behaviour_not_measured``.

    heavy : plans whose pay has no mean: told by medians.
    """
    found: Sections = {}
    if study.incentive is not None or study.response is not None:
        for each in study.sets:
            if (why := not_measured(each)) is not None:
                found.setdefault(each.name, {})["behaviour_not_measured"] = f"{each.name} {why}"
    if study.incentive is not None:
        from sim.study.incentive.measured import incentive_entries

        for name, entry in incentive_entries(study, threads).items():
            found.setdefault(name, {})["incentive"] = entry
    if study.gaming is not None:
        from sim.study.gaming.entry import gaming_entries

        for name, entries in gaming_entries(study, study.gaming, threads, heavy).items():
            found.setdefault(name, {}).update(entries)
    if study.response is not None:
        from sim.study.response.entry import response_entries

        for name, entry in response_entries(study, threads, heavy).items():
            found.setdefault(name, {})["response"] = entry
    if study.forecast is not None:
        from sim.study.forecast.accrual import accrual_entries
        from sim.study.forecast.macro import macro_entries

        for name, entry in macro_entries(study, study.forecast, threads).items():
            found.setdefault(name, {})["macro"] = entry
        for name, periods in accrual_entries(study, study.forecast, threads).items():
            found.setdefault(name, {})["accrual"] = periods
    return found


def with_sections(document: dict[str, Any], sections: Sections) -> dict[str, Any]:
    """The document with these sections added to its plans, and what needs several of them worked out."""
    if not sections:
        return document
    plans = {name: entry | sections.get(name, {}) for name, entry in document["plans"].items()}
    plans = {
        name: without_means(entry) if "tail" in entry["cost"] else entry for name, entry in plans.items()
    }
    for entry in plans.values():
        if "reach" in entry:
            entry["lints"] = [*entry["lints"], *entry.pop("reach")]
        _timing_to_saving(entry)
        _gamed(entry, 1.0 + document["study"].get("on_cost", 0.0))
    responses = {name: entry["response"] for name, entry in plans.items() if "response" in entry}
    for name, response in with_ranks(responses).items():
        plans[name]["response"] = response
    for entry in plans.values():
        if (found := card_of(entry)) is not None:
            entry["card"] = found
    return document | {"plans": plans}


def _timing_to_saving(entry: dict[str, Any]) -> None:
    """Pay per usd moved over pay per usd saved, where both are known. Above 1 the plan pays more for moving a dollar.

    Source: METHOD.md, timing-to-saving ratio.
    """
    moved, save = entry.get("exposure", {}).get("yield"), entry.get("incentive", {}).get("save")
    if moved is not None and save:
        entry["incentive"] = entry["incentive"] | {"timing_to_saving": moved / save}


def _gamed(entry: dict[str, Any], on_cost: float) -> None:
    """What gaming costs the company per CSM-year where CSMs take a share of what they can, out of net value.

    Source: METHOD.md, gaming propensity: a dial of its own, apart from effort. Pay taken with on-costs, and discounts on
    what is moved; nothing is gained, as no customer's odds change.
    """
    exposure, response = entry.get("exposure", {}), entry.get("response", {})
    if "lower" not in exposure or not response:
        return
    rows = gaming_rows(entry, on_cost)
    found = response | {"tornado": response["tornado"] | rows}
    propensity = response["assumed"]["propensity"]
    if propensity:
        discount = response["assumed"]["discount"] * exposure.get("moved_arr", 0.0)
        cost = propensity * (exposure["lower"] * on_cost + discount)
        found |= {"gaming_cost": cost, "net_value_gamed": response["net_value"] - cost}
    entry["response"] = found
