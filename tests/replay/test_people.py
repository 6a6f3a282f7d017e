"""Who is new and who leaves in a replay: ramp, draw, guarantee, grace and pay by the day, by hand."""

import json
from datetime import date

import numpy as np
import pytest

from sim.calendar import Calendar
from sim.cli import command
from sim.errors import InputError
from sim.files.deals import read_deals
from sim.files.people import read_people
from sim.plan.plan import load_plan
from sim.replay.history_files import HistoryFiles
from sim.replay.replay import replay
from sim.replay.seats import seat_of
from tests.rig.inputs.folder import Folder

START = date(2026, 1, 1)
DEALS = """\
csm,account,arr,due_date,booked_date,booked_arr
nia,Kestrel,100000,2026-02-20,2026-02-20,30000
nia,Lark,100000,2026-05-20,2026-05-20,80000
nia,Merlin,100000,2026-08-20,2026-08-20,100000
nia,Osprey,100000,2026-11-20,2026-11-20,100000
"""
PLAN = """\
name = "ramped"
[pay]
target_bonus = 9_000
[[component]]
quota = { kind = "retention", rate = 1.0 }
"""
RAMP = PLAN + "[ramp]\nquota = [0.50, 0.80]\n"
DRAW = PLAN + "[draw]\nshare = 1.0\nrecoverable = false\nperiods = 1\n"
GUARANTEE = PLAN + "[guarantee]\nshare = 0.60\nperiods = 2\n"


class ReplayFolder(Folder):
    def people(self, *rows, header="csm,from,until"):
        return read_people(self.write("people.csv", "\n".join([header, *rows])))

    def replay(self, plan, *rows, deals=DEALS):
        history = read_deals(self.write("deals.csv", deals))
        plans = [load_plan(self.write("plan.toml", plan))]
        return replay(HistoryFiles(history, people=self.people(*rows) if rows else None), plans, START, 4)

    def paid(self, plan, *rows):
        return self.replay(plan, *rows).settled[0].statement.bonus[:, 0].tolist()

    def refused(self, act, *arguments):
        with pytest.raises(InputError) as caught:
            act(*arguments)
        return [str(problem).replace(f"{self.path}/", "") for problem in caught.value.problems]


@pytest.fixture
def folder(tmp_path):
    return ReplayFolder(tmp_path)


EARNED = [2_700, 7_200, 9_000, 9_000]
"""9,000 at 30, 80, 100 and 100 %."""


@pytest.mark.parametrize(
    ("plan", "paid"),
    [
        (PLAN, EARNED),
        (RAMP, [9_000 * 0.3 / 0.5, 9_000 * 0.8 / 0.8, 9_000, 9_000]),
        (DRAW, [9_000, 7_200, 9_000, 9_000]),
        (GUARANTEE, [5_400, 7_200, 9_000, 9_000]),
    ],
)
def test_a_newcomer_on_the_first_day(folder, plan, paid):
    assert folder.paid(plan, "nia,2026-01-01,") == pytest.approx(paid)
    for settled_long_ago in ("nia,,", "nia,2021-03-04,"):
        assert folder.paid(plan, settled_long_ago) == pytest.approx(EARNED)


def test_a_newcomer_in_the_middle_of_a_quarter_is_counted_by_the_day(folder):
    """From 15 February: 45 of 90 days. Half of the first quarter's draw, and half of the second one's: a quarter in all."""
    half = 0.5
    assert folder.paid(PLAN, "nia,2026-02-15,") == pytest.approx([half * 2_700, 7_200, 9_000, 9_000])
    drawn = [half * 9_000, max(7_200, half * 9_000), 9_000, 9_000]
    assert folder.paid(DRAW, "nia,2026-02-15,") == pytest.approx(drawn)


def test_a_leaver_is_paid_up_to_the_last_day(folder):
    """The last day is 15 May: 45 of the 91 days of the second quarter, and nothing after it."""
    paid = [2_700, 7_200 * 45 / 91, 0, 0]
    assert folder.paid(PLAN, "nia,,2026-05-15") == pytest.approx(paid)
    assert folder.paid(GUARANTEE, "nia,,2026-05-15") == pytest.approx(paid)


def test_who_comes_back_is_new_again(folder):
    stints = ["nia,,2026-02-14", "nia,2026-07-01,"]
    paid = [2_700 * 45 / 90, 0, 9_000, 9_000]
    assert folder.paid(PLAN, *stints) == pytest.approx(paid)
    assert folder.paid(RAMP, *stints) == pytest.approx([paid[0], 0, 18_000, 9_000 / 0.8])


def test_a_newcomer_without_a_deal_is_paid_the_guarantee(folder):
    result = folder.replay(GUARANTEE, "nia,,", "oli,2026-10-01,", "pam,2027-03-01,")
    assert [each.csm for each in result.settled] == ["nia", "oli"]
    # Nothing was asked of oli, who is at target; the guarantee has nothing to add.
    assert result.settled[1].statement.bonus[:, 0].tolist() == pytest.approx([0, 0, 0, 9_000])
    assert [(note.kind, note.count) for note in result.notes] == [("nobody_there", 1)]


@pytest.mark.parametrize("begins", [date(2025, 3, 7), date(2025, 12, 31), date(2026, 1, 1), date(2026, 8, 9)])
def test_seats_and_tenure_by_counting_days(folder, begins):
    calendar = Calendar(START, 4, lead=0)
    seat, tenure = seat_of("nia", folder.people(f"nia,{begins},2026-10-02"), calendar)
    edges = [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)]
    for period in range(4):
        days = [date.fromordinal(n) for n in range(edges[period].toordinal(), edges[period + 1].toordinal())]
        held = sum(begins <= day <= date(2026, 10, 2) for day in days)
        assert seat[period, 0] == pytest.approx(held / len(days))
    assert (np.diff(tenure[tenure > 0]) == pytest.approx(1.0)) if (tenure > 0).sum() > 1 else True
    if begins == date(2025, 3, 7):  # 25 of the 90 days of that quarter are left, and three quarters follow
        assert tenure[0, 0] == pytest.approx(25 / 90 + 4)


def test_without_people_nobody_is_new_and_that_is_said(folder):
    assert folder.paid(DRAW) == pytest.approx(EARNED)
    (note,) = folder.replay(DRAW).notes
    assert (note.kind, note.count) == ("nobody_new", 1)
    assert note.text == (
        "1 plan with rules for newcomers (ramped: draw): without --people nobody is known to be new, and they do not act."
    )
    assert folder.replay(PLAN).notes == ()
    always = PLAN + "[draw]\nusd = 4_000\nrecoverable = false\n"  # no rule for newcomers: it acts
    assert folder.paid(always)[0] == 4_000
    assert folder.replay(always).notes == ()


def test_bad_people_are_sentences(folder):
    rows = ["nia,2026-03-01,2026-02-01", "oli,2026-01-01,2026-03-31", "oli,2026-03-31,"]
    assert folder.refused(folder.people, *rows) == [
        "people.csv, row 2, column until must be 2026-03-01 (from) or later, received '2026-02-01'.",
        (
            "people.csv, row 4, column from must be after every earlier stint of the same person, received 2026-03-31. "
            "Row 3 has the same person at the same time."
        ),
    ]
    assert folder.refused(folder.replay, PLAN, "oli,,") == [
        (
            "deals.csv, row 2, column csm must be a person of people.csv, received 'nia'. "
            "Add them, with a blank from if they were always there."
        )
    ]
    assert folder.refused(folder.replay, PLAN, "NIA,,")[0].startswith(
        "people.csv, row 2, column csm must be spelled 'nia'"
    )
    with pytest.raises(InputError, match="one of"):
        read_people(folder.write("people.csv", "csm,from,hire_date\nnia,,\n"))


def test_the_command_shows_roles(folder, capsys):
    deals, plan = folder.write("deals.csv", DEALS), folder.write("plan.toml", DRAW)
    people = folder.write("people.csv", "csm,role,from\nnia,Senior CSM,2026-01-01\n")
    arguments = ["replay", str(deals), "--plan", str(plan), "--people", str(people), "--start", "2026-01-01"]
    assert command([*arguments, "--periods", "4"]) == 0
    assert "nia (Senior CSM)" in capsys.readouterr().out
    assert command([*arguments, "--periods", "4", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["roles"] == {"nia": "Senior CSM"}
    assert document["notes"] == []
    assert document["statements"][0]["paid"] == 9_000
