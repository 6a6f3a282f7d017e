"""A real result of a small company, and the same with names that try to do harm."""

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
    "control": "bell \x07 null \x00 line\nbreak",
}


@pytest.fixture(scope="session")
def document(tmp_path_factory):
    path = write_study(tmp_path_factory.mktemp("reported") / "small")
    return sim.run(sim.load(path), threads=2, worlds=128).document


@pytest.fixture(scope="session")
def harmful(document):
    """Plans named by each of ``HARM``, with the same in every free text."""
    base = document["plans"]["today"]
    found = copy.deepcopy(document)
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
