"""What stress calls the most, the nearest or the largest, held against the rows beside it; and random rows to hold."""

import re

import numpy as np
import pytest

from sim.questions.stress.findings import heat_finding, reverse_finding, tornado_finding
from sim.questions.stress.limits import Limits
from sim.questions.stress.summary import Break, PlanOutcome, Step
from sim.questions.stress.tables import bars, breaks, outcomes
from sim.questions.stress.words import short
from sim.shapes.amounts import amount


def rows_of(table):
    keys = [column.key for column in table.columns]
    return [dict(zip(keys, row, strict=True)) for row in table.rows]


def with_changes(suite, rng):
    """Without limits or budget, and with other changes of cost: up, down, alike or none."""

    def changed(outcome):
        if not isinstance(outcome, PlanOutcome):
            return outcome
        share = rng.choice([-0.2, -0.05, 0.0, 0.05, 0.1, 0.1, None])
        return outcome.model_copy(update={"change_share": None if share is None else float(share)})

    stresses = {
        name: each.model_copy(
            update={"plans": {plan: changed(found) for plan, found in each.outcomes.items()}}
        )
        for name, each in suite.stresses.items()
    }
    study = suite.study.model_copy(update={"budget": None})
    return suite.model_copy(update={"study": study, "limits": Limits(), "stresses": stresses})


def cost_rises_most(suite):
    """Under how many stresses cost is said to rise most, where the study has neither limits nor a budget."""
    said = heat_finding(suite)
    known = {
        (row["stress"], row["plan"]): row["change_share"]
        for row in rows_of(outcomes(suite))
        if row.get("change_share") is not None
    }
    most = max(known.values(), default=None)
    if most is None or most <= 0.0:
        assert ("Cost rises under no stress." in said) == (most is not None)
        return 0
    names = re.search(r"rises most under (.*), \+(\S+) %\.$", said)
    assert float(names[2]) == pytest.approx(100 * most, abs=0.06)
    assert names[1].split("; ") == [f"{one}: {plan}" for (one, plan), each in known.items() if each == most]
    return names[1].count(";") + 1


def with_bars(tornado, rng):
    """With other ends of its bars, or none that moves anything."""
    sizes = [0.0, 0.0, 1e4, 2e4] if rng.random() < 0.8 else [0.0]

    def moved(each):
        return each.model_copy(update={"low": -float(rng.choice(sizes)), "high": float(rng.choice(sizes))})

    inputs = {
        path: bar.model_copy(update={"plans": {name: moved(each) for name, each in bar.plans.items()}})
        for path, bar in tornado.inputs.items()
    }
    return tornado.model_copy(update={"inputs": inputs})


def moves_most(suite, tornado):
    """Whether an input is said to move the baseline's cost most."""
    baseline, said = suite.study.baseline, tornado_finding(suite, tornado)
    ends = {
        row["input"]: max(abs(row["low"]), abs(row["high"]))
        for row in rows_of(bars(suite, tornado))
        if row["plan"] == baseline
    }
    longest = max(ends.values())
    if longest == 0.0:
        assert f"No input moves the cost of {baseline}." in said
        return False
    told = re.search(r"moves most with (.*?): by up to (\S+?)(?:; then with (.*?))?\.(?: |$)", said)
    assert told[2] == amount(longest)
    assert told[1] in {short(path) for path, each in ends.items() if each == longest}
    for name in () if told[3] is None else told[3].split(", "):
        assert max(each for path, each in ends.items() if short(path) == name) > 0.0
    return True


def with_breaks(reverse, rng):
    """With other plans broken, near to it, or safe."""
    churn = Step(input="segment.*.churn", steps=1.0, odds=1.5)
    given = Break(steps=1.0, low=0.9, high=1.1, inputs=(churn,), moves=())
    plans = {}
    for name, plan in reverse.plans.items():
        status = str(rng.choice(["found", "found", "broken as it is", "none within reach"]))
        one = given.model_copy(update={"steps": float(rng.choice([0.5, 1.0, 2.0]))})
        update = {"status": status, "one": one if status == "found" else None, "two": None}
        plans[name] = plan.model_copy(update=update)
    return reverse.model_copy(update={"plans": plans})


def nearest(suite, reverse):
    """How many plans are said to be nearest to breaking."""
    said, rows = reverse_finding(reverse), rows_of(breaks(suite, reverse))
    steps = {row["plan"]: row["one_steps"] for row in rows if row.get("one_steps") is not None}
    near = [name for name, each in steps.items() if each == min(steps.values())]
    told = re.search(r"(?:^|\. |others, )([^.]*?) (?:is|are) nearest (?:alike )?to breaking", said)
    assert (told is not None) == bool(near)
    if near:
        assert told[1].removeprefix("Of the others, ").split(", ") == near
    broken = [row["plan"] for row in rows if row["status"] == "broken as it is"]
    assert ("Without any move" in said) == bool(broken)
    assert all(name in said for name in broken)
    return len(near)


def hold(suite, trials=60):
    """Hold what is said of a suite, and of random rows in its place: ties among them."""
    rng = np.random.default_rng(1)
    if suite.study.budget is None and not suite.limits.most:
        cost_rises_most(suite)
    moves_most(suite, suite.tornado)
    assert max(cost_rises_most(with_changes(suite, rng)) for _ in range(trials)) > 1
    assert {True, False} == {moves_most(suite, with_bars(suite.tornado, rng)) for _ in range(trials)}
    if suite.reverse is not None:
        nearest(suite, suite.reverse)
        assert max(nearest(suite, with_breaks(suite.reverse, rng)) for _ in range(trials)) > 1
