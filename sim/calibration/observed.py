"""What a history shows at first sight: plain shares, and the share booked by each day with what is open censored."""

from typing import Final, NamedTuple

import numpy as np

from sim.calibration.cohort import fit_cohort
from sim.calibration.counted import notices
from sim.calibration.evidence import NO_LAG, Evidence
from sim.calibration.facts import Facts
from sim.calibration.model import EITHER, KEPT, LARGER, LOST, SMALLER, Flags, Floats, Places
from sim.calibration.prior import Prior, bands_of, tiers_of
from sim.world.scenario import Scenario

MOST_RENEWALS: Final = 12


class Curve(NamedTuple):
    """A share by day: [point] [day], [point] [share]."""

    day: Places
    share: Floats


def kaplan_meier(time: Places, happened: Flags) -> Curve:
    """Share to which something has happened by each time at which it does, of those it may still happen to.

    time     : when it happened, or until when it had not. [case]
    happened : whether it did. [case]

    Source: Kaplan and Meier (1958), 1 - S(t).
    """
    order = np.argsort(time, kind="stable")
    ordered, events = time[order], happened[order]
    day, first = np.unique(ordered, return_index=True)
    at_risk = len(time) - first
    count = np.add.reduceat(events.astype(np.float64), first) if len(first) else np.zeros(0)
    survival = np.cumprod(1.0 - count / np.maximum(at_risk, 1))
    there = count > 0.0
    return Curve(day[there], np.asarray(1.0 - survival[there], dtype=np.float64))


def booked_by(evidence: Evidence, s: int) -> Curve:
    """Share of the renewals of a segment that is booked by each day from the due day on, win-back not counted: what is open
    is not booked so far, and what is lost never is.
    """
    rows = evidence.rows
    own = (rows.segment == s) & ((rows.kind == KEPT) | (rows.kind == LOST) | (rows.kind == EITHER))
    today = int(evidence.as_of.astype("datetime64[D]").astype(np.int64))
    age = today - evidence.due[own]
    booked = (evidence.lag[own] != NO_LAG) & (rows.kind[own] == KEPT)
    lost = rows.kind[own] == LOST
    time = np.where(booked, evidence.lag[own], np.where(lost, 10_000, age))
    return kaplan_meier(time, booked)


def fitted_by(scenario: Scenario, s: int, churn: float, shares: dict[int, float], days: Places) -> Floats:
    """The same of the fitted bands. shares : of the bands, by their place in the document. [day] [share]"""
    segment = scenario.segment[s]
    total = np.zeros(len(days))
    for place, each in enumerate(segment.lag):
        first, last = each.days
        inside = np.clip((days - first + 1) / (last - first + 1), 0.0, 1.0)
        total += shares.get(place, each.share) * inside
    found: Floats = (1.0 - churn) * total
    return found


def plain_shares(evidence: Evidence, believed: Prior, scenario: Scenario) -> dict[str, float]:
    """What would be counted without a model, by path: of renewals whose outcome is known alone."""
    rows, cells, found = evidence.rows, evidence.cells, {}
    known = (rows.kind == KEPT) | (rows.kind == LOST)
    for group, (s, term) in enumerate(believed.groups):
        mine = known & (rows.group == group)
        if mine.any():
            key = f"by_term.{term}" if term else "probability"
            found[f"segment.{scenario.segment[s].name}.churn.{key}"] = float((rows.kind[mine] == LOST).mean())
    for s, segment in enumerate(scenario.segment):
        at, kept = f"segment.{segment.name}", (rows.segment == s) & (rows.kind == KEPT)
        if kept.any():
            for band, each in enumerate(bands_of(segment)):
                share = float((rows.low[kept] == band).mean())
                found[f"{at}.lag[{segment.lag.index(each)}].share"] = share
            found[f"{at}.contraction.probability"] = float((rows.amount[kept] == SMALLER).mean())
            found[f"{at}.uplift.probability"] = float((rows.amount[kept] == LARGER).mean())
        own = rows.segment[cells.contract] == s
        exposure = float(cells.exposure[own].sum())
        if exposure > 0.0:
            rate = float(cells.events[own].sum()) / exposure * believed.layout.per_period
            found[f"{at}.expansion.events_per_year"] = rate
    return found


def plain_facts(evidence: Evidence, facts: Facts, scenario: Scenario) -> dict[str, float]:
    """What is counted of the book, sizes, terms and returns, by path."""
    rows, found = evidence.rows, dict[str, float]()
    for s, segment in enumerate(scenario.segment):
        at, own = f"segment.{segment.name}", rows.segment == s
        signed = evidence.booked_term[own & (evidence.booked_term > 0)]
        for key, terms in (("term_months", facts.held_term[s]), ("renewed_term_months", signed)):
            found |= {f"{at}.{key}.{month}": float((terms == month).mean()) for month in np.unique(terms)}
        if len(month := facts.due_month[s]):
            found |= {f"{at}.due.quarter_weights[{q}]": float((month // 3 == q).mean()) for q in range(4)}
            found[f"{at}.due.last_month_share"] = float((month % 3 == 2).mean())
        for key, sizes in (
            ("arr", facts.arr[s]),
            ("uplift.size", facts.larger[s]),
            ("contraction.size", facts.smaller[s]),
            ("expansion.size", facts.grown[s]),
        ):
            if len(positive := sizes[sizes > 0.0]):
                found |= {
                    f"{at}.{key}.mean": float(positive.mean()),
                    f"{at}.{key}.sigma": float(np.log(positive).std()),
                }
                found |= {f"{at}.{key}.low": float(positive.min()), f"{at}.{key}.high": float(positive.max())}
        if len(days := notices(evidence, s)):
            found[f"{at}.notice_days"] = float(days.max())
        if lost := int((own & (rows.kind == LOST)).sum()):
            for tier, each in enumerate(tiers_of(segment)):
                back = int((own & (rows.kind == LOST) & (rows.tier == tier)).sum())
                found[f"{at}.win_back[{segment.win_back.index(each)}].probability"] = back / lost
    return found


class Tenure(NamedTuple):
    """Renewals of a segment by how many its accounts have lived through before. [renewal]

    due, lost : of those that are due so long that every outcome is known.
    fitted    : share lost by the law of accounts that differ and share nothing. [share]
    """

    due: Floats
    lost: Floats
    fitted: Floats


def tenure(evidence: Evidence, s: int, latest: int) -> Tenure | None:
    """Churn of who has renewed so often in the history; None where nobody is lost, or nobody renews twice.

    latest : of later renewals those that are booked are known, and those that are lost are not. [day]
    """
    today = int(evidence.as_of.astype("datetime64[D]").astype(np.int64))
    rows = evidence.rows
    lost, staying = np.zeros(MOST_RENEWALS), np.zeros(MOST_RENEWALS)
    for a in range(rows.first[s], rows.first[s + 1]):
        own = slice(int(rows.account[a]), int(rows.account[a + 1]))
        kinds = rows.kind[own][evidence.due[own] <= today - latest]
        lived = 0
        while lived < min(len(kinds), MOST_RENEWALS) and kinds[lived] == KEPT:
            lived += 1
        if lived < min(len(kinds), MOST_RENEWALS) and kinds[lived] == LOST:
            lost[lived] += 1.0
        elif lived > 0:
            staying[lived - 1] += 1.0
    due = (lost + staying)[::-1].cumsum()[::-1]
    there = int((due >= 1.0).sum())
    if there < 2 or not lost.any():
        return None
    found = fit_cohort(lost[:there], staying[:there])
    return Tenure(due[:there], lost[:there], found.hazard(there))
