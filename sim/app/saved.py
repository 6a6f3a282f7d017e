"""A changed plan as the text of a plan file: the study's own text with other values, comments and spelling as they were."""

import tomllib
from typing import Any

from sim.engine.study import Study
from sim.errors import InputError
from sim.plan.altered import plain
from sim.plan.plan import Plan


def file_name(name: str) -> str:
    """A name that every file system takes."""
    kept = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)
    return f"{kept.strip('.-')[:80] or 'plan'}.toml"


def plan_text(study: Study, base: str, plan: Plan) -> str:
    """The plan as a file: what the study's file of ``base`` says, with what differs. Where that cannot be said in the
    file's own text, as of a plan whose pay was scaled, it is written anew.
    """
    texts = dict(
        zip((each.name for each in study.sets), (text for _, text in study.files.plans), strict=True)
    )
    written = _changed(texts[base], plan)
    return plan.to_toml() if written is None else written


def _changed(text: str, plan: Plan) -> str | None:
    """The text with the values of the plan; None where it would not read as the plan."""
    import tomlkit

    before, wanted = tomllib.loads(text), plain(plan.model_dump(exclude_unset=True, exclude_none=True))
    if {"ote", "pay_mix"} <= wanted["pay"].keys() and "base_salary" not in before["pay"]:
        del wanted["pay"]["base_salary"]  # it follows
    try:
        document = tomlkit.parse(text)
        _put(document, wanted, before)
        written = tomlkit.dumps(document)
        return written if Plan.from_toml(written) == plan else None
    except (InputError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _put(at: Any, wanted: Any, before: Any) -> None:
    """Make a table or an array of the text say what is wanted, and touch nothing that says so already."""
    for key in [each for each in before if each not in wanted]:
        del at[key]
    for key, value in wanted.items():
        old = before.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            _put(at[key], value, old)
        elif isinstance(value, list) and isinstance(old, list) and 0 < len(old) <= len(value):
            for place, (new, each) in enumerate(zip(value, old, strict=False)):
                if isinstance(new, dict) and isinstance(each, dict):
                    _put(at[key][place], new, each)
                elif new != each:
                    at[key][place] = new
            for new in value[len(old) :]:
                at[key].append(new)
        elif key not in before or value != old:
            at[key] = value
