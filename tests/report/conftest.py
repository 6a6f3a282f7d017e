"""Real results of a small company, of cost alone and with every measure, and the same with names that try to do harm."""

import copy

import pytest
from small_study import write_study

import sim

HARM = {
    "script": "<script>document.title='taken'</script>",
    "image": "<img src=x onerror=\"document.title='taken'\">",
    "closing": '"></title></style></script><svg onload=alert(1)>',
    "formula": '=HYPERLINK("http://example.invalid";"click")',
    "plus": "+1+1",
    "command": "@SUM(1+1)|cmd",
    "minus": "-2+3",
    "long": "long " * 2_000,
    "right": "\u202eמשרד\u202d \u2067תוכנית",
    "emoji": "\U0001f9e8 \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "template": "{{ 7 * 7 }} ${7*7} {% raw %}",
    "escape": "\x1b]0;taken\x07\x1b[2J\x1b[31mred",
    "override": "safe \u202e\u2066 reversed \u200b\ufeff",
    "control": "bell \x07 null \x00 line\nbreak",
}


@pytest.fixture(scope="session")
def document(tmp_path_factory):
    path = write_study(tmp_path_factory.mktemp("reported") / "small")
    return sim.run(sim.load(path), threads=2, worlds=128).document


ASKED = """
[gaming]
worlds = 6
training_worlds = 8
curve_worlds = 4
cells = 16
friction = [0.02, 0.10]
movable = [0.5, 1.0]

[incentive]
worlds = 32

[response]
worlds = 16
value_worlds = 64
points = [1.0, 2.0]
"""


@pytest.fixture(scope="session")
def asked(tmp_path_factory):
    """The same company, with everything a study can ask."""
    path = write_study(tmp_path_factory.mktemp("asked") / "small")
    scenario = path.parent / "scenario.toml"
    movable = "movable = { ready_early = 0.3, holdable = 0.2 }\nexpansion = {"
    scenario.write_text(scenario.read_text().replace("expansion = {", movable))
    path.write_text(path.read_text() + ASKED)
    return sim.run(sim.load(path), threads=2, worlds=64).document


@pytest.fixture(scope="session")
def harmful(asked):
    """Plans named by each of ``HARM``, with the same in every free text, account and CSM."""
    base = copy.deepcopy(asked["plans"]["today"])
    move = base["leak"]["moves"][0]
    base["leak"] |= {"csm": HARM["script"], "moves": [move | {"account": text} for text in HARM.values()]}
    found = copy.deepcopy(asked)
    for plan in found["plans"].values():
        plan["leak"]["gain"] = 0.0  # the schedule shown is one of those with harmful names
    for text in HARM.values():
        plan = copy.deepcopy(base) | {"title": text, "not_modelled": [text]}
        plan["lints"] = [
            {
                "name": text,
                "severity": "major",
                "clause": text,
                "number": 1.0,
                "unit": "",
                "short": text,
                "sentence": text,
                "source": text,
            }
        ]
        found["plans"][text] = plan
    found["study"]["title"] = HARM["closing"]
    found["study"]["scenario"] = HARM["script"]
    found["assumptions"] = {text: f"assumption {text}" for text in HARM.values()}
    return found
