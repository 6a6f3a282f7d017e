"""Whom sentences on exposure, rewards and value call the most or the least stands so in the rows: on random rows."""

import copy

import numpy as np
import pytest

from sim.questions.gaming.findings import bracket, exposure_finding
from sim.questions.gaming.summary import exposures
from sim.questions.gaming.tables import exposure
from sim.questions.incentive.findings import reward_finding
from sim.questions.incentive.summary import rewards
from sim.questions.incentive.tables import incentives
from sim.questions.registry import typed
from sim.questions.response.findings import card_finding, response_finding
from sim.questions.response.summary import responses
from sim.questions.response.tables import worth
from sim.shapes.amounts import amount

pytestmark = pytest.mark.jit  # of a whole study
TRIALS = 60


def rows_of(table):
    keys = [column.key for column in table.columns]
    return {row["plan"]: row for row in (dict(zip(keys, each, strict=True)) for each in table.rows)}


def with_numbers(document, section, drawn):
    """The summary with other numbers in a section of every plan's entry that has one; None leaves a key out."""
    plans = copy.deepcopy(document["plans"])
    for entry in plans.values():
        if section in entry:
            numbers = drawn()
            entry[section] |= {key: each for key, each in numbers.items() if each is not None}
            for key in [key for key, each in numbers.items() if each is None]:
                entry[section].pop(key, None)
    return typed(document | {"plans": plans})


def test_the_largest_and_the_least_exposure_are_the_ends_of_the_column(asked):
    rng = np.random.default_rng(1)

    def drawn():
        lower = float(rng.choice([0.0, 1_200.0, 5_000.0, 9_100.0]))
        upper = rng.choice([None, lower, lower + 700.0])
        return {
            "lower": lower,
            "upper": None if upper is None else float(upper),
            "upper_se": None,
            "not_certified": None,
        }

    for _ in range(TRIALS):
        summary = with_numbers(asked, "exposure", drawn)
        found, said = exposures(summary), exposure_finding(summary)
        rows = rows_of(exposure(found))
        ends = [row["lower"] for row in rows.values()]
        most = [name for name, row in rows.items() if row["lower"] == max(ends)]
        least = [name for name, row in rows.items() if row["lower"] == min(ends)]
        assert any(f"more a year under {name}," in said for name in most)
        assert any(bracket(rows[name]["lower"], rows[name]["upper"]) in said for name in most)
        if f"under {most[0]}, for the same renewals." in said:
            assert max(ends) == min(ends) or len(rows) == 1
        else:
            assert any(f" under {name}." in said for name in least)
        for name, row in rows.items():
            assert (row["upper"] is None) == (
                name in said.partition("No upper end is known for ")[2].partition(".")[0]
            )


def test_a_saved_dollar_pays_most_and_least_where_the_column_says_so(asked):
    rng = np.random.default_rng(2)

    def drawn():
        return {
            "save": float(rng.choice([0.0, 0.021, 0.05, 0.09])),
            "dead_zone_share": float(rng.choice([0.0, 0.2, 0.6])),
            "timing_to_saving": rng.choice([None, 0.4, 1.0, 2.5]),
        }

    for _ in range(TRIALS):
        summary = with_numbers(asked, "incentive", drawn)
        found, said = rewards(summary), reward_finding(rewards(summary))
        rows = rows_of(incentives(found))
        save = {name: row["save"] for name, row in rows.items()}
        most = [name for name, each in save.items() if each == max(save.values())]
        assert any(f"saved pays a CSM {100 * max(save.values()):.1f}¢ under {name}" in said for name in most)
        if len(set(save.values())) > 1:
            least = [name for name, each in save.items() if each == min(save.values())]
            assert any(f"and {100 * min(save.values()):.1f}¢ under {name}." in said for name in least)
        dead = {name: each.dead_zone_share for name, each in found.items()}
        if max(dead.values()) >= 0.01:
            assert any(f"Under {name}, " in said for name, each in dead.items() if each == max(dead.values()))
        ratios = {
            name: each.timing_to_saving for name, each in found.items() if each.timing_to_saving is not None
        }
        moving = [name for name, each in ratios.items() if each > 1.0]
        card = card_finding(found)
        if not ratios:
            assert "decide between plans" in card
        elif not moving:
            assert card.startswith("No plan pays more for a dollar moved")
        else:
            assert card.startswith(f"{len(moving)} of {len(ratios)} plans measured pay more")
            assert f"pays {max(ratios.values()):.1f} times as much" in card
            assert any(
                f"; {name} pays" in card for name, each in ratios.items() if each == max(ratios.values())
            )


def test_what_adds_most_has_the_highest_net_value_of_the_rows(asked):
    rng, lost = np.random.default_rng(3), 0

    def drawn():
        value = float(rng.choice([-4_000.0, -500.0, 800.0, 3_000.0]))
        return {"net_value": value, "net_value_ci95": [value - 100.0, value + 100.0], "net_value_se": 50.0}

    for _ in range(TRIALS):
        summary = with_numbers(asked, "response", drawn)
        found = responses(summary)
        said = response_finding(found)
        values = {
            name: row["net_value"]
            for name, row in rows_of(worth(found)).items()
            if found[name].net_value_se > 0.0
        }
        most = [name for name, each in values.items() if each == max(values.values())]
        assert amount(max(values.values()), sign=True) in said
        assert any(f" {name} adds" in said or f"of {name}, is" in said for name in most)
        if max(values.values()) <= 0.0:
            lost += 1
            assert said.startswith("No plan is worth more than")
            continue
        below = [name for name, each in values.items() if each + 100.0 < 0.0]
        assert all(name in said.partition("Worth less than")[2] for name in below)
    assert lost > 0
