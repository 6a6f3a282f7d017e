"""Exceptions granted by hand, told with what each is worth; and attainment as if every renewal were on its due date."""

import json
from datetime import date

import pytest

from sim.cli import command
from sim.errors import InputError
from sim.files.deals import read_deals
from sim.plan.plan import load_plan
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from tests.rig.inputs.folder import Folder

PLAIN = "csm,account,arr,due_date,booked_date,booked_arr"
HEADER = f"{PLAIN},exception,exception_by,exception_date"
PLAN = """\
name = "late"
[pay]
target_bonus = 10_000
[[component]]
quota = { kind = "retention", rate = 1.0 }
crediting = { late_multiplier = 0.6, early_multiplier = 1.2, late_window_days = 90 }
"""
TEAM = """\
name = "team"
[pay]
target_bonus = 10_000
[[component]]
name = "growth"
measure = "uplift_bookings"
quota = { kind = "fixed", amount = 10_000 }
[[component]]
name = "renewals"
weight = 0.5
quota = { kind = "retention", rate = 1.0 }
""".replace('name = "growth"\n', 'name = "growth"\nweight = 0.5\n')


class ReplayFolder(Folder):
    def replay(self, *rows, plans=(PLAN,), header=HEADER):
        history = read_deals(self.write("deals.csv", "\n".join([header, *rows])))
        loaded = [load_plan(self.write(f"plan{place}.toml", text)) for place, text in enumerate(plans)]
        return replay(HistoryFiles(history), loaded, date(2026, 1, 1), 2)


@pytest.fixture
def folder(tmp_path):
    return ReplayFolder(tmp_path)


KEPT = "ida,Lark,100000,2026-02-20,2026-02-20,100000,,,"
LATE = "ida,Kestrel,100000,2026-03-20,2026-04-10,100000"
ON_TIME = f"{LATE},our signature was late,J. Doe,2026-03-20"
OTHER = "jon,Merlin,100000,2026-02-20,2026-05-30,100000,came back after the window,K. Roe,2026-05-01"


def paid(result, csm="ida"):
    return next(each.statement.bonus[:, 0].tolist() for each in result.settled if each.csm == csm)


def test_an_exception_counts_as_booked_on_the_date_it_says(folder):
    """Late: 100 of 200 in Q1 (5,000) and 60 of nothing asked in Q2 (10,000). On time: 200 of 200, and 10,000."""
    assert paid(folder.replay(KEPT, f"{LATE},,,")) == [5_000, 10_000]
    granted = folder.replay(KEPT, ON_TIME)
    assert paid(granted) == [10_000, 10_000]
    by_hand = LATE.replace("2026-04-10", "2026-03-20")
    assert paid(folder.replay(KEPT.rstrip(","), by_hand, header=PLAIN)) == [10_000, 10_000]
    (one,) = granted.exceptions
    assert (one.csm, one.account, one.row, one.booked) == ("ida", "Kestrel", 3, "2026-04-10")
    assert one.effect == {"late": pytest.approx(5_000)}


def test_each_exception_is_worth_what_it_adds_with_the_others_granted(folder):
    """Merlin's customer came back 99 days late, of 90 that count: a renewal by exception, at 0.6, booked in Q2; nothing is
    asked then, so it adds nothing there. With a quota fixed at 100 a quarter the same 60 are worth 6,000."""
    fixed = PLAN.replace('"late"', '"fixed"').replace('"retention", rate = 1.0', '"fixed", amount = 100_000')
    result = folder.replay(KEPT, ON_TIME, OTHER, plans=(PLAN, fixed))
    kestrel, merlin = result.exceptions
    assert kestrel.effect == {"late": pytest.approx(5_000), "fixed": pytest.approx(20_000 - 10_000 - 6_000)}
    assert merlin.effect == {"late": pytest.approx(0.0), "fixed": pytest.approx(6_000)}
    assert merlin.sentence == (
        "jon · Merlin (row 4), booked 2026-05-30, counts as booked 2026-05-01: 'came back after the window', "
        "granted by 'K. Roe'. Pay with it less pay without: late +0.00 usd, fixed +6,000.00 usd."
    )


def test_an_exception_takes_nothing_from_anybody_else(folder):
    alone = folder.replay("jon,Merlin,100000,2026-02-20,2026-02-20,100000,,,")
    beside = folder.replay("jon,Merlin,100000,2026-02-20,2026-02-20,100000,,,", KEPT, ON_TIME)
    assert paid(alone, "jon") == paid(beside, "jon")


def test_half_an_exception_is_refused_by_cell(folder):
    with pytest.raises(InputError) as caught:
        folder.replay(
            f"{LATE},said so,,2026-03-20",
            "ida,Lark,100000,2026-02-20,,,let it count,J. Doe,2026-02-20",
            "ida,Osprey,1,2026-02-20,2026-02-20,1,typed,J. Doe,1926-02-20",
        )
    sentences = [str(problem).replace(f"{folder.path}/", "") for problem in caught.value.problems]
    assert sentences == [
        (
            "deals.csv, row 2, column exception_by must be who granted it, received a blank cell. "
            "An exception has a reason, who granted it, and the booking date that counts instead."
        ),
        (
            "deals.csv, row 3, column exception must be blank, received an exception. "
            "The deal was not renewed: there is nothing to count."
        ),
        (
            "deals.csv, row 4, column exception_date must be within ten years of due_date, received '1926-02-20'. "
            "The due_date is 2026-02-20."
        ),
    ]


EARLY = "ida,Osprey,50000,2026-05-20,2026-03-10,50000"
LAST = "ida,Merlin,150000,2026-06-20,,"
GONE = "ida,Heron,40000,2026-01-15,2026-05-05,40000"


def test_timing_neutral_attainment_by_hand(folder):
    """Q1 asks 100 + 100 + 40, Q2 50 + 150. Booked: 100 + 1.2 x 50, then 0.6 x 100: Heron came 110 days late, of 90.

    On their due dates: 200 of 240, then 50 of 200, whatever the multipliers; Heron stays a new logo.
    """
    rows = [row.rstrip(",") for row in (KEPT, LATE, EARLY, GONE)]
    (one,) = folder.replay(*rows, LAST, header=PLAIN).settled
    assert one.statement.attainment[:, 0] == pytest.approx([160 / 240, 60 / 200])
    assert one.neutral.statement.attainment[:, 0] == pytest.approx([200 / 240, 50 / 200])
    assert one.total_attainment == pytest.approx(220 / 440)
    assert one.neutral_attainment == pytest.approx(250 / 440)


def test_a_book_on_time_is_neutral_and_other_measures_have_none(folder):
    (one,) = folder.replay(KEPT.rstrip(","), header=PLAIN).settled
    assert (one.neutral.statement.attainment == one.statement.attainment).all()
    nps = TEAM.partition('[[component]]\nname = "renewals"')[0].replace("weight = 0.5\n", "")
    (other,) = folder.replay(KEPT.rstrip(","), header=PLAIN, plans=(nps,)).settled
    assert other.neutral is None
    assert other.neutral_attainment is None
    rate = PLAN.partition("quota")[0].replace("target_bonus", "base_salary")
    rate += 'pay_kind = "commission"\ncommission = { rate = 0.02 }\n'
    (unasked,) = folder.replay(KEPT.rstrip(","), header=PLAIN, plans=(rate,)).settled
    assert (unasked.neutral, unasked.total_attainment) == (None, None)


def test_exceptions_and_neutral_attainment_are_in_every_output(folder, capsys):
    deals = folder.write("deals.csv", "\n".join([HEADER, KEPT, ON_TIME]))
    plans = [str(folder.write(f"{place}.toml", text)) for place, text in enumerate((PLAN, TEAM))]
    arguments = ["replay", str(deals), "--start", "2026-01-01", "--periods", "2", "--plan", *plans]
    assert command(arguments) == 0
    told = capsys.readouterr().out
    assert told.count("Timing-Neutral (%)") == 2
    assert "Exception: ida · Kestrel (row 3), booked 2026-04-10" in " ".join(told.split())
    assert command([*arguments, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [entry["attainment_timing_neutral"] for entry in document["statements"]] == [1.0] * 4
    assert document["totals"][0] == {
        "plan": "late",
        "csm": "ida",
        "paid": 20_000.0,
        "attainment": 1.0,
        "attainment_timing_neutral": 1.0,
    }
    (exception,) = document["exceptions"]
    assert exception["effect"] == {"late": 5_000.0, "team": 2_500.0}
    assert (exception["exception_by"], exception["exception_date"]) == ("J. Doe", "2026-03-20")
