"""Real deals under plans that read more than renewals: by hand, against a simulated world, and what is refused."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.cli import command
from sim.engine.setting import prepare
from sim.errors import InputError
from sim.files.book_events import Expansions, Opening, read_expansions, read_opening, read_readings
from sim.files.deals import Deals, read_deals
from sim.plan.plan import load_plan
from sim.records import NEVER, CohortTerms
from sim.replay.books import horizon
from sim.replay.checks import make_calendar
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import histories, replay
from sim.replay.required import BookEvents
from tests.rig.inputs.activity import plan_from
from tests.rig.inputs.folder import Folder
from tests.rig.inputs.roles import SCENARIO, write_roles
from tests.rig.repository import CONFIGS

LIBRARY = CONFIGS / "plans" / "library"
START = date(2026, 1, 1)
HEADER = "csm,account,arr,due_date,booked_date,booked_arr"
DEALS = """\
ann,kept,100000,2026-02-15,2026-02-10,120000
ann,shrunk,80000,2026-03-15,2026-03-10,60000
ann,lost,50000,2026-05-15,,
ann,late,40000,2026-03-20,2026-04-10,40000
"""
BOOK = (
    "csm,account,arr\nann,kept,100000\nann,shrunk,80000\nann,lost,50000\nann,late,40000\nann,other,230000\n"
)
EXPANSIONS = (
    "csm,account,date,arr\nann,kept,2026-04-20,30000\nann,other,2026-05-01,5000\nann,other,2027-05-01,7000\n"
)

NRR = """\
name = "nrr"
[pay]
target_bonus = 10_000
[[component]]
name = "nrr"
measure = "nrr"
quota = { kind = "target", floor = 0.80, target = 1.00 }
"""
SPIFF = """\
name = "spiff"
[pay]
base_salary = 1_000
[[component]]
name = "expansion"
pay_kind = "commission"
measure = "expansion_bookings"
commission = { rate = 0.10 }
[[component]]
name = "longer"
pay_kind = "commission"
measure = "multi_year_count"
commission = { per_event = 500 }
"""
HEALTH = """\
name = "health"
[pay]
target_bonus = 1_000
[[component]]
name = "nps"
measure = "nps"
quota = { kind = "target", floor = 0, target = 50 }
"""


class ReplayFolder(Folder):
    def settle(self, plan, *, deals=DEALS, header=HEADER, book=None, expansions=None, kpis=None, periods=2):
        """One CSM's settlements by component, and what is paid, by period."""
        book_events = BookEvents(
            book and read_opening(self.write("book.csv", book)),
            expansions and read_expansions(self.write("expansions.csv", expansions)),
            kpis and read_readings(self.write("kpis.csv", kpis)),
        )
        history = read_deals(self.write("deals.csv", f"{header}\n{deals}"))
        return replay(
            HistoryFiles(history, book_events), [load_plan(self.write("plan.toml", plan))], START, periods
        ).settled

    def refused(self, plan, **files):
        with pytest.raises(InputError) as error:
            self.settle(plan, **files)
        return [str(problem).replace(f"{self.path}/", "") for problem in error.value.problems]


@pytest.fixture
def folder(tmp_path):
    return ReplayFolder(tmp_path)


def test_nrr_by_hand(folder):
    """Q1 opens with 500: + 20 uplift - 20 contraction = 500, the late 40 being kept. Q2: + 35 expansion - 50 churn = 485.

    NRR 500 / 500, and 485 / 500 = 0.97; attainment (NRR - 0.8) / 0.2. Where a late renewal is lost until it is booked, Q1
    ends with 460, and Q2 has 460 + 35 - 50 of the 460 that it began with: the 40 that come back are not of them.
    """
    (one,) = folder.settle(NRR, book=BOOK, expansions=EXPANSIONS)
    measured = one.settlement.component["nrr"].measured
    assert measured.value[:, 0] == pytest.approx([1.0, 0.97])
    assert measured.attainment[:, 0] == pytest.approx([1.0, 0.85])
    assert one.statement.bonus[:, 0] == pytest.approx([10_000, 8_500])
    (one,) = folder.settle(NRR + 'retention = { late = "lost" }\n', book=BOOK, expansions=EXPANSIONS)
    measured = one.settlement.component["nrr"].measured
    assert measured.value[:, 0] == pytest.approx([460 / 500, 445 / 460])


def test_commissions_on_expansion_and_longer_terms_by_hand(folder):
    """35,000 expand in Q2 at 10 %; two of the four deals are signed for longer, one in each quarter, 500 each."""
    flags = zip(DEALS.splitlines(), ("1", "0", "", "1"), strict=True)
    deals = "\n".join(f"{row},{flag}" for row, flag in flags)
    (one,) = folder.settle(
        SPIFF, deals=deals, header=f"{HEADER},multi_year", book=BOOK, expansions=EXPANSIONS
    )
    assert one.settlement.component["expansion"].pay[:, 0] == pytest.approx([0.0, 3_500.0])
    assert one.settlement.component["longer"].pay[:, 0] == pytest.approx([500.0, 500.0])
    assert one.statement.bonus[:, 0] == pytest.approx([500.0, 4_000.0])


def test_losses_by_notice(folder):
    """FlowFuse: what is lost counts when the customer says so; the customer due in May says it in February."""
    notices = zip(DEALS.splitlines(), ("", "2026-04-02", "2026-02-20", ""), strict=True)
    deals = "\n".join(f"{row},{notice}" for row, notice in notices)
    plan = (LIBRARY / "flowfuse.toml").read_text()
    (one,) = folder.settle(
        plan, deals=deals, header=f"{HEADER},notice_date", book=BOOK, expansions=EXPANSIONS
    )
    values = one.settlement.component["nrr"].measured.value[:, 0]
    # Q2 begins with 470: 120 kept, 80 that will shrink, 40 late and held all along, 230 other; the lost 50 are out
    assert values == pytest.approx([1 + (20 - 50) / 500, 1 + (35 - 20) / 470])


def test_the_last_reading_of_a_quarter_counts(folder):
    rows = ("2026-03-31,nps,20", "2026-01-05,nps,-90", "2026-06-01,nps,50", "2026-05-01,health,1")
    kpis = "\n".join(["csm,date,kpi,value", *(f"ann,{row}" for row in rows)])
    (one,) = folder.settle(HEALTH, kpis=kpis)
    assert one.statement.bonus[:, 0] == pytest.approx([400.0, 1_000.0])
    (same,) = folder.settle(HEALTH, kpis="csm,period,kpi,value\nann,1,nps,50\nann,0,nps,20\n")
    assert (same.statement.bonus == one.statement.bonus).all()


def test_company_measures_read_all_books(folder):
    """Both CSMs are paid on 1,000 that grow by 20 - 20 + 10 in the first quarter; the late 40 are kept."""
    plan = NRR.replace('measure = "nrr"', 'measure = "team_attainment"\nteam_measure = "nrr"')
    deals = f"{DEALS}bob,solo,500000,2026-02-01,2026-02-01,510000\n"
    ann, bob = folder.settle(plan, deals=deals, book=f"{BOOK}bob,solo,500000\n", expansions=EXPANSIONS)
    assert ann.settlement.component["nrr"].measured.value[0, 0] == pytest.approx(1 + 10 / 1_000)
    assert (ann.statement.bonus == bob.statement.bonus).all()


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """One world of the small study, written down as a history of deals."""
    closed = SCENARIO.replace("new_accounts", "# new_accounts")
    study = sim.load(write_roles(tmp_path_factory.mktemp("simulated") / "study", scenario=closed))
    return prepare(study).world


def followed(periods):
    """Several ways to follow accounts: by quarter and by half-year to date."""
    return [
        CohortTerms(first, snapshot, late_lost, window, renewal, contraction)
        for first in (tuple(range(periods)), tuple(t - t % 2 for t in range(periods)))
        for snapshot, late_lost, window, renewal, contraction in (
            (False, False, 180, "due", "due"),
            (False, True, 90, "due", "due"),
            (True, True, 180, "booking", "booking"),
        )
    ]


def account_written_down(name, account, arr, grown, rows, renewals, calendar):
    """Deals, the entry of the book on the first day, and growth of one simulated account in one world.

    The book has whoever is waited for at his old ARR; growth is written on the last day of its quarter, as it follows the
    renewals there.
    """
    first_day = int(calendar.bounds[calendar.lead])
    deals, began = [], 0
    for row in rows:
        due, booked = int(renewals.due_day[row, 0]), int(renewals.booked_day[row, 0])
        signed = None if booked == NEVER else calendar.date(booked)
        amounts = (float(renewals.arr[row, 0]), float(renewals.booked_arr[row, 0]))
        deals.append((name, account, calendar.date(due), signed, *amounts))
        if due < first_day:
            arr = amounts[1] if booked < first_day else (0.0 if signed is None else amounts[0])
            last = max(due, booked) if booked < first_day else first_day
            began = int(np.searchsorted(calendar.bounds, last, "right")) - 1
    arr += float(grown[began : calendar.lead].sum()) if arr > 0.0 else 0.0
    ends = calendar.bounds[calendar.lead + 1 :] - 1
    added = grown[calendar.lead : calendar.lead + calendar.periods]
    growth = [
        (name, account, calendar.date(int(end)), float(each))
        for end, each in zip(ends, added, strict=False)
        if each > 0.0
    ]
    return deals, [(name, account, arr)] if arr > 0.0 else [], growth


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_simulated_world_written_down_has_the_same_activity(simulated, number):
    """The Activity of a history equals the one that the world itself reports, and so do the accounts that are followed."""
    calendar = simulated.calendar
    every = followed(calendar.periods)
    deals, openings, growth, expected = [], [], [], {}
    for csm in (0, 1, 5):
        renewals, _, activity = simulated.simulate_all(csm, number, 1, cohorts=tuple(every))
        grown = simulated.path(csm, number, 1, with_grown=True).grown[:, :, 0]
        name, held = simulated.book.csms[csm], simulated.facts(csm, number, 1).arr[:, 0]
        expected[name] = activity
        for place, arr in enumerate(held.tolist()):
            account = int(renewals.account[0]) + place
            rows = np.flatnonzero((renewals.account == account) & (renewals.due_day[:, 0] != NEVER))
            found = account_written_down(name, f"a{account}", arr, grown[place], rows, renewals, calendar)
            for whole, part in zip((deals, openings, growth), found, strict=True):
                whole += part
    history = _deals(deals)
    book_events = BookEvents(_opening(openings), _expansions(growth))
    plans = [load_plan(LIBRARY / "posthog-2026-q3.toml")]
    own = horizon(history, make_calendar(calendar.start, calendar.periods))
    plans += [_following(each) for each in every]
    for name, found in histories(history, own, plans, book_events).items():
        wanted = expected[name]
        np.testing.assert_allclose(found.opening, wanted.opening, rtol=1e-9)
        for event, dates in wanted.flow.items():
            for when in ("due", "booking"):
                np.testing.assert_allclose(
                    found.flow[event][when], dates[when], rtol=1e-9, atol=1e-6, err_msg=f"{event} by {when}"
                )
        for event, count in wanted.number.items():
            if event not in ("multi_year", "expansion"):  # the file has one entry where an account grew twice
                np.testing.assert_array_equal(found.number[event], count, err_msg=event)
        for each in every:
            np.testing.assert_allclose(
                np.array(found.cohort[each]),
                np.array(wanted.cohort[each]),
                rtol=1e-9,
                atol=1e-2,
                err_msg=str(each),
            )


def _following(terms):
    """A plan that follows accounts on these terms."""
    window = "period" if terms.first[1] == 1 else "half_year_to_date"
    text = f"""
    name = "p"
    pay = {{ target_bonus = 1.0 }}
    [[component]]
    measure = "grr"
    measurement = "{window}"
    quota = {{ kind = "target", target = 1.0 }}
    dates = {{ renewal = "{terms.renewal}", contraction = "{terms.contraction}" }}
    [component.retention]
    basis = "{"snapshot" if terms.snapshot else "events"}"
    late = "{"lost" if terms.late_lost else "kept"}"
    late_window_days = {terms.late_window_days}
    """
    return plan_from(text)


def _deals(rows):
    csm, account, due, booked, arr, booked_arr = zip(*rows, strict=True)
    days = {"booking": np.array(booked, dtype="datetime64[D]")}
    dates = np.array(due, dtype="datetime64[D]")
    return Deals(Path("deals.csv"), csm, account, np.array(arr), dates, np.array(booked_arr), days)


def _opening(rows):
    csm, account, arr = zip(*rows, strict=True)
    return Opening(Path("book.csv"), csm, account, np.array(arr))


def _expansions(rows):
    csm, account, day, arr = zip(*rows, strict=True)
    return Expansions(
        Path("expansions.csv"), csm, account, np.array(day, dtype="datetime64[D]"), np.array(arr)
    )


def test_what_a_plan_needs_is_said_at_once(folder):
    assert folder.refused(NRR) == [
        (
            "--book must be given, received nothing. "
            "Plan 'nrr' reads nrr: give the ARR of every account on the first day: csm, account, arr."
        ),
        (
            "--expansions must be given, received nothing. "
            "Plan 'nrr' reads nrr: give growth between renewals: csm, account, date, arr."
        ),
    ]
    assert folder.refused(HEALTH) == [
        (
            "--kpis must be given, received nothing. "
            "Plan 'health' reads nps: give readings of the books: csm, date (or period, from 0), kpi, value."
        )
    ]
    assert folder.refused(SPIFF, book=BOOK, expansions=EXPANSIONS) == [
        (
            "deals.csv, row 1, column multi_year must be present, received nothing. "
            "Plan 'spiff' pays on longer terms; add the column (1 where one was signed, else 0)."
        )
    ]
    by_notice = NRR + '[component.dates]\nchurn = "notice"\n'
    assert folder.refused(by_notice, book=BOOK, expansions=EXPANSIONS) == [
        (
            "deals.csv, row 1, column notice_date must be present, received nothing. "
            "Plan 'nrr' counts losses by notice; add the column or replay another plan."
        )
    ]


def test_a_missing_reading_names_csm_and_quarter(folder):
    assert folder.refused(HEALTH, kpis="csm,period,kpi,value\nann,1,nps,50\n") == [
        "kpis.csv must be a reading of 'nps' for every CSM and period, received none of 'ann' in Q1."
    ]
    assert folder.refused(HEALTH, kpis="csm,period,kpi,value\nann,0,npz,50\n") == [
        (
            "kpis.csv must be a reading of 'nps' for every CSM and period, received none of 'ann' in Q1, Q2. "
            "Did you mean 'npz'?"
        )
    ]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (
            {"book": f"{BOOK}bob,x,1\n"},
            "book.csv, row 7, column csm must be a CSM of deals.csv, received 'bob'. deals.csv has no deal of theirs.",
        ),
        (
            {"book": f"{BOOK}ann,kept,1\n"},
            (
                "book.csv, row 7, columns csm and account must be different from every other row, "
                "received 'ann', 'kept'. It repeats row 2. If both are contracts, give each its id in a column contract."
            ),
        ),
        (
            {"expansions": EXPANSIONS.replace("30000", "-30000")},
            (
                "expansions.csv, row 2, column arr must be above 0, received -30,000.00. What takes ARR away has its kind "
                "beside it, as in events.csv: add a column kind with contraction, cancellation or credit."
            ),
        ),
        (
            {"kpis": "csm,kpi,value\nann,nps,1\n"},
            "kpis.csv, row 1 must be one of the columns date and period, received neither.",
        ),
    ],
)
def test_a_bad_file_is_one_sentence(folder, files, sentence):
    assert folder.refused(NRR, **{"book": BOOK, "expansions": EXPANSIONS} | files) == [sentence]


def test_the_command_prints_components(folder, capsys):
    paths = {
        "deals": folder.write("deals.csv", f"{HEADER}\n{DEALS}"),
        "plan": folder.write("plan.toml", NRR),
        "book": folder.write("book.csv", BOOK),
        "expansions": folder.write("expansions.csv", EXPANSIONS),
    }
    arguments = ["replay", str(paths["deals"]), "--start", "2026-01-01", "--periods", "2"]
    for name in ("plan", "book", "expansions"):
        arguments += [f"--{name}", str(paths[name])]
    assert command(arguments) == 0
    assert "Attainment (%)" in capsys.readouterr().out
    assert command([*arguments, "--json"]) == 0
    first, _ = json.loads(capsys.readouterr().out)["statements"]
    assert first["paid"] == pytest.approx(10_000)
    assert first["components"] == [
        {
            "name": "nrr",
            "value": pytest.approx(1.0),
            "target": 1.0,
            "attainment": pytest.approx(1.0),
            "pay": pytest.approx(10_000),
        }
    ]


def test_the_help_names_the_columns(capsys):
    assert command(["replay", "--help"]) == 0
    words = "".join(letter for letter in capsys.readouterr().out if letter.isalnum() or letter in "_ ")
    for name in ("booked_arr", "notice_date", "multi_year", "expansions", "kpis", "book"):
        assert name in words
