"""Paths in a TOML file, found in any spelling and replaced with everything around them kept."""

import tomllib
from datetime import date

import pytest
import tomlkit

from sim.files.toml_text import replaced

SPELLINGS = [
    'book = { file = "crm.csv" } # "crm.csv"',
    "[book]\nfile = 'crm.csv'",
    '[book]\n"file" = "crm.csv"   # ours',
    "book.file = '''crm.csv'''",
    '"book" . \'file\' = """crm.csv"""',
    '[book]\nfile = """\ncrm.csv"""',
    '[book]\nfile = "\\u0063rm.csv"',
    'note = "crm.csv"\n[book]\nredraw = true\nfile="crm.csv"\n[[row]]\nfile = "crm.csv"',
    'note = """\n[book]\nfile = "crm.csv" \\" #"""\n[book] # it\'s "crm.csv"\nfile = "crm.csv"',
    '"crm.csv" = 1\n[book]\n"crm.csv" = "x"\nfile = "crm.csv"',
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_path_is_replaced_in_any_spelling_and_nothing_else(text):
    moved = replaced(text, {("book", "file"): "book.csv"})
    expected = tomllib.loads(text)
    expected["book"]["file"] = "book.csv"
    assert tomllib.loads(moved) == expected
    if "\\u" not in text and '"""\n' not in text:
        assert "crm.csv".join(moved.split("book.csv")).replace("'", '"').replace('"""', '"') == text.replace(
            "'", '"'
        ).replace('"""', '"')
    assert moved.count("#") == text.count("#")


def test_several_equal_paths_each_get_their_own():
    text = "[[role]]\nplan = 'p.toml' # one\n[[role]]\n'plan' = \"p.toml\" # two\n"
    moved = replaced(text, {("role", 0, "plan"): "1.toml", ("role", 1, "plan"): "2.toml"})
    assert moved == '[[role]]\nplan = "1.toml" # one\n[[role]]\n\'plan\' = "2.toml" # two\n'


def test_a_table_named_like_the_path_is_left_alone():
    text = '["crm.csv"]\nday = 2026-03-01\nrows = [[1, { a = 2 }], "x"]\n[book]\nfile = "crm.csv"\n'
    assert replaced(text, {("book", "file"): "book.csv"}) == text.replace('= "crm.csv"', '= "book.csv"')


def test_tables_in_any_order_keep_it():
    text = "[book.a]\nx = 1 # one\n[other]\ny = 2\n[book]\nfile = 'crm.csv' # ours\n"
    assert replaced(text, {("book", "file"): "book.csv"}) == text.replace("'crm.csv'", '"book.csv"')


@pytest.mark.parametrize("fault", [tomlkit.exceptions.ParseError(1, 1), RecursionError()])
def test_a_file_that_tomlkit_cannot_read_is_written_anew(monkeypatch, fault):
    def parse(text):
        raise fault

    monkeypatch.setattr(tomlkit, "parse", parse)
    text = '# ours\n[["rows 1"]]\nday = 2026-03-01\nmixed = [1, { a = "b" }]\n[book]\nfile = "crm.csv"\n'
    assert tomllib.loads(replaced(text, {("book", "file"): "book.csv"})) == {
        "rows 1": [{"day": date(2026, 3, 1), "mixed": [1, {"a": "b"}]}],
        "book": {"file": "book.csv"},
    }


def test_many_strings_like_the_path_take_no_time():
    text = "".join(f'k{number} = "crm.csv"\n' for number in range(20_000)) + '[book]\nfile = "crm.csv"\n'
    moved = replaced(text, {("book", "file"): "book.csv"})
    assert moved == text[: -len('"crm.csv"\n')] + '"book.csv"\n'
