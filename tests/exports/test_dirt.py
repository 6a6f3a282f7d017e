"""Two hundred ways to spoil a history, drawn once and for all: each is read right or asked about, and never read wrong."""

import datetime as dt
import random
import tomllib

import pytest
import tomlkit

import sim
from sim.exports.intake import taken_in
from sim.files.all_at_once import AllAtOnce
from sim.plan.plan import load_plan
from sim.replay.history_files import FOLDER_FILES, read_history
from sim.replay.replay import replay
from tests.exports.test_variants import meant, read_back
from tests.rig.exports import Deal, Hand, content
from tests.rig.repository import ROOT

PATTERNS = 200
ROWS = 12
SEED = 20261128


def grouped(thousands, decimal):
    table = str.maketrans({",": thousands, ".": decimal})
    return lambda amount: f"{amount:,.2f}".translate(table)


DATES = {
    "year first": "{0:%Y-%m-%d}", "slashes": "{0:%Y/%m/%d}", "stamp": "{0:%Y-%m-%d} 09:30:00",
    "zulu": "{0:%Y-%m-%d}T00:00:00.000Z",
    "day first": "{0:%d/%m/%Y}", "points": "{0:%d.%m.%Y}", "month first": "{0:%m/%d/%Y}",
    "short": "{0.month}/{0.day}/{0:%y}",
    "name": "{0:%d %b %Y}", "long name": "{0:%A, %B %d, %Y}", "compact": "{0:%Y%m%d}",
}  # fmt: skip
ORDER = {
    "day first": "day first",
    "points": "day first",
    "month first": "month first",
    "short": "month first",
}
NUMBERS = {
    "plain": "{:.2f}".format, "us": grouped(",", "."), "dollars": lambda amount: f"${amount:,.2f}",
    "code": lambda amount: f"{amount:.2f} USD", "european": grouped(".", ","), "swiss": grouped("’", "."),
    "french": grouped("\u00a0", ","), "decimal comma": lambda amount: f"{amount:.2f}".replace(".", ","),
    "whole us": lambda amount: f"{amount:,.0f}", "whole german": lambda amount: f"{amount:,.0f}".replace(",", "."),
    "thousand": lambda amount: f"{amount / 1000:g}K",
}  # fmt: skip
COMMA = {"european", "french", "decimal comma", "whole german"}
WHOLE = {"whole us", "whole german", "thousand"}
HEADERS = (
    ("csm", "account", "arr", "due_date", "booked_date", "booked_arr"),
    ("CSM", "Account Name", "Prior ARR", "Renewal Date", "Closed Won Date", "New ARR"),
    (" Customer  Success Manager", "ACCOUNT", "ARR due", "Contract End Date", "Booking Date", "Booked ARR *"),
    ("Renewal Owner", "Customer Name", "Renewable ARR", "Contract_End", "Booked date", "Renewed ARR"),
)
TEXTS = (
    str,
    lambda name: f" {name} ",
    lambda name: name.replace(" ", "  "),
    lambda name: name.replace(" ", "\u00a0"),
)
PEOPLE = ("Zoë Ng", "Ana Núñez", "Øyvind Å", "Max Mustermann")
ABOVE = ((), (("Renewals",),), (("Report", ""), (), ("Created: today",)))
BELOW = (
    (), (("Total", "", "9.99", "", "", ""),), (("Grand Total (12 records)",),),
    ((), ("Confidential Information - Do Not Distribute",), ("Copyright (c) 2026",)), ((" ", ""), ()),
)  # fmt: skip


def spoiled(number):
    """One way to write one history: the deals, the hand, and what its owner would answer if asked."""
    draw = random.Random(f"{SEED}-{number}")
    date, amount = draw.choice(list(DATES)), draw.choice(list(NUMBERS))
    ambiguous = draw.random() < 0.25
    deals = [drawn(draw, place, ambiguous, amount in WHOLE) for place in range(ROWS)]
    encoding = draw.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"))
    hand = Hand(
        header=draw.choice(HEADERS),
        separator=draw.choice((",", ";", "\t", "|")),
        encoding=encoding,
        newline=draw.choice(("\n", "\r\n", "\r")),
        date=DATES[date].format,
        number=NUMBERS[amount],
        text=draw.choice(TEXTS),
        blank=draw.choice(("", "N/A", "null", "-", "#N/A", "(blank)")),
        order=tuple(draw.sample(range(6), 6)),
        above=draw.choice(ABOVE),
        below=draw.choice(BELOW),
        extra=draw.choice(
            (
                {},
                {"": ""},
                {"Notes": "call, then write", "Probability (%)": "90"},
                {"Created Date": "2025-01-31"},
            )
        ),
    )
    return deals, hand, {"order": ORDER.get(date), "decimal": "," if amount in COMMA else "."}


def drawn(draw, place, ambiguous, whole):
    def day(first):
        found = first + dt.timedelta(draw.randrange(300))
        return found.replace(day=1 + found.day % 12) if ambiguous else found

    won = draw.random() < 0.8
    amount = [
        float(draw.randrange(5, 900)) * 1000 if whole else draw.randrange(10**6, 10**8) / 100
        for _ in range(2)
    ]
    return Deal(
        draw.choice(PEOPLE),
        f"Company {place} {draw.choice(('GmbH', 'Ltd', 'S.A.'))}",
        amount[0],
        day(dt.date(2026, 1, 1)),
        day(dt.date(2026, 1, 1)) if won else None,
        amount[1] if won else None,
    )


def answered(path, answers):
    """The proposed map with what only its owner knows."""
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    columns = document["columns"]
    if answers["order"]:
        document["dates"] = {columns[role]: answers["order"] for role in ("due_date", "booked_date")}
    document.setdefault("amounts", {})["decimal"] = answers["decimal"]
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


@pytest.mark.parametrize("part", range(4))
def test_what_is_read_is_read_right_and_the_rest_is_asked(tmp_path, part):
    asked = 0
    for number in range(part, PATTERNS, 4):
        deals, hand, answers = spoiled(number)
        export, told = tmp_path / f"{number}.csv", tmp_path / f"{number}.toml"
        export.write_bytes(content(hand, deals))
        taken = taken_in(export, told, None)
        if taken.history is not None:
            assert read_back(taken.history) == meant(deals), number
            continue
        asked += 1
        assert all(str(told) in each.where or str(export) in each.where for each in taken.asked)
        assert all(each.fix for each in taken.asked)
        tomllib.loads(told.read_text(encoding="utf-8"))
        answered(told, answers)
        assert read_back(sim.intake(export, told)) == meant(deals), number
    assert 0 < asked < PATTERNS // 8  # of 50: most are read without a word


PLANS = [
    load_plan(ROOT / "configs" / "plans" / name)
    for name in ("early-relief-provision.toml", "late-bands.toml")
]


def company_total(folder):
    """What everybody is paid under each plan, settled by the replay of a history folder."""
    read = AllAtOnce()
    history = read_history(folder, dict.fromkeys(FOLDER_FILES), read)
    read.check()
    result = replay(history(), PLANS, dt.date(2026, 1, 1), 4)
    return [
        sum(float(each.settlement.paid.sum()) for each in result.settled if each.plan is plan)
        for plan in PLANS
    ]


@pytest.mark.parametrize("number", range(0, PATTERNS, 25))
def test_the_company_total_is_that_of_the_clean_file(tmp_path, number):
    deals, hand, answers = spoiled(number)
    for name, written in (("clean", Hand()), ("spoiled", hand)):
        export, told = tmp_path / f"{name}.csv", tmp_path / f"{name}.toml"
        export.write_bytes(content(written, deals))
        if taken_in(export, told, tmp_path / name).history is None:
            answered(told, answers)
            sim.intake(export, told, tmp_path / name)
    clean, spoilt = company_total(tmp_path / "clean"), company_total(tmp_path / "spoiled")
    assert clean == spoilt
    assert all(total > 0.0 for total in clean)
