"""Two people in one cell of an export: asked, and then read as the map says."""

import pandas as pd
import pytest

from sim.errors import InputError
from sim.exports.intake import intake

HEADER = "Account,CSM,Prior ARR,Renewal Date,Close Date,Amount,Stage,Split"
ROWS = [
    "Yew,Ida Berg; Tom Ek,1000,2026-02-10,2026-02-10,900,Closed Won,75;25",
    "Elm,Tom Ek,500,2026-03-10,2026-03-10,600,Closed Won,",
    "Oak,Uwe & Jo,800,2026-04-10,2026-04-10,800,Closed Won,",
]
MAP = """rows = "deals"
[columns]
csm = "CSM"
account = "Account"
arr = "Prior ARR"
booked_arr = "Amount"
due_date = "Renewal Date"
booked_date = "Close Date"
stage = "Stage"
share = "Split"
[stages]
won = ["Closed Won"]
[types]
all = "renewal"
[names]
{}
"""


def read(folder, names="", rows=ROWS):
    (folder / "export.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    (folder / "map.toml").write_text(MAP.format(names), encoding="utf-8")
    return intake(folder / "export.csv", folder / "map.toml")


def deals(history) -> pd.DataFrame:
    frame = history.tables["deals"]
    return frame[["csm", "account", "share"]] if "share" in frame else frame[["csm", "account"]]


def test_it_is_asked_with_who_has_rows_of_their_own(tmp_path):
    with pytest.raises(InputError) as caught:
        read(tmp_path)
    (problem,) = caught.value.problems
    assert problem.where.endswith("map.toml: names.several")
    assert problem.fix == (
        "'Ida Berg; Tom Ek' (row 2) reads as 2 people, of whom 'Tom Ek' has rows of their own; 'Uwe & Jo' (row 4) reads as "
        "2 people: do they split it, is it the first one's, or is it one name?"
    )


def test_they_split_it_as_listed_or_equally(tmp_path):
    history = read(tmp_path, 'several = "split"')
    assert deals(history).to_numpy().tolist() == [
        ["Ida Berg", "Yew", 0.75],
        ["Tom Ek", "Yew", 0.25],
        ["Tom Ek", "Elm", 1.0],
        ["Uwe", "Oak", 0.5],
        ["Jo", "Oak", 0.5],
    ]
    assert (
        "2 rows with several people in one cell: split between them, 1 in equal parts, the rest in the shares beside them."
        in history.notes
    )


def test_it_is_the_first_or_one_name(tmp_path):
    first = read(tmp_path, 'several = "first"')
    assert deals(first)["csm"].tolist() == ["Ida Berg", "Tom Ek", "Uwe"]
    one = read(tmp_path, 'several = "one"')
    assert deals(one)["csm"].tolist() == ["Ida Berg; Tom Ek", "Tom Ek", "Uwe & Jo"]
    told = read(tmp_path, 'several = "split"\nmerge = { "Uwe & Jo" = "Pod North" }')
    assert deals(told)["csm"].tolist() == ["Ida Berg", "Tom Ek", "Tom Ek", "Pod North"]


def test_an_account_of_two_is_in_the_book_of_the_first(tmp_path):
    """Who shares its renewals stands beside those; an account is in one book."""
    (tmp_path / "book.csv").write_text("Account,CSM,ARR\nYew,Ida Berg; Tom Ek,1000\nElm,Tom Ek,500\n")
    (tmp_path / "map.toml").write_text(
        'rows = "book"\n[columns]\ncsm = "CSM"\naccount = "Account"\narr = "ARR"\n[names]\nseveral = "split"\n'
    )
    found = intake(tmp_path / "book.csv", tmp_path / "map.toml").tables["book"]
    assert found[["csm", "account", "arr"]].to_numpy().tolist() == [
        ["Ida Berg", "Yew", 1000.0],
        ["Tom Ek", "Elm", 500.0],
    ]


SECOND = (
    "Opportunity Owner,Account Name,Type,Stage,Prior ARR,Amount,Close Date,Renewal Date,Split Owner,Split %"
)
SHARED = [
    "Ida Berg,Yew,Renewal,Closed Won,1000,900,2026-02-10,2026-02-10,Tom Ek,30%",
    *(
        f"Tom Ek,Elm {place},Renewal,Closed Won,500,600,2026-03-{place + 10},2026-03-10,,"
        for place in range(6)
    ),
]


def taken(folder, rows):
    from sim.exports.intake import taken_in

    (folder / "second.csv").write_text("\n".join([SECOND, *rows]), encoding="utf-8")
    return taken_in(folder / "second.csv", folder / "second.map.toml", None)


def test_a_sparse_column_of_second_owners_shares_with_the_first(tmp_path):
    """Its shares are of the second owner: as those of the row's owner they would give Ida 30 %."""
    first = taken(tmp_path, SHARED)
    assert [
        (problem.where.rpartition(": ")[2], problem.fix.partition("?")[0]) for problem in first.asked
    ] == [
        ("owners", "Does 'Split Owner' have the part that 'Split %' says, and 'Opportunity Owner' the rest")
    ]
    again = taken(tmp_path, SHARED)
    assert again.history is not None
    frame = again.history.tables["deals"]
    assert frame[["csm", "share"]].to_numpy().tolist()[:3] == [
        ["Ida Berg", 0.7],
        ["Tom Ek", 0.3],
        ["Tom Ek", 1.0],
    ]
    unsaid = taken(tmp_path, [SHARED[0].replace("30%", ""), *SHARED[1:]])
    assert [problem.allowed for problem in unsaid.asked] == ["the share of Split Owner"]


def test_rows_of_one_account_in_a_book_are_its_contracts(tmp_path):
    """By their record ids, or as the map says."""
    told = 'rows = "book"\n[columns]\ncsm = "CSM"\naccount = "Account"\narr = "ARR"\n'
    (tmp_path / "book.csv").write_text("Id,Account,CSM,ARR\ns-1,Yew,Ida,100\ns-2,Yew,Ida,40\ns-3,Elm,Ida,9\n")
    (tmp_path / "map.toml").write_text(f'{told}record = "Id"\n')
    found = intake(tmp_path / "book.csv", tmp_path / "map.toml").tables["book"]
    assert found["contract"].tolist() == ["s-1", "s-2", ""]
    (tmp_path / "map.toml").write_text(told)
    with pytest.raises(InputError, match=r"Rows 2, 3 of .* share their account"):
        intake(tmp_path / "book.csv", tmp_path / "map.toml")
    for word, contracts in (("contracts", ["1", "2", ""]), ("duplicates", None)):
        (tmp_path / "map.toml").write_text(f'{told}[contracts]\nrepeated = "{word}"\n')
        found = intake(tmp_path / "book.csv", tmp_path / "map.toml").tables["book"]
        assert (found["contract"].tolist() if contracts else found["arr"].tolist()) == (contracts or [100, 9])


def test_growth_may_be_by_the_year_beside_terms(tmp_path):
    (tmp_path / "export.csv").write_text(
        "CSM,Account,Kind,Prior,Amount,Due,Booked,Months\n"
        "Ida,Yew,Renewal,100,360,2026-02-10,2026-02-10,36\nIda,Yew,Upsell,,24,,2026-06-10,\n"
    )
    told = (
        'rows = "deals"\n[columns]\ncsm = "CSM"\naccount = "Account"\narr = "Prior"\nbooked_arr = "Amount"\ntype = "Kind"\n'
        'due_date = "Due"\nbooked_date = "Booked"\nterm_months = "Months"\n[types]\nrenewal = ["Renewal"]\n'
        'expansion = ["Upsell"]\n[amounts]\nbooked_arr = "term"\n'
    )
    (tmp_path / "map.toml").write_text(told)
    with pytest.raises(InputError, match='if growth is by the year, say change = "year"') as caught:
        intake(tmp_path / "export.csv", tmp_path / "map.toml")
    assert len(caught.value.problems) == 1
    (tmp_path / "map.toml").write_text(f'{told}change = "year"\n')
    found = intake(tmp_path / "export.csv", tmp_path / "map.toml").tables
    assert found["deals"]["booked_arr"].tolist() == [120.0]
    assert found["events"]["arr"].tolist() == [24.0]
