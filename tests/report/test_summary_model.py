"""``summary.json`` against the model made of what every question writes: all of it is claimed, and what is wrong is said."""

import copy
import json
from typing import get_args

import pytest

from sim.errors import InputError
from sim.files.toml import frozen
from sim.questions.cost.findings import performance_finding
from sim.questions.registry import OF_PLAN, OF_WHOLE, summary_model, summary_schema, typed
from sim.report.written import read_result
from sim.summary.entry import MEAN, Entry
from sim.summary.estimate import Estimate

KINDS = ("document", "asked")


@pytest.fixture(params=KINDS)
def written(request):
    return request.getfixturevalue(request.param)


def test_every_key_that_a_run_writes_is_claimed_and_comes_back_as_it_was(written):
    assert summary_model().model_validate(frozen(written), strict=True).document() == written


def test_no_key_is_claimed_twice():
    for kinds in (set(OF_WHOLE), set(OF_PLAN)):
        names = [name for kind in kinds for name in kind.model_fields]
        assert len(names) == len(set(names))


def test_numbers_say_their_unit_and_their_meaning():
    schema = summary_schema()
    found = schema["$defs"]["CostParts"]["properties"]["early"]
    assert found["unit"] == "usd"
    assert found["description"]
    numbers = [
        (name, key)
        for name, model in schema["$defs"].items()
        for key, field in model.get("properties", {}).items()
        if any(each.get("type") == "number" for each in (field, *field.get("anyOf", ())))
        and not (field.get("unit") and field.get("description"))
    ]
    assert numbers == []


def test_the_schema_takes_what_a_run_writes_and_nothing_wrong(written):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(written, summary_schema())
    wrong = copy.deepcopy(written)
    wrong["study"]["worlds"] = "many"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, summary_schema())


def changed(document, keys, value):
    """A copy with another value at a path; without the key for None."""
    wrong = copy.deepcopy(document)
    *path, last = keys
    entry = wrong
    for key in path:
        entry = entry[key]
    if value is None:
        del entry[last]
    else:
        entry[last] = value
    return wrong


@pytest.mark.parametrize(
    ("keys", "value", "said"),
    [
        (("plans", "today", "cost", "p5"), "12", "plans.today.cost.p5 must be a number, received '12'"),
        (("plans", "today", "cost", "p5"), None, "plans.today.cost.p5 must be present, received nothing"),
        (("plans", "today", "cost", "reserv"), 1.0, "received 'reserv'. Did you mean 'reserve'?"),
        (("plans", "today", "retentoin"), {}, "received 'retentoin'. Did you mean 'retention'?"),
        (("plans", "today", "cost_by_period", 0, "label"), 3, "cost_by_period[0].label must be a string"),
        (("ordr",), {}, "received 'ordr'. Did you mean 'order'?"),
        (("study", "baseline"), "nobody", "study.baseline must be one of the plans"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(tmp_path, document, keys, value, said):
    (tmp_path / "summary.json").write_text(json.dumps(changed(document, keys, value)))
    with pytest.raises(InputError) as refused:
        read_result(tmp_path)
    assert said in str(refused.value)
    assert str(refused.value).startswith(str(tmp_path / "summary.json"))


def test_every_problem_is_said_at_once(tmp_path, document):
    wrong = changed(changed(document, ("study", "worlds"), [1]), ("plans", "today", "pay"), None)
    (tmp_path / "summary.json").write_text(json.dumps(wrong))
    with pytest.raises(InputError) as refused:
        read_result(tmp_path)
    assert len(refused.value.problems) == 2


def test_a_baseline_without_a_quota_leaves_pay_for_performance_to_the_others(document):
    other = next(name for name in document["plans"] if name != "today")
    said = performance_finding(typed(changed(document, ("plans", "today", "pay", "performance"), None)))
    assert said.startswith(f"Under {other}, attainment is below 100 %")


def entries_below(model, seen):
    """The models that a model is made of, itself among them."""
    if model in seen:
        return
    seen.add(model)
    for field in model.model_fields.values():
        kinds, found = [field.annotation], []
        while kinds:
            kind = kinds.pop()
            kinds += get_args(kind)
            found += [kind] if isinstance(kind, type) and issubclass(kind, Entry) else []
        for kind in found:
            entries_below(kind, seen)


def test_a_mean_of_pay_may_be_absent_and_a_mean_cost_says_that_it_is_one():
    models = set()
    for part in OF_PLAN:
        entries_below(part, models)
    marked = {
        (model.__name__, name)
        for model in models
        for name, field in model.model_fields.items()
        if (field.json_schema_extra or {}).get(MEAN)
    }
    assert {
        ("Cost", "mean"),
        ("CostOfYear", "se"),
        ("Reward", "save"),
        ("PlanForecast", "benchmark"),
    } <= marked
    for model in models:
        names = {name for kind, name in marked if kind == model.__name__}
        assert all(model.model_fields[name].default is None for name in names), model
        if issubclass(model, Estimate):
            assert {"mean", "se", "ci95"} <= names, model
