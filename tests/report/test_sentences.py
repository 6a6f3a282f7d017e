"""What reports say, held against their tables as rendered and against the worlds: over shipped and random studies."""

import copy
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_1samp

import sim
from sim.engine.company_cost import cost_by_world
from sim.engine.payees import payees_of
from sim.report.reported import reported
from sim.shapes.fragile import MARK
from tests.rig.inputs.drawn_study import write_drawn
from tests.rig.readers.texts import by_name, first_sentences, fitted, rows_of, tables, texts
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit  # reports are the same with or without compiled kernels

STUDIES = sorted((CONFIGS / "studies").glob("*.toml"))
DRAWN = range(12)
SUPERLATIVE = re.compile(r"(\S+) is the (dearest|cheapest) by the (mean|median)")
UNTOLD = re.compile(r"Which plan is the (dearest|cheapest) cannot be told: by the (mean|median), (\S+?),")
BROKEN = re.compile(r"^(\d+) of (\d+) plans? breaks? the budget of ")


def small(study):
    """The study with few worlds wherever it asks for many."""
    few = {
        "gaming": {"worlds": 4, "training_worlds": 4, "curve_worlds": 2, "cells": 16, "certify": False},
        "incentive": {"worlds": 8},
        "response": {"worlds": 8, "value_worlds": 16},
        "ownership": {"worlds": 32},
        "forecast": {"level_worlds": 32, "luck_worlds": 32},
    }
    tables = tuple(table.model_copy(update=few.get(table.key, {})) for table in study.tables)
    return replace(study, worlds=96, tables=tables)


@pytest.fixture(
    scope="module", params=[*(path.stem for path in STUDIES), *(f"drawn-{seed}" for seed in DRAWN)]
)
def result(request, tmp_path_factory):
    if request.param.startswith("drawn-"):
        seed = int(request.param.split("-")[1])
        path = write_drawn(tmp_path_factory.mktemp("drawn"), seed)
        return sim.run(sim.load(path), worlds=96, threads=2)
    (path,) = (each for each in STUDIES if each.stem == request.param)
    return sim.run(small(sim.load(path)), threads=2)


def costs_of(result):
    return {
        each.name: cost_by_world(result.study, result.totals, index).sum(axis=0)
        for index, each in enumerate(result.study.sets)
    }


def told_apart(one, other, statistic):
    """By an outside test of the paired difference, with a whole twentieth for this pair alone."""
    difference = one - other
    if statistic == "mean":
        return np.ptp(difference) == 0.0 or ttest_1samp(difference, 0.0).pvalue < 0.05
    above, below = int((difference > 0).sum()), int((difference < 0).sum())
    return above + below > 0 and binomtest(above, above + below).pvalue < 0.05


def test_who_is_dearest_and_cheapest_agrees_with_the_table_and_the_worlds(result):
    document, costs = result.document, costs_of(result)
    baseline = document["study"]["baseline"]
    rows = rows_of(by_name(document)["differences"]) if len(costs) > 1 else []
    for medium, text in texts(document).items():
        claims = [(name, word, by, True) for name, word, by in SUPERLATIVE.findall(text)]
        claims += [(name, word, by, False) for word, by, name in UNTOLD.findall(text)]
        if len(costs) < 3:
            assert not claims, medium
            continue
        for name, word, by, alone in claims:
            value = {row["plan"]: row["mean" if by == "mean" else "p50"] for row in rows}
            assert all(value.values()), f"{medium}: {by} of a plan without one"
            value = {baseline: 0.0, **{plan: float(each) for plan, each in value.items()}}
            end = max(value.values()) if word == "dearest" else min(value.values())
            assert value[name] == end, f"{medium}: {name} is not the {word}"
            if alone:
                others = [plan for plan in costs if plan != name]
                assert all(told_apart(costs[name], costs[plan], by) for plan in others), medium


LOSERS = re.compile(
    r"Most lose under (\S+?): in ([\d.]+) %|Under which plan most lose cannot be told: (\S+?),"
)


def test_who_loses_most_agrees_with_the_table_and_the_worlds(result):
    """Of every plan beside the baseline; a superlative only where the worlds tell one plan from each other one."""
    document = result.document
    found = by_name(document)
    if "winners" not in found:
        return
    lose = {row["plan"]: float(row["lose"]) for row in rows_of(found["winners"])}
    said = LOSERS.findall(texts(document)["page"])
    assert said or len(lose) == 1 or max(lose.values()) == 0.0
    losing = {}
    for index, each in enumerate(result.study.sets):
        role = payees_of(result.study, index)[0].position
        if (against := result.totals.shape.watch.against[role]) is not None:
            before, after = (result.totals.first_pay[at] for at in (against.role, role))
            losing[each.name] = np.mean(
                after - before + against.more < -0.05 * (before + against.salary), axis=0
            )
    for alone, told, first in said:
        name = alone or first
        assert lose[name] == max(lose.values())
        if alone:
            assert float(told) == pytest.approx(100 * lose[name], abs=0.051)
            for other in lose.keys() - {name}:
                difference = losing[name] - losing[other]
                assert np.ptp(difference) == 0.0 or ttest_1samp(difference, 0.0).pvalue < 0.05
    for row in rows_of(found["winners_first"]) if "winners_first" in found else ():
        assert float(row["change"]) != 0.0
    first = rows_of(found["payees"]) if "payees" in found else []
    for plan in {row["plan"] for row in first}:
        changes = [float(row["change"] or row["p50"]) for row in first if row["plan"] == plan]
        assert changes == sorted(changes)


def test_a_broken_budget_is_the_first_sentence_of_every_medium(result):
    document, costs = result.document, costs_of(result)
    if "budget" not in document["study"]:
        return
    over = {name: (each > document["study"]["budget"]) for name, each in costs.items()}
    broken = [
        name
        for name, each in over.items()
        if binomtest(int(each.sum()), len(each)).proportion_ci(0.95, "exact").low > 0.05
    ]
    for medium, text in first_sentences(document).items():
        found = BROKEN.match(text)
        assert bool(found) == bool(broken), (medium, broken, text[:200])
        if found:
            assert (int(found[1]), int(found[2])) == (len(broken), len(costs))
            sentence = text.split(". ")[0]
            assert all(name in text for name in broken[:4]), sentence
    shares = {row["plan"]: float(row["prob_over_budget"]) for row in rows_of(by_name(document)["cost"])}
    assert shares == pytest.approx({name: float(each.mean()) for name, each in over.items()})


def test_no_medium_speaks_of_confidence(result):
    for medium, text in texts(result.document).items():
        assert not re.search(r"\bCI\b|confidence|s\.e\.", text), medium
        if medium != "tables":
            assert "which more worlds make smaller" in text, medium


def test_fragile_means_are_marked_wherever_they_appear(result):
    document = copy.deepcopy(result.document)
    name = next((name for name, plan in document["plans"].items() if "mean" in plan["cost"]), None)
    if name is None:
        return
    for each in document["plans"].values():
        each["cost"].pop("fragile", None)
    assert not any(MARK in cell for each in tables(document) for row in each.shown() for cell in row)
    document["plans"][name]["cost"]["fragile"] = True
    checked = 0
    for each in tables(document):
        if not any(column.key == "plan" for column in each.columns):
            continue
        places = {column.key: at for at, column in enumerate(each.columns)}
        means = [
            key
            for key in ("mean", "cvar95", "per_csm_year", "variable", "early", "gamed", "lower")
            if key in places
        ]
        if each.name in ("pay", "incentive", "response", "effort", "budget"):
            means = [key for key in means if each.name == "budget"]
        for row, shown in zip(each.rows, each.shown(), strict=True):
            for key in means:
                if row[places["plan"]] == name and row[places[key]] is not None:
                    assert shown[places[key]].endswith(MARK), (each.name, key)
                    checked += 1
    assert checked >= 4
    for table in fitted(document):
        for row in table.rows:
            if row[0].replace("\n", "").split(" · ")[0] == name and "Mean ±" in table.columns:
                assert MARK in row[table.columns.index("Mean ±")], table.title
                assert MARK in table.caption
    said = texts(document)
    for medium in ("terminal", "page", "tables", "notebook", "deck"):
        assert "rest on a few worlds" in said[medium] or "rests on a few" in said[medium], medium
    cost = [row for row in rows_of(by_name(document)["cost"]) if row["mean_is"] == "fragile"]
    assert [row["plan"] for row in cost] == [name]


GENERAL = {"Cost", "Paired", "Allowed", "Left", "Right", "From"}
"""What a note may begin a sentence with that is no column."""
TERM = re.compile(r"(?:^|(?<=\. ))([A-Z±≥¢×$/][^.:;,]{0,28}):")


def missing_terms(note, titles):
    """Terms that a note explains and no title holds."""
    known = " ".join(titles).lower().replace("-", " ")
    words = set(re.findall(r"[\w±≥¢×$/>]+", known))

    def named(term):
        term = term.lower().replace("-", " ")
        left = {word.rstrip("s") for word in term.split()} - {"and", "of", "the"}
        return term in known or left <= {each.rstrip("s") for each in words}

    return [
        term
        for term in TERM.findall(note)
        if term not in GENERAL
        and not term.startswith(
            ("Not modelled", "No mean", "Without any", "Nobody leaves", "Effort alone", "Cities")
        )
        and not named(term)
    ]


def test_no_caption_explains_a_column_that_is_not_there(result):
    for each in tables(result.document):
        titles = [*(column.title for column in each.columns), each.title]
        assert missing_terms(each.note, titles) == [], each.name
    for table in fitted(result.document):
        titles = [*table.columns, table.title, *(row[0] for row in table.rows)]
        assert missing_terms(table.caption, titles) == [], table.title
        for at, column in enumerate(table.columns[1:], start=1):
            assert any(row[at] for row in table.rows), (table.title, column)


def test_best_is_said_only_where_it_may_be(result):
    document = result.document
    said = " ".join(said.sentence for said in reported(document).short)
    if "ownership" in document and not document["ownership"]["outcomes"]:
        assert "Only cost was allowed to differ here" in said
    assert not re.search(r"\bis best\b|\bcheapest owner\b", said)


@pytest.mark.parametrize("width", [80, 100])
def test_every_report_fits(result, width):
    from sim.report.written import report_text

    assert max(map(len, report_text(result.document, width).splitlines())) <= width


@pytest.mark.parametrize("seed", range(6))
def test_a_broken_limit_is_the_first_sentence_of_every_medium(tmp_path, seed):
    from sim.study.stress import stress

    study = sim.load(write_drawn(tmp_path, seed, limits=True)).altered(worlds=64)
    document = stress(study, threads=2, only=("recession", "price-increase"), with_tornado=seed == 0).document
    failing = set()
    for each in document["stresses"].values():
        for name, entry in each["plans"].items():
            if any(judged["verdict"] == "fail" for judged in entry["limits"].values()):
                failing.add(name)
            over = round(entry["prob_over_budget"] * entry["worlds"])
            low = binomtest(over, entry["worlds"]).proportion_ci(0.95, "exact").low
            if "prob_over_budget" not in document["limits"] and low > 0.05:
                failing.add(name)
    for medium, text in first_sentences(document).items():
        found = re.match(r"(\d+) of (\d+) plans? breaks? ", text)
        assert bool(found) == bool(failing), (medium, failing, text[:200])
        if found:
            assert int(found[1]) == len(failing)
            assert "Nothing that was tried breaks" not in text
    for medium, text in texts(document).items():
        assert not re.search(r"\bCI\b|confidence|s\.e\.", text), medium
    for table in fitted(document):
        assert missing_terms(table.caption, [*table.columns, table.title]) == [], table.title
