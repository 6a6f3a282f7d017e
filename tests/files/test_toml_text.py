"""A document written as TOML reads back as itself."""

import tomllib

from sim.files.toml_text import toml_text


def test_what_is_written_reads_back():
    document = {
        "flag": True,
        "count": 3,
        "share": 0.1,
        "tiny": 1e-12,
        "text": 'a "quoted" \\ line\nwith \x7f and é',
        "list": [1, 2],
        "none of them": [],
        "table": {"x": 1.5, "inner": {"mid-market": 0.5, "with space": 1.0}},
        "rows": [{"name": "a", "deep": [{"k": 1}, {"k": 2}]}, {"name": "b"}],
    }
    assert tomllib.loads(toml_text(document)) == document


def test_nothing_is_left_out():
    assert toml_text({"a": None, "b": {"c": None}}) == "\n[b]\n"
