"""Exports in the shapes of five systems: what each calls things, and what it leaves unsaid."""

import pytest

import sim
from sim.exports.intake import taken_in


@pytest.fixture
def take(tmp_path):
    """Take text in as an export: its proposal, and the history under the proposal as it stands or with answers added."""

    def taken(text, answers="", name="export.csv"):
        path, told = tmp_path / name, tmp_path / "map.toml"
        path.write_text(text, encoding="utf-8")
        told.unlink(missing_ok=True)
        first = taken_in(path, told, None)
        proposal = told.read_text(encoding="utf-8")
        told.write_text(answers(proposal) if callable(answers) else proposal + answers, encoding="utf-8")
        return first, sim.intake(path, told)

    return taken


def rows(history, name):
    """The rows of a table, as its file shows them."""
    frame = history.tables[name]
    shown = frame.astype(object).where(frame.notna(), "")
    return [
        tuple(str(each).removesuffix(" 00:00:00") for each in row) for row in shown.itertuples(index=False)
    ]


def deals(history):
    return rows(history, "deals")


def events(history):
    return rows(history, "events")


def doubts(first):
    return {each.where.split(": ", 1)[1] for each in first.asked if "map.toml: " in each.where}


SALESFORCE = """Renewals closed FY26,,,,,,,,
Filtered By:,,,,,,,,
   Type not equal to Services,,,,,,,,

Opportunity Owner,Account Name,Opportunity Name,Stage,Type,Prior ARR,Amount,Close Date,Contract End Date
Rita Roe,Acme,Acme 2026,Closed Won,Renewal,"$25,000.00","$27,500.00",1/20/2026,1/31/2026
Rita Roe,Globex,Globex 2026,Closed Lost,Renewal,"$40,000.00","$40,000.00",2/27/2026,2/28/2026
Sam Poe,Initech,Initech seats,Closed Won,Upsell,,"$5,000.00",3/3/2026,
Sam Poe,Umbrella,Umbrella new,Closed Won,New Business,,"$9,000.00",3/9/2026,
Sam Poe,Hooli,Hooli 2026,Negotiation/Review,Renewal,"$12,000.00","$12,000.00",4/2/2026,3/31/2026
Sam Poe,Hooli,Hooli more,Closed Lost,Upsell,,"$1,000.00",4/2/2026,
Grand Totals (6 records),,,,,"$77,000.00","$94,500.00",,

"Confidential Information - Do Not Distribute"
"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
"""


def test_a_salesforce_report_is_taken_in_without_a_question(take):
    first, history = take(SALESFORCE)
    assert not first.asked
    assert first.proposal.system == "Salesforce"
    assert deals(history) == [
        ("Rita Roe", "Acme", "25000.0", "2026-01-31", "2026-01-20", "27500.0"),
        ("Rita Roe", "Globex", "40000.0", "2026-02-28", "", ""),
        ("Sam Poe", "Hooli", "12000.0", "2026-03-31", "", ""),
    ]
    assert events(history) == [
        ("Sam Poe", "Initech", "2026-03-03", "5000.0", "expansion"),
        ("Sam Poe", "Umbrella", "2026-03-09", "9000.0", "new"),
    ]
    reasons = [(each.row, each.reason) for each in history.aside]
    assert reasons == [
        (1, "above the header"),
        (2, "above the header"),
        (3, "above the header"),
        (11, "no renewal, and lost: nothing was booked"),
        (12, "a total of the export"),
        (14, "a heading or a footer: one cell only"),
        (15, "a heading or a footer: one cell only"),
    ]
    assert any("not booked so far: 1 with 12,000." in note for note in history.notes)


HUBSPOT = """Record ID,Deal Name,Deal Stage,Amount,Deal owner,Close Date,Associated Company
9001,Acme - Renewal 2026,Closed won,26000,Rita Roe,2026-02-01 10:32,Acme
9002,Globex - Renewal 2026,Closed lost,39000,Rita Roe,2026-03-01 09:00,Globex
9003,Initech - Renewal 2026,Contract sent,12000,Sam Poe,2026-03-11 09:00,Initech
"""


def test_a_hubspot_export_has_to_be_confirmed_and_its_lost_deals_are_lost(take):
    first, history = take(HUBSPOT)
    assert first.proposal.system == "HubSpot"
    assert doubts(first) == {"columns.arr", "columns.due_date", "types.all"}
    assert deals(history) == [
        ("Rita Roe", "Acme", "26000.0", "2026-02-01", "2026-02-01", "26000.0"),
        ("Rita Roe", "Globex", "39000.0", "2026-03-01", "", ""),
        ("Sam Poe", "Initech", "12000.0", "2026-03-11", "", ""),
    ]


def test_without_stages_a_close_date_alone_does_not_make_a_renewal_won(take):
    with pytest.raises(sim.InputError, match="nothing tells a renewal that was lost"):
        take(HUBSPOT, lambda text: text.replace('stage = "Deal Stage"', ""))


DYNAMICS = """(Do Not Modify) Opportunity\t(Do Not Modify) Row Checksum\tTopic\tPotential Customer\tOwner\tStatus\tEst. Revenue\tActual Revenue\tEst. Close Date\tActual Close Date\tContract End Date\tOpportunity Type
a1\tx\tAcme 26\tAcme\tRita Roe\tWon\t€25.000,00\t€27.500,50\t31.01.2026\t20.01.2026\t31.01.2026\tRenewal
a2\tx\tGlobex 26\tGlobex\tRita Roe\tLost\t€40.000,00\t\t28.02.2026\t27.02.2026\t28.02.2026\tRenewal
a3\tx\tInitech +\tInitech\tSam Poe\tWon\t€5.000,00\t€5.000,00\t03.03.2026\t03.03.2026\t\tUpgrade
"""  # noqa: E501


def estimated(proposal):
    """The proposal, which takes what was estimated for what was due, with amounts of growth as changes."""
    assert 'arr = "Est. Revenue"' in proposal
    return proposal.replace("[amounts]", '[amounts]\nevents = "change"', 1)


def test_a_dynamics_export_in_german_numbers(take):
    first, history = take(DYNAMICS, estimated)
    assert first.proposal.system == "Dynamics"
    assert doubts(first) == {"columns.arr", "amounts.events"}
    assert deals(history)[1] == ("Rita Roe", "Globex", "40000.0", "2026-02-28", "", "")
    assert deals(history)[0][-2:] == ("2026-01-20", "27500.5")
    assert events(history) == [("Sam Poe", "Initech", "2026-03-03", "5000.0", "expansion")]


CHARTMOGUL = """customer-name,customer-uuid,date,type,description,activity-mrr,activity-mrr-movement,activity-arr,currency
Acme,c1,2026-01-03,new_biz,purchased,500,500,6000,USD
Acme,c1,2026-02-03,expansion,upgraded,700,200,8400,USD
Globex,c2,2026-02-14,contraction,downgraded,300,-50.5,3600,USD
Globex,c2,2026-03-14,churn,cancelled,0,-300,0,USD
"""


def test_chartmogul_activities_are_changes_of_mrr_and_have_owners_from_the_map(take):
    first, history = take(CHARTMOGUL, '\n[names]\ncsm_of = { Acme = "Rita Roe", Globex = "Sam Poe" }\n')
    assert first.proposal.system == "ChartMogul"
    assert doubts(first) == {"columns.csm"}
    assert events(history) == [
        ("Rita Roe", "Acme", "2026-01-03", "6000.0", "new"),
        ("Rita Roe", "Acme", "2026-02-03", "2400.0", "expansion"),
        ("Sam Poe", "Globex", "2026-02-14", "-606.0", "contraction"),
        ("Sam Poe", "Globex", "2026-03-14", "-3600.0", "cancellation"),
    ]
    assert "deals" not in history.tables


STRIPE = """id,Customer ID,Customer Description,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Start Date (UTC),Current Period Start (UTC),Current Period End (UTC),Canceled At (UTC),csm (metadata)
sub_1,cus_1,Acme,gold,1,usd,month,"1,250.00",active,2024-05-01 08:00,2024-05-01 08:00,2026-01-01 08:00,2026-02-01 08:00,,Rita Roe
sub_2,cus_2,Globex,gold,1,usd,year,"40,000.00",past_due,2024-06-01 08:00,2024-06-01 08:00,2025-06-01 08:00,2026-06-01 08:00,,Rita Roe
sub_3,cus_3,Initech,gold,1,usd,year,"9,000.00",canceled,2024-06-01 08:00,2024-06-01 08:00,2025-06-01 08:00,2026-06-01 08:00,2025-12-01 08:00,Sam Poe
"""  # noqa: E501


def test_stripe_subscriptions_are_the_book_in_force_by_their_interval(take):
    first, history = take(STRIPE)
    assert first.proposal.system == "Stripe"
    assert not first.asked
    assert [row[:4] for row in rows(history, "book")] == [
        ("Rita Roe", "Acme", "15000.0", "2026-02-01"),
        ("Rita Roe", "Globex", "40000.0", "2026-06-01"),
    ]
    assert [each.row for each in history.aside] == [4]


def test_next_quarters_export_is_taken_in_under_the_same_map_without_a_question(take, tmp_path):
    take(SALESFORCE)
    later = (
        SALESFORCE.replace("1/20/2026", "4/5/2026")
        .replace("2/28/2026", "5/6/2026")
        .replace("2/27/2026", "5/4/2026")
    )
    later = later.replace("1/31/2026", "4/7/2026").replace("3/31/2026", "6/7/2026")
    (tmp_path / "q2.csv").write_text(later)
    history = sim.intake(tmp_path / "q2.csv", tmp_path / "map.toml")
    assert deals(history)[0][3:5] == ("2026-04-07", "2026-04-05")


def test_a_stage_that_the_map_does_not_know_is_asked(take, tmp_path):
    take(SALESFORCE)
    (tmp_path / "q2.csv").write_text(SALESFORCE.replace("Closed Won,Renewal", "Won - Legal,Renewal"))
    with pytest.raises(sim.InputError, match="told what 'Won - Legal' means"):
        sim.intake(tmp_path / "q2.csv", tmp_path / "map.toml")
