"""Names and texts that no report could show are refused where they are read, whichever file they stand in."""

import pytest

from sim import load
from sim.errors import InputError

HIDDEN = "\\u001b[7m"


@pytest.fixture
def lay(tmp_path):
    from sim.cli import command

    assert command(["init", str(tmp_path / "s")]) == 0
    return tmp_path / "s"


@pytest.mark.parametrize(
    ("file", "key", "place"),
    [
        ("scenario.toml", 'name = "my-company"', "name"),
        ("scenario.toml", 'name = "mid-market"', "segment[0].name"),
        ("study.toml", 'title = "Today\'s plan and a candidate"', "title"),
        ("scenario.toml", '"dependence" = "assumption"', "sources.dependence"),
    ],
)
def test_control_characters_are_refused_with_their_key(lay, file, key, place):
    path = lay / file
    text = path.read_text()
    assert key in text
    path.write_text(text.replace(key, key[:-1] + HIDDEN + '"'))
    with pytest.raises(InputError) as caught:
        load(lay / "study.toml")
    said = [str(problem) for problem in caught.value.problems if f"{file}: {place} must be" in str(problem)]
    assert len(said) == 1, str(caught.value)
    assert "\x1b" not in said[0]


def test_a_dotted_key_of_many_parts_is_no_table_of_ours(lay):
    path = lay / "scenario.toml"
    path.write_text(".".join(["x"] * 20_000) + " = 1\n" + path.read_text())
    with pytest.raises(
        InputError, match=r"scenario\.toml must be valid TOML, received tables nested too deeply"
    ):
        load(lay / "study.toml")
