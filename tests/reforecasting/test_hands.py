"""A forecast in mid-year of accounts that change hands and of renewals that are shared: the replay at the end."""

import csv
import io
from datetime import date

import numpy as np
import pytest

import sim
from sim.errors import InputError
from sim.files.all_at_once import AllAtOnce
from sim.records import NEVER
from sim.reforecasting.known import known_on
from sim.replay.history_files import FOLDER_FILES, read_history
from sim.world.continued import Continued
from sim.world.world import World
from tests.rig.inputs.mid_year import END, RENEWALS, SCENARIO, SHARE, START, write_lived, write_mid_year

DEALS = """\
[[component]]
name = "deals"
pay_kind = "commission"
measure = "deal_bookings"
[[component.deals]]
types = ["renewal", "uplift", "expansion"]
rate = 0.03
"""
GROWTH = '[[component]]\nmeasure = "expansion_bookings"\nquota = { kind = "fixed", amount = 20_000 }\n'
PLANS = {
    "renewals": RENEWALS,
    "moves": f"{RENEWALS}[component.quota_moves]\nearly_out_of_due = 1.0\nfloor = 0.5\n",
    "deals": DEALS,
    "growth": GROWTH,
}
DAY, MIDDLE = date(2026, 7, 1), date(2026, 8, 14)
GONE = (*(f"account-0-{number}" for number in range(6)), "account-2-2", "account-2-3", "account-2-4")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Nobody has any skill, so that what becomes of an account does not depend on who holds it."""
    scenario = SCENARIO.replace("[[segment]]", "[dependence]\nskill = 0.0\n[[segment]]")
    return write_mid_year(tmp_path_factory.mktemp("study"), PLANS, scenario=scenario)


def moved_history(folder, day=DAY, names=GONE):
    """Some accounts go to csm-1: what is booked or grown from a day on is theirs."""
    cut = day.isoformat()
    for name, column in (("deals.csv", "booked_date"), ("events.csv", "date")):
        rows = list(csv.DictReader(io.StringIO((folder / name).read_text())))
        for row in rows:
            when = row[column] or max(row.get("due_date", ""), cut)
            if row["account"] in names and when >= cut:
                row["csm"] = "csm-1"
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        (folder / name).write_text(out.getvalue())
    moves = "".join(f"{name},csm-{name.split('-')[1]},csm-1,{cut}\n" for name in names)
    (folder / "transfers.csv").write_text(f"account,from_csm,to_csm,date\n{moves}")
    return folder


def shared_history(folder):
    """Every booking of an account of csm-0 is half csm-2's."""
    rows = list(csv.DictReader(io.StringIO((folder / "deals.csv").read_text())))
    halves = []
    for row in rows:
        if row["account"] in ("account-0-2", "account-0-3"):
            halves += [row | {"share": "0.5"}, row | {"share": "0.5", "csm": "csm-2"}]
        else:
            halves.append(row | {"share": ""})
    out = io.StringIO()
    writer = csv.DictWriter(out, halves[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(halves)
    (folder / "deals.csv").write_text(out.getvalue())
    return folder


def read_history_of(folder):
    reading = AllAtOnce()
    history = read_history(folder, dict.fromkeys(FOLDER_FILES), reading)
    reading.check()
    return history()


def cost(found):
    return {name: plan["cost"] for name, plan in found.document["plans"].items()}


@pytest.mark.parametrize("change", [moved_history, shared_history])
def test_at_the_end_it_is_the_replay(study, change, tmp_path):
    known = change(write_lived(study, tmp_path / "known", before=END))
    statements = sim.replay(known, list(study.plans), start=START, periods=4).document["statements"]
    found = cost(sim.reforecast(study, known, as_of=END))
    for name in PLANS:
        pay = sum(each["bonus"] for each in statements if each["plan"] == name)
        assert found[name]["p5"] == found[name]["p95"]
        assert found[name]["p50"] == pytest.approx((pay + 3 * 60_000.0) * 1.1, abs=0.01), name


@pytest.mark.parametrize("change", [moved_history, shared_history])
def test_before_anything_is_known_it_is_the_run(study, change, tmp_path):
    lived = change(write_lived(study, tmp_path / "lived"))
    ran = sim.run(study).document["plans"]
    now = cost(sim.reforecast(study, lived, as_of=START))
    assert {name: now[name]["p50"] for name in PLANS} == {name: ran[name]["cost"]["p50"] for name in PLANS}


@pytest.mark.parametrize("change", [moved_history, shared_history])
def test_a_company_pays_by_deal_whoever_holds_the_account(study, change, tmp_path):
    """A commission on all deals alike: what is known is the same money in other hands, and what is drawn the same too."""
    plain = write_lived(study, tmp_path / "plain")
    moved = change(write_lived(study, tmp_path / "moved"))
    one, other = (cost(sim.reforecast(study, folder, as_of=MIDDLE))["deals"] for folder in (plain, moved))
    for key in ("p5", "p50", "p95", "mean"):
        assert other[key] == pytest.approx(one[key], rel=1e-6)


def test_what_is_open_is_drawn_for_whom_the_account_went_to(study, tmp_path):
    """The renewals of each book in the worlds that follow: those known stay where they were booked, the open ones move."""
    books = []
    for change in (
        write_lived(study, tmp_path / "plain"),
        moved_history(write_lived(study, tmp_path / "moved")),
    ):
        base = World(study.scenario, study.seed)
        told = known_on(read_history_of(change), base.book, study.scenario, study.plans, MIDDLE)
        world = Continued(study.scenario, study.seed, told.known)
        books.append([world.simulate(csm, 0, 8)[0] for csm in range(3)])
        hidden = told.known.bookings.elsewhere
    assert hidden is not None
    assert 0 < hidden.sum() < len(hidden)
    (gone, _, _), (left, gained, _) = books
    booked = [np.where(each.booked_day < NEVER, each.booked_arr, 0.0).sum() for each in (gone, left)]
    open_before = (gone.booked_day >= study.scenario.calendar.day(MIDDLE)).sum()
    open_after = (left.booked_day >= study.scenario.calendar.day(MIDDLE)).sum()
    assert booked[0] > booked[1] > 0.0
    assert 0 < open_after < open_before
    assert len(gained.account) > len(books[0][1].account)
    total = [
        sum(np.where(each.booked_day < NEVER, each.booked_arr, 0.0).sum() for each in company)
        for company in books
    ]
    assert total[0] == pytest.approx(total[1], rel=1e-9)


def test_plans_on_whole_books_are_a_sentence(tmp_path):
    kept = f'[[component]]\nmeasure = "grr"\n{SHARE}'
    (tmp_path / "study").mkdir()
    study = write_mid_year(tmp_path / "study", {"renewals": RENEWALS, "kept": kept})
    moved = moved_history(write_lived(study, tmp_path / "moved"))
    with pytest.raises(InputError) as caught:
        sim.reforecast(study, moved, as_of=MIDDLE)
    assert str(caught.value.problems[0]).startswith(
        "the study's plans must be on bookings and growth, beside transfers and shares, received kept."
    )
    known = moved_history(write_lived(study, tmp_path / "known", before=END))
    statements = sim.replay(known, list(study.plans), start=START, periods=4).document["statements"]
    pay = sum(each["bonus"] for each in statements if each["plan"] == "kept")
    found = cost(sim.reforecast(study, known, as_of=END))["kept"]
    assert found["p50"] == pytest.approx((pay + 3 * 60_000.0) * 1.1, abs=0.01)
