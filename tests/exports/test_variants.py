"""One history in many hands: each is read as it is meant, or refused with what to put in the map."""

import numpy as np
import pytest

import sim
from sim.exports.intake import taken_in
from tests.rig.exports import DEALS, Hand, content, workbook

CLEAN = Hand()


def read_back(history):
    """The deals of a history as plain tuples."""
    frame = history.tables["deals"]
    days = [frame[name].to_numpy().astype("datetime64[D]") for name in ("due_date", "booked_date")]
    return [
        (csm, account, arr, str(due), str(booked), amount if amount == amount else None)
        for csm, account, arr, due, booked, amount in zip(
            frame["csm"], frame["account"], frame["arr"], *days, frame["booked_arr"], strict=True
        )
    ]


def meant(deals=DEALS):
    return [
        (each.csm, each.account, each.arr, str(each.due), str(each.booked or "NaT"), each.booked_arr)
        for each in deals
    ]


def grouped(thousands, decimal):
    def written(amount):
        return f"{amount:,.2f}".translate(str.maketrans({",": thousands, ".": decimal}))

    return written


READ = {
    "plain": CLEAN,
    "byte order mark": CLEAN.but(encoding="utf-8-sig"),
    "windows lines": CLEAN.but(newline="\r\n"),
    "old mac lines": CLEAN.but(newline="\r"),
    "semicolons": CLEAN.but(separator=";"),
    "tabs": CLEAN.but(separator="\t"),
    "bars": CLEAN.but(separator="|"),
    "sep line": CLEAN.but(separator=";", above=(("sep=", ""),)),
    "cp1252": CLEAN.but(encoding="cp1252"),
    "utf-16": CLEAN.but(encoding="utf-16"),
    "utf-16 without a mark, tabs": CLEAN.but(encoding="utf-16-le", separator="\t"),
    "day first": CLEAN.but(date=lambda day: f"{day:%d/%m/%Y}"),
    "month first": CLEAN.but(date=lambda day: f"{day:%m/%d/%Y}"),
    "day first with points": CLEAN.but(date=lambda day: f"{day:%d.%m.%Y}"),
    "month first, short": CLEAN.but(date=lambda day: f"{day.month}/{day.day}/{day:%Y}"),
    "timestamps": CLEAN.but(date=lambda day: f"{day}T00:00:00Z"),
    "clock and zone": CLEAN.but(date=lambda day: f"{day} 17:45:03 +0200"),
    "american clock": CLEAN.but(date=lambda day: f"{day:%m/%d/%Y} 05:45 PM"),
    "serial days": CLEAN.but(date=lambda day: str((day - day.replace(2025, 12, 31)).days + 46022)),
    "compact days": CLEAN.but(date=lambda day: f"{day:%Y%m%d}"),
    "slashes, year first": CLEAN.but(date=lambda day: f"{day:%Y/%m/%d}"),
    "months by name": CLEAN.but(date=lambda day: f"{day:%d-%b-%Y}"),
    "months by name, first": CLEAN.but(date=lambda day: f"{day:%B} {day.day}, {day:%Y}"),
    "dollars": CLEAN.but(number=lambda amount: f"${amount:,.2f}"),
    "codes": CLEAN.but(number=lambda amount: f"USD {amount:.2f}"),
    "thousands": CLEAN.but(number=grouped(",", ".")),
    "european": CLEAN.but(number=grouped(".", ","), separator=";"),
    "european with euros": CLEAN.but(number=lambda amount: grouped(".", ",")(amount) + " €"),
    "swiss": CLEAN.but(number=grouped("'", ".")),
    "french": CLEAN.but(number=grouped("\u202f", ",")),
    "exponents": CLEAN.but(number=lambda amount: f"{amount:.9E}"),
    "plus signs": CLEAN.but(number=lambda amount: f"+{amount:.2f}"),
    "capitals": CLEAN.but(header=tuple(name.upper() for name in CLEAN.header)),
    "spaces in names": CLEAN.but(header=("CSM ", "Account", "ARR", " Due  Date", "Booked\u00a0Date", "Booked ARR*")),
    "another order": CLEAN.but(order=(5, 3, 4, 2, 1, 0)),
    "an empty column": CLEAN.but(extra={"": ""}),
    "further columns": CLEAN.but(extra={"Next Step": "call", "Age": "12"}),
    "titles above": CLEAN.but(above=(("Renewals 2026",), (), ("Filter:", "all"))),
    "a total below": CLEAN.but(below=(("Total", "", "1505650.75", "", "", ""),)),
    "footers below": CLEAN.but(below=((), ("Confidential Information - Do Not Distribute",), ("Copyright (c) 2026",))),
    "the header again": CLEAN.but(below=(CLEAN.header,)),
    "not available": CLEAN.but(blank="N/A"),
    "null": CLEAN.but(blank="NULL"),
    "dashes": CLEAN.but(blank="-"),
    "spaces around": CLEAN.but(text=lambda name: f"  {name}\u00a0"),
    "doubled spaces": CLEAN.but(text=lambda name: name.replace(" ", "  ")),
    "no-break spaces": CLEAN.but(text=lambda name: name.replace(" ", "\u00a0")),
    "decomposed letters": CLEAN.but(text=lambda name: name.replace("ú", "u\u0301").replace("ñ", "n\u0303")),
}  # fmt: skip


@pytest.mark.parametrize("hand", READ.values(), ids=READ.keys())
def test_what_reads_one_way_is_read(tmp_path, hand):
    path = tmp_path / "export.csv"
    path.write_bytes(content(hand))
    assert read_back(sim.intake(path)) == meant()


def test_a_workbook_is_read(tmp_path):
    rows = [(d.csm, d.account, d.arr, d.due, d.booked, d.booked_arr) for d in DEALS]
    path = workbook(tmp_path / "export.xlsx", CLEAN.header, rows, above=((), ("Renewals",)))
    assert read_back(sim.intake(path)) == meant()


def test_sheets_that_are_not_read_are_told(tmp_path):
    import openpyxl

    rows = [(d.csm, d.account, d.arr, d.due, d.booked, d.booked_arr) for d in DEALS]
    path = workbook(tmp_path / "export.xlsx", CLEAN.header, rows, sheet="Deals")
    book = openpyxl.load_workbook(path)
    book.create_sheet("Notes").append(["ask Ben"])
    book.save(path)
    asked = taken_in(path, None, None).asked
    assert [each.where for each in asked] == ["the map: file.sheet"]
    assert "Notes" in asked[0].fix


EARLY = tuple(each for each in DEALS if each.due.day <= 12 and (each.booked is None or each.booked.day <= 12))
ASKED = {
    "days and months that could be exchanged": (
        content(CLEAN.but(date=lambda day: f"{day:%d/%m/%Y}"), EARLY),
        {'dates."due_date"', 'dates."booked_date"'},
    ),
    "years of two digits": (
        content(CLEAN.but(date=lambda day: f"{day:%y-%m-%d}"), EARLY),
        {'dates."due_date"', 'dates."booked_date"'},
    ),
    "thousands or decimals": (
        content(CLEAN.but(number=lambda amount: f"{amount / 1000:.3f}"), EARLY),
        {"amounts.decimal"},
    ),
    "the same row again": (content(CLEAN, (*DEALS, DEALS[0])), {"contracts.repeated"}),
    "an amount of another hand": (
        content(CLEAN) + 'Ben Cole,Fox,"€1.234,00",2026-01-01,,\n'.encode(),
        {"amounts.decimal"},
    ),
    "a person in two spellings": (content(CLEAN) + b"BEN COLE,Fox,100.00,2026-01-01,,\n", {"names.merge"}),
    "dates that a spreadsheet may have exchanged": (
        content(CLEAN.but(date=lambda day: f"{day}" if day.day <= 12 else f"{day:%d/%m/%Y}")),
        {'dates."due_date"', 'dates."booked_date"'},
    ),
    "close dates of deals that may be lost": (
        content(CLEAN.but(header=("csm", "account", "arr", "due_date", "Close Date", "booked_arr"))),
        {"columns.booked_date"},
    ),
    "two currencies": (
        content(CLEAN.but(number=lambda amount: f"€{amount:.2f}")) + "Ben Cole,Fox,£100.00,2026-01-01,,\n".encode(),
        {"currency.rates.EUR", "currency.rates.GBP"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("written", "keys"), ASKED.values(), ids=ASKED.keys())
def test_what_reads_two_ways_is_asked_and_nothing_is_written(tmp_path, written, keys):
    path, out = tmp_path / "export.csv", tmp_path / "history"
    path.write_bytes(written)
    taken = taken_in(path, None, out)
    assert taken.history is None
    assert {each.where.split(": ", 1)[1] for each in taken.asked} == keys
    assert not out.exists()
    assert (tmp_path / "history.map.toml").exists()


HEAD = b"csm,account,arr,due_date,booked_date,booked_arr\n"
REFUSED = {
    "no date": (b"ana,A,5,soon,,\nana,B,5,2026-02-30,,\n", ["soon", "2026-02-30"]),
    "no amount": (b"ana,A,lots,2026-01-01,,\nana,B,5,2026-01-01,,\n", ["lots"]),
    "nobody": (b"Unassigned,A,5,2026-01-01,,\n", ["Unassigned"]),
    "a blank name": (b",A,5,2026-01-01,,\nana,B,5,2026-01-01,,\n", ["a blank cell"]),
    "a date without an amount": (b"ana,A,5,2026-01-01,2026-01-01,\n", ["a blank cell"]),
    "an amount without a date": (b"ana,A,5,2026-01-01,,5\n", ["a blank cell"]),
    "a century": (b"ana,A,5,2026-01-01,1926-01-01,5\n", ["ten years"]),
    "below zero": (b"ana,A,(5),2026-01-01,,\n", ["below it"]),
    "a cell too many": (b"ana,A, Inc,5,2026-01-01,,\n", ["7 cells"]),
    "an open quote": (b'ana,"A,5,2026-01-01,,\nana,B,5,2026-01-01,,\n' * 3, ["quote"]),
    "empty": (None, ["an empty file"]),
    "a header alone": (b"", ["no row below it"]),
    "zeros": (b"ana\0,\n", ["NUL"]),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", ["NUL"]),
    "a broken workbook": (b"PK\x03\x04 and then nothing", ["a readable workbook"]),
}  # fmt: skip


@pytest.mark.parametrize(("written", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path, written, words):
    path = tmp_path / "export.csv"
    path.write_bytes(
        b"\n\n" if written is None else HEAD * (not written.startswith((b"\x89", b"PK"))) + written
    )
    with pytest.raises(sim.InputError) as refused:
        sim.intake(path)
    assert all(word in str(refused.value) for word in words), refused.value
    assert "export.csv" in str(refused.value)


def test_answers_in_the_map_settle_what_was_asked(tmp_path):
    path, told = tmp_path / "export.csv", tmp_path / "map.toml"
    path.write_bytes(content(CLEAN.but(date=lambda day: f"{day:%d/%m/%Y}"), EARLY))
    assert taken_in(path, told, None).asked
    told.write_text(told.read_text() + '\n[dates]\ndue_date = "day first"\nbooked_date = "day first"\n')
    assert read_back(sim.intake(path, told)) == meant(EARLY)
    told.write_text(told.read_text().replace("day first", "month first"))
    assert read_back(sim.intake(path, told)) != meant(EARLY)


def test_nothing_is_dropped(tmp_path):
    """Every row below the header is used, listed with its reason, or counted as blank."""
    path, out = tmp_path / "export.csv", tmp_path / "history"
    hand = READ["footers below"].but(above=READ["titles above"].above)
    path.write_bytes(content(hand, DEALS) + b"\n\nTotal,,1,,,\n")
    history = sim.intake(path, None, out)
    rows = path.read_text(encoding="utf-8").count("\n")
    assert history.used + len(history.aside) + history.blank + 1 == rows
    listed = np.loadtxt(out / "intake.csv", delimiter=",", dtype=str, skiprows=1, usecols=0)
    assert listed.astype(int).tolist() == [each.row for each in history.aside]


def test_names_that_may_be_one_are_told_and_kept_apart(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(content(CLEAN) + b"Ben Cole,Acme,5,2026-01-05,,\n")
    history = sim.intake(path)
    assert len(history.tables["deals"]["account"].unique()) == len(DEALS) + 1
    assert any("'Acme Ltd' and 'Acme' may be one account" in note for note in history.notes)


def test_amount_is_never_the_account(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(content(CLEAN).replace(b"account", b"Amount"))
    taken = taken_in(path, None, None)
    assert "account" not in taken.proposal.document["columns"]
    assert "the map: columns.account" in {each.where for each in taken.asked}
