"""JSON Schema of every kind of file: complete, plain, and of one mind with the reader."""

import copy
import random
import tomllib

import jsonschema
import pytest

import sim
from sim.errors import InputError
from sim.files.toml import check, frozen
from sim.reference.documents import DOCUMENTS, model_of
from sim.reference.schema import found, options, schema
from tests.rig.editor import as_an_editor_sees, jsonable
from tests.rig.repository import ROOT

SHIPPED = {
    "plan": [
        each
        for folder in (
            "plans",
            "plans/library",
            "plans/founding",
            "plans/gaming",
            "plans/incentive",
            "plans/team",
            "people",
        )
        for each in sorted((ROOT / "configs" / folder).glob("*.toml"))
    ],
    "roles": sorted((ROOT / "configs/roles").glob("*.toml")),
    "scenario": sorted((ROOT / "configs/scenarios").glob("*.toml")),
    "study": sorted((ROOT / "configs/studies").glob("*.toml")),
    "stress": sorted((ROOT / "sim/questions/stress/cases").glob("*.toml"))
    + sorted((ROOT / "configs/stresses").glob("*.toml")),
    "map": sorted((ROOT / "configs/exports").glob("*.map.toml")),
}
MUTATIONS = 200
BOTH = 0.95
"""Of files that the reader refuses, how many the schema flags at least."""


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_key_says_what_it_means(kind):
    whole = schema(kind)
    silent = [
        f"{name}.{key}"
        for name, table in {kind: whole, **whole.get("$defs", {})}.items()
        for key, part in table.get("properties", {}).items()
        if not any(
            each.get("description")
            for each in [part, *options(whole, part), *options(whole, part.get("items", {}))]
        )
    ]
    assert silent == []


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_schemas_are_schemas_and_plain(kind):
    whole = schema(kind)
    jsonschema.Draft202012Validator.check_schema(whole)
    text = str(whole)
    for word in ("oneOf", "'null'", "discriminator"):
        assert word not in text


@pytest.mark.parametrize(
    ("kind", "path"), [(kind, path) for kind, paths in SHIPPED.items() for path in paths], ids=str
)
def test_shipped_files_are_what_their_schema_says(kind, path):
    jsonschema.validate(as_an_editor_sees(path), schema(kind))


def mutated(rng, value):
    """One thing of a document changed: a key misspelled, left out or added, a value of another type or out of all bounds."""
    copied = copy.deepcopy(value)
    tables = []

    def walk(each):
        if isinstance(each, dict):
            if each:
                tables.append(each)
            for inner in each.values():
                walk(inner)
        elif isinstance(each, list):
            for inner in each:
                walk(inner)

    walk(copied)
    table = rng.choice(tables)
    key = rng.choice(sorted(table))
    held = table[key]
    what = rng.choice(("misspelled", "gone", "new", "type", "bounds"))
    if what == "misspelled":
        del table[key]
        table[key[:-1] + "qz"] = held
    elif what == "gone":
        del table[key]
    elif what == "new":
        table["unheard_of"] = 1
    elif what == "type":
        table[key] = 7 if isinstance(held, str | dict | list | bool) else "seven"
    else:
        table[key] = -1e18 if not isinstance(held, bool) else "yes"
    return what, copied


@pytest.mark.parametrize("kind", ["plan", "scenario", "study"])
def test_schema_and_reader_flag_the_same_files(kind):
    """``MUTATIONS`` files that the reader refuses, and those that it takes on the way there; a fixed seed."""
    rng = random.Random(20261128)
    model, whole = model_of(kind), schema(kind)
    validator = jsonschema.Draft202012Validator(whole)
    documents = [tomllib.loads(path.read_text()) for path in SHIPPED[kind]]
    refused, missed = 0, []
    while refused < MUTATIONS:
        what, changed = mutated(rng, rng.choice(documents))
        flagged = not validator.is_valid(jsonable(changed))
        try:
            check(model, frozen(changed), "a file")
        except InputError as error:
            refused += 1
            if not flagged:
                missed.append((what, str(error)))
        else:
            assert not flagged, changed
    assert len(missed) <= (1 - BOTH) * MUTATIONS, missed


def test_a_key_is_found_by_its_path():
    whole = schema("plan")
    assert found(whole, "component[1].quota.rate")["unit"] == "share"
    assert found(whole, "component.quota.amount")["unit"] == "usd/period or events/period"
    assert found(whole, "component.commission.tier.start")["unit"] == "share, usd or events"
    assert found(whole, "component.quota.rate") == found(whole, "component[3].quota.rate")
    assert found(schema("scenario"), "segment.enterprise.churn.probability")["maximum"] == 1
    assert found(whole, "component.quta") is None


def test_python_gives_the_same():
    assert sim.schema("plan") == schema("plan")
    with pytest.raises(InputError, match="one of plan, roles"):
        sim.schema("plans!")
