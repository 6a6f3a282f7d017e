"""Contracts, terms, currencies, owners and parts: what one row of an export stands for, to the cent."""

import pytest

import sim
from sim.exports.intake import taken_in
from sim.files.book_events import read_events
from sim.files.deals import read_deals
from tests.exports.test_systems import deals, events, rows
from tests.rig.repository import ROOT

HEADER = "csm,account,arr,due_date,booked_date,booked_arr"


@pytest.fixture
def take(tmp_path):
    """Take rows in under a map."""

    def taken(text, told, out=None):
        (tmp_path / "export.csv").write_text(text, encoding="utf-8")
        (tmp_path / "map.toml").write_text(told, encoding="utf-8")
        return sim.intake(tmp_path / "export.csv", tmp_path / "map.toml", out)

    return taken


COLUMNS = "[columns]\n" + "".join(f'{name} = "{name}"\n' for name in HEADER.split(","))


def test_a_contract_of_several_years_counts_by_the_year(take):
    text = f"{HEADER},term_months\nana,A,120000,2026-02-01,2026-02-01,390000,36\nana,B,60000,2026-03-01,2026-03-01,31000,6\n"
    told = COLUMNS + 'term_months = "term_months"\n[amounts]\nbooked_arr = "term"\n'
    assert [row[5] for row in deals(take(text, told))] == ["130000.0", "62000.0"]


def test_a_whole_term_without_its_months_is_refused(take):
    told = COLUMNS + 'term_months = "term_months"\n[amounts]\nbooked_arr = "term"\n'
    with pytest.raises(sim.InputError, match="column term_months, row 2 must be a number of months"):
        take(f"{HEADER},term_months\nana,A,120000,2026-02-01,2026-02-01,390000,\n", told)
    with pytest.raises(sim.InputError, match=r"map.toml: columns.term_months must be present"):
        take(
            f"{HEADER}\nana,A,120000,2026-02-01,2026-02-01,390000\n",
            COLUMNS + '[amounts]\nbooked_arr = "term"\n',
        )


def test_amounts_a_month_are_twelve_times_as_much_a_year(take):
    told = COLUMNS + '[amounts]\narr = "month"\nbooked_arr = "month"\n'
    assert deals(take(f"{HEADER}\nana,A,1000.55,2026-02-01,2026-02-01,1100\n", told))[0][2::3] == (
        "12006.6",
        "13200.0",
    )


TWO = f"{HEADER}\nana,A,100,2026-02-01,2026-02-01,40\nana,A,100,2026-02-01,2026-04-01,70\nana,B,9,2026-05-05,,\n"


def test_further_rows_of_a_contract_are_what_the_map_says(take, tmp_path):
    parts = take(TWO, COLUMNS + '[contracts]\nrepeated = "parts"\n', tmp_path / "parts").tables["deals"]
    assert parts["arr"].tolist() == [36.36, 63.64, 9.0]  # the 100 that were due, once
    assert parts["booked_arr"].tolist()[:2] == [40.0, 70.0]
    assert parts["contract"].tolist() == ["A 2026-02-01 part 1", "A 2026-02-01 part 2", "B 2026-05-05"]
    contracts = take(TWO, COLUMNS + '[contracts]\nrepeated = "contracts"\n').tables["deals"]
    assert contracts["arr"].tolist() == [100.0, 100.0, 9.0]
    assert contracts["contract"].nunique() == 3
    once = take(TWO, COLUMNS + '[contracts]\nrepeated = "duplicates"\n')
    assert once.tables["deals"]["booked_arr"].tolist()[0] == 40.0
    assert [(each.row, each.reason) for each in once.aside] == [(3, "by the map: the same deal as row 2")]
    assert len(read_deals(tmp_path / "parts" / "deals.csv").arr) == 3


def test_contracts_of_one_day_are_told_apart_by_their_ids(take):
    text = (
        TWO.replace(HEADER, f"{HEADER},id")
        .replace("01,40", "01,40,x1")
        .replace("01,70", "01,70,x2")
        .replace(",,\n", ",,,x3\n")
    )
    told = COLUMNS + 'record = "id"\n'
    assert [row[6] for row in deals(take(text, told))] == [
        "A 2026-02-01 x1",
        "A 2026-02-01 x2",
        "B 2026-05-05",
    ]
    told = COLUMNS + 'contract = "id"\n'
    assert [row[6] for row in deals(take(text, told))] == ["x1", "x2", "x3"]


def test_currencies_are_turned_into_that_of_the_plans_by_the_rates_of_the_map(take):
    text = (
        f"{HEADER},currency\nana,A,100,2026-02-01,2026-02-01,110,EUR\nana,B,50,2026-02-01,2026-02-01,50,USD\n"
    )
    told = COLUMNS + 'currency = "currency"\n[currency]\ncode = "USD"\n'
    with pytest.raises(sim.InputError, match=r"currency.rates.EUR must be present"):
        take(text, told)
    assert [row[2::3] for row in deals(take(text, told + "rates = { EUR = 1.1 }\n"))] == [
        ("110.0", "121.0"),
        ("50.0", "50.0"),
    ]


def test_owners_share_a_renewal_and_those_alone_have_all_of_it(take):
    text = f"{HEADER},second\nana,A,100,2026-02-01,2026-02-01,110,ben\nana,B,50,2026-02-01,,,\n"
    told = COLUMNS.replace('csm = "csm"\n', "") + (
        '[[owners]]\ncsm = "csm"\nshare = 0.7\n[[owners]]\ncsm = "second"\nshare = 0.3\n'
    )
    found = [(row[0], row[1], row[-1]) for row in deals(take(text, told))]
    assert found == [("ana", "A", "0.7"), ("ben", "A", "0.3"), ("ana", "B", "1.0")]


@pytest.mark.parametrize(("one", "other"), [("60", "40"), ("60 %", "40 %"), ("0.6", "0.4")])
def test_rows_of_a_split_have_their_shares_and_must_make_a_whole(take, one, other):
    text = f"{HEADER},split\nana,A,100,2026-02-01,2026-02-01,110,{one}\nben,A,100,2026-02-01,2026-02-01,110,{other}\n"
    assert [row[-1] for row in deals(take(text, COLUMNS + 'share = "split"\n'))] == ["0.6", "0.4"]
    with pytest.raises(sim.InputError, match="shares of a contract must be 1 in all, received 2"):
        take(text, COLUMNS)


def test_what_takes_arr_away_is_below_zero_whatever_sign_it_has(take):
    text = (
        "csm,account,date,amount,kind\n"
        "ana,A,2026-02-01,{},Downgrade\nana,B,2026-03-01,{},Credit memo\nana,C,2026-03-01,5,Upsell\n"
    )
    told = (
        '[columns]\ncsm = "csm"\naccount = "account"\nbooked_date = "date"\nchange = "amount"\ntype = "kind"\n'
        '[types]\nexpansion = ["Upsell"]\ncontraction = ["Downgrade"]\ncredit = ["Credit memo"]\n'
    )
    for written in (("10", "2.5"), ("-10", "(2.5)")):
        assert [row[3:] for row in events(take(text.format(*written), told))] == [
            ("-10.0", "contraction"),
            ("-2.5", "credit"),
            ("5.0", "expansion"),
        ]
    with pytest.raises(sim.InputError, match=r"amounts.decreases must be"):
        take(text.format("10", "-2.5"), told)
    both = take(text.format("10", "-2.5"), told + '[amounts]\ndecreases = "positive"\n')
    assert [row[3] for row in events(both)] == ["-10.0", "2.5", "5.0"]  # the second was taken back


def test_people_and_transfers_have_files_of_their_own(take):
    told = 'rows = "people"\n[columns]\ncsm = "Name"\nrole = "Title"\nfrom = "Hired"\nuntil = "Left"\nquota = "Quota"\n'
    people = take('Name,Title,Hired,Left,Quota\nana,CSM,2026-02-01,,"600,000.00"\nben,,,2026-05-31,\n', told)
    assert rows(people, "people") == [
        ("ana", "CSM", "2026-02-01", "", "600000.0"),
        ("ben", "", "", "2026-05-31", ""),
    ]
    told = 'rows = "transfers"\n[columns]\naccount = "a"\nfrom_csm = "b"\nto_csm = "c"\ndate = "d"\n'
    moved = take("a,b,c,d\nA,ana,ben,2026-04-01\n", told)
    assert rows(moved, "transfers") == [("A", "ana", "ben", "2026-04-01")]


def test_every_slip_of_a_map_is_told_at_once(take):
    told = (
        COLUMNS.replace("due_date =", "due =")
        + '[amounts]\ndecimal = ";"\n[stages]\nwon = ["a"]\nlost = ["a"]\n'
    )
    with pytest.raises(sim.InputError) as refused:
        take(TWO, told)
    assert "amounts.decimal must be '.' or ','" in str(refused.value)
    with pytest.raises(sim.InputError) as refused:
        take(TWO, told.replace('";"', '"."'))
    assert "received 'due'" in str(refused.value)
    assert "one list only" in str(refused.value)


def test_the_shipped_export_is_taken_in_under_its_map_and_by_itself_asks_what_the_map_answers(tmp_path):
    export = ROOT / "configs" / "exports" / "salesforce-fy26.csv"
    history = sim.intake(export, export.with_suffix(".map.toml"), tmp_path / "history")
    totals = history.tables["deals"]
    assert (totals["arr"] * totals["share"]).sum() == 1_700_000.0
    assert (totals["booked_arr"] * totals["share"]).sum() == 1_515_000.0
    assert events(history)[1] == ("Sam Poe", "Hooli", "2026-07-02", "-6000.0", "credit")
    assert sum("is the sum of its rows" in note for note in history.notes) == 2
    asked = {each.where.split(": ", 1)[1] for each in taken_in(export, None, None).asked}
    assert asked == {"amounts.booked_arr", "types", "names.merge", "owners"}


GROWTH = """id,csm,account,arr,due_date,booked_date,booked_arr,kind,change
7,ana,A,100,2026-02-01,2026-02-01,100,renewal,
8,ana,A,,,2026-05-04,,growth,2500
9,ana,A,,,2026-05-04,,growth,{last}
"""
KINDS = (
    COLUMNS
    + 'record = "id"\ntype = "kind"\nchange = "change"\n[types]\nrenewal = ["renewal"]\nexpansion = ["growth"]\n'
)


def test_two_equal_bookings_of_a_day_keep_their_ids(take, tmp_path):
    out = tmp_path / "same"
    take(GROWTH.format(last=2500), KINDS, out)
    found = read_events(out / "events.csv")
    assert (found.booking, found.arr.tolist()) == (("8", "9"), [2500.0, 2500.0])
    take(GROWTH.format(last=2600), KINDS, tmp_path / "other")
    assert read_events(tmp_path / "other" / "events.csv").booking == ()  # nothing to tell apart
