"""The report of a run, from a summary written by hand: what it leads with, and that it fits."""

import io

import pytest

from sim.questions.cost.differences import verdict
from sim.questions.registry import typed
from sim.report.html import fragment
from sim.report.terminal.visible import guarded
from sim.report.written import report_text
from sim.visible import HIDDEN, visible


def difference(mean, se=1000.0, dearer=1.0):
    return {
        "mean": mean,
        "se": se,
        "ci95": [mean - 2 * se, mean + 2 * se],
        "p5": mean - 9e4,
        "p50": mean,
        "p95": mean + 9e4,
        "share_of_baseline": mean / 8e6,
        "quantile_ci95": {},
        "share_dearer": dearer,
        "share_dearer_se": 0.0,
        "share_dearer_ci95": [dearer, dearer],
        "largest_world_share": 0.01,
        "told_apart": abs(mean) > 2 * se,
    }


def plan(mean, **changes):
    rates = {"grr": 0.88, "nrr": 1.02, "gross_renewal_rate": 0.86, "on_time_rate": 0.7}
    quantiles = dict.fromkeys(("p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99"), mean)
    return {
        "title": "A plan",
        "cost": {
            "mean": mean,
            "se": 19e3,
            **quantiles,
            "p5": mean - 6e5,
            "p95": mean + 7e5,
            "quantile_ci95": {},
            "cvar95": mean + 9e5,
            "cvar95_se": 5e4,
            "reserve": 5e5,
            "per_csm_year": mean / 80,
            "per_csm_year_p50": mean / 80,
            "per_usd_retained": 0.158,
            "prob_over_budget": 0.0,
            "prob_over_budget_se": 0.0,
            "prob_over_budget_ci95": [0.0, 0.004],
        },
        "cost_by_period": [
            {"period": 0, "label": "2026 Q1", "p10": 1e6, "p50": 1e6, "p90": 1e6, "quantile_ci95": {}}
        ],
        "cost_by_role": {},
        "cost_parts": {
            "base": 0.0,
            "variable_p50": mean / 2,
            "variable": mean / 2,
            "variable_se": 18e3,
            "early": 1e6,
            "late": 9e5,
            "on_time": 2e6,
            "uncredited": 0.0,
        },
        "convexity": {"mean": -1e4, "se": 2e3},
        "pay": {
            "per_period": dict.fromkeys(("p5", "p25", "p75", "p95"), 2e4)
            | {"p10": 9e3, "p50": 2e4, "p90": 3.7e4},
            "quota_exhausted": 0,
            "share_zero_pay": 0.004,
            "share_at_target": 0.5,
            "share_quota_exhausted": 0.002,
            "attainment": {"p50": 1.0},
            "volatility": 0.5,
            "gini": 0.16,
        },
        "retention": rates
        | {f"{name}_se": 0.001 for name in rates}
        | {"closing_arr": 1e7, "closing_arr_se": 1e5},
        "vs_baseline": difference(0.0, se=0.0, dearer=0.0),
        "forecast": {"by_year": []},
        **changes,
    }


@pytest.fixture
def document():
    return {
        "study": {
            "name": "trial",
            "title": "What early renewals cost",
            "seed": 7,
            "worlds": 1000,
            "csms": 40,
            "accounts": 2000,
            "book": "drawn anew",
            "years": 2.0,
            "periods": 8,
            "period_months": 3,
            "start": "2026-01-01",
            "hash": "93d5fcbf716ebc5f" * 4,
            "version": "0.1.0",
            "draw_plan": 1,
            "scenario": "mid-market",
            "baseline": "today",
            "budget": 9.5e6,
            "on_cost": 0.0765,
        },
        "assumptions": {"a": "assumption: round", "b": "a survey"},
        "order": {
            "statistic": "mean",
            "dearest": ["generous"],
            "cheapest": ["stingy-with-a-name-that-is-far-too-long-for-a-table"],
            "same": ["copy"],
        },
        "plans": {
            "today": plan(8e6),
            "generous": plan(8.6e6, vs_baseline=difference(6e5)),
            "stingy-with-a-name-that-is-far-too-long-for-a-table": plan(
                7.8e6, vs_baseline=difference(-2e5, dearer=0.0)
            ),
            "near": plan(8e6, vs_baseline=difference(500.0, dearer=0.52)),
            "copy": plan(8e6),
        },
    }


def test_the_verdict_is_a_sentence_for_each_outcome(document):
    assert verdict(typed(document)) == (
        "generous is the dearest by the mean: $600K (7.5 %) more than today (simulation error ± $1.00K), and dearer in 100 "
        "% of the worlds. stingy-with-a-name-that-is-far-too-long-for-a-table is the cheapest by the mean: $200K (2.5 %) "
        "less than today (simulation error ± $1.00K), and dearer in none of the worlds. Not told apart from today by these "
        "worlds, by the mean: near. The same cost as today in every world: copy."
    )


def test_the_dearest_is_named_only_where_it_is_told_apart(document):
    document["order"]["dearest"] = ["generous", "near"]
    said = verdict(typed(document))
    assert "Which plan is the dearest cannot be told: by the mean, generous, near are not told apart." in said
    assert "generous is the dearest" not in said


def test_of_two_plans_neither_is_the_dearest_of_anything(document):
    document["plans"] = {name: document["plans"][name] for name in ("today", "generous")}
    said = verdict(typed(document))
    assert said.startswith("generous costs $600K (7.5 %) more than today (simulation error ± $1.00K)")
    assert "est by" not in said


def test_the_baseline_can_be_the_dearest(document):
    document["order"]["dearest"] = ["today"]
    assert "today is the dearest by the mean: every other plan costs less." in verdict(typed(document))


def test_one_plan_alone_is_compared_with_nothing(document):
    document["plans"] = {"today": document["plans"]["today"]}
    assert verdict(typed(document)) == (
        "today costs $8.00M over the horizon in the median world; there is no plan to compare it with."
    )
    assert "world by world" not in report_text(document)


@pytest.mark.parametrize("width", [80, 100])
def test_it_fits_and_keeps_its_numbers_whole(document, width):
    text = report_text(document, width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "…" not in text
    for whole in ("+600", "8,000 ± 19", "7.5 %", "≤ 0.4 %", "88.0 % ± 0.1"):
        assert whole in text


def test_it_leads_with_the_answer_and_then_the_difference(document):
    text = report_text(document)
    order = [
        text.index(part)
        for part in ("is the dearest", "Cost against today", "Company cost", "earns in a", "GRR")
    ]
    assert order == sorted(order)


def test_every_table_names_its_unit_and_span(document):
    text = report_text(document)
    assert "[$K over 8 quarters]" in text
    assert "Company cost [$K over 8 quarters]" in text
    assert "1,000 worlds" in text
    assert "csmsim 0.1.0, seed 7, draw plan 1, hash 93d5fcbf716ebc5f" in " ".join(text.split())


def test_a_mean_that_rests_on_one_world_gives_way_to_the_median(document):
    fragile = document["plans"]["generous"]["vs_baseline"]
    fragile |= {"largest_world_share": 0.4, "p50": 2e5, "fragile": True}
    document["plans"]["generous"]["cost"]["fragile"] = True
    document["order"]["statistic"] = "median"
    said = verdict(typed(document))
    assert "generous is the dearest by the median: $200K more than today in the median world" in said
    assert (
        "Means marked † rest on a few worlds and are not to be used: generous (one world carries 40 % of its difference)."
        in said
    )
    assert "Not told apart from today by these worlds, by the median: near." in said
    text = report_text(document)
    for marked in ("+600†", "8,600† ± 19", "9,500† ± 50", "107,500†", "15.80¢†"):
        assert marked in text
    assert text.count("† This mean rests on a few") >= 2
    assert "+600†" in fragment(document)


def test_what_has_no_mean_is_told_by_its_median(document):
    generous = document["plans"]["generous"]
    why = "Mean pay does not exist: some clause."
    tail = {"tail": {"decided_by": "plan", "why": why, "near": 0.019}}
    means = ("mean", "se", "ci95", "sd", "share_of_baseline", "cvar95", "cvar95_se")
    for section in ("cost", "vs_baseline"):
        generous[section] = {
            key: value for key, value in generous[section].items() if key not in means
        } | tail
    generous["vs_baseline"]["p50"] = 2e5
    document["order"]["statistic"] = "median"
    said = verdict(typed(document))
    assert "generous is the dearest by the median: $200K more than today in the median world" in said
    text = " ".join(report_text(document).split())
    assert (
        "No mean is told of generous: mean pay does not exist: some clause. Less than a tenth of the quota"
        in text
    )
    assert "was left in 1.9 % (generous) of payees' periods." in text
    assert "no mean" in fragment(document)


def test_without_a_budget_there_is_no_probability(document):
    """What a study without a budget writes: no question then speaks of one."""
    del document["study"]["budget"]
    for plan in document["plans"].values():
        for entry in (plan["cost"], plan["forecast"].get("hiring", {}).get("without", {})):
            for key in [key for key in entry if key.startswith("prob_over_budget")]:
                del entry[key]
    assert "Over budget" not in report_text(document)


def test_names_are_text_and_not_markup(document):
    document["plans"]["[red]<b>x</b>"] = document["plans"].pop("generous")
    document["order"]["dearest"] = ["[red]<b>x</b>"]
    assert "[red]<b>x</b>" in report_text(document).replace("\n", "")
    assert "<b>x</b>" not in fragment(document)
    assert "&lt;b&gt;x&lt;/b&gt;" in fragment(document)


def test_no_name_moves_the_cursor_or_turns_text_round(harmful):
    text = report_text(harmful)
    assert HIDDEN.search(text.replace("\n", "")) is None
    assert "\\x1b" in text
    assert "\\u202e" in text


def test_a_guarded_stream_passes_colours_only_where_asked():
    said = "\x1b[1mbold\x1b[0m \x1b[2J\u202eback\rnew\n"
    for coloured, shown in (
        (True, "\x1b[1mbold\x1b[0m \\x1b[2J\\u202eback\\rnew\n"),
        (False, "\\x1b[1mbold\\x1b[0m \\x1b[2J\\u202eback\\rnew\n"),
    ):
        out = io.StringIO()
        guarded(out, coloured).write(said)
        assert out.getvalue() == shown


def test_letters_of_every_script_and_emoji_stay():
    text = "משרד \U0001f468\u200d\U0001f469 naïve 株式会社"
    assert visible(text) == text


@pytest.mark.jit
@pytest.mark.parametrize(
    ("book", "origin", "words"),
    [
        ("", "drawn anew", "64 worlds, each with a book of its own"),
        ("[book]\nredraw = false\n\n", "drawn once", "64 worlds of this one drawn book"),
    ],
)
def test_the_report_says_whose_book_its_figures_are(tmp_path, book, origin, words):
    """A figure of one drawn book is no figure of books in general: the heading, the page and the table's note say so."""
    import sim
    from sim.questions.cost.tables import differences
    from tests.rig.inputs.small_study import write_study
    from tests.rig.readers.texts import page

    path = write_study(tmp_path / "small")
    scenario = path.parent / "scenario.toml"
    scenario.write_text(scenario.read_text().replace("[employer]", f"{book}[employer]", 1))
    document = sim.run(sim.load(path), threads=1, worlds=64).document
    assert document["study"]["book"] == origin
    assert words in " ".join(report_text(document).split())
    assert words in page(document)
    assert words.removeprefix("64 ") in differences(typed(document)).note
