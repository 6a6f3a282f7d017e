"""Paths in a TOML file, found in any spelling and replaced with everything around them kept."""

import tomllib
from datetime import date

import pytest

from sim.files.toml_paths import replaced
from sim.files.toml_text import toml_text

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


def test_where_a_table_is_named_like_the_path_the_file_is_written_anew():
    text = '["crm.csv"]\nday = 2026-03-01\nrows = [[1, { a = 2 }], "x"]\n[book]\nfile = "crm.csv"\n'
    moved = tomllib.loads(replaced(text, {("book", "file"): "book.csv"}))
    assert moved["book"] == {"file": "book.csv"}
    assert moved["crm.csv"] == {"day": date(2026, 3, 1), "rows": [[1, {"a": 2}], "x"]}


def test_many_strings_like_the_path_take_no_time():
    text = "".join(f'k{number} = "crm.csv"\n' for number in range(20_000)) + '[book]\nfile = "crm.csv"\n'
    moved = replaced(text, {("book", "file"): "book.csv"})
    assert moved == text[: -len('"crm.csv"\n')] + '"book.csv"\n'


def test_dates_and_tables_inside_arrays_are_written():
    document = {"day": date(2026, 3, 1), "mixed": [1, {"a": "b"}], "rows": [{"when": date(2027, 1, 2)}]}
    assert tomllib.loads(toml_text(document)) == document
