"""A file of draws of what is not known: read and checked by row and column, and put into the scenario."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.errors import InputError
from sim.world.draws import row_of
from sim.world.scenario import load_scenario
from tests.rig.repository import CONFIGS

COMPANY = CONFIGS / "scenarios" / "company.toml"
CHURN = "segment.enterprise.churn.probability"
EARLIEST, EARLY = "segment.smb.lag[0].share", "segment.smb.lag[1].share"


def uncertain(folder, **columns):
    """The shipped company with draws of these columns beside it; the path of the scenario."""
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    pq.write_table(table, folder / "posterior.parquet")
    path = folder / "scenario.toml"
    path.write_text(COMPANY.read_text() + '\n[uncertainty]\ndraws = "posterior.parquet"\n')
    return path


def problems(folder, **columns):
    with pytest.raises(InputError) as caught:
        load_scenario(uncertain(folder, **columns))
    return [str(each).replace(f"{folder}/", "") for each in caught.value.problems]


def test_rows_are_draws_and_columns_are_inputs(tmp_path):
    columns = {
        CHURN: [0.05, 0.06, 0.08],
        "dependence.market": [0.1, 0.2, 0.3],
        "segment.smb.notice_days": [90.0] * 3,
    }
    scenario = load_scenario(uncertain(tmp_path, **columns))
    draws = scenario.draws
    assert len(draws) == 3
    assert draws.paths == tuple(columns)
    assert draws.of_worlds(5, 4).tolist() == [2, 0, 1, 2]
    second = row_of(scenario, draws.places, draws.values[1], "row 2")
    assert (second.segment[0].churn.probability, second.dependence.market) == (0.06, 0.2)
    assert second.draws is None
    assert second.uncertainty is None
    assert scenario.segment[0].churn.probability == 0.073  # the scenario itself stays
    np.testing.assert_array_equal(scenario.stack.segment[0].churn.probability, columns[CHURN])


def test_a_term_and_an_item_of_a_list_are_inputs(tmp_path):
    by_term = "segment.enterprise.churn.by_term.24"
    columns = {by_term: [0.05, 0.06], EARLIEST: [0.02, 0.03], EARLY: [0.05, 0.04]}
    draws = load_scenario(uncertain(tmp_path, **columns)).draws
    assert draws.paths == (by_term, EARLIEST, EARLY)


def test_what_is_no_input_is_refused_by_column(tmp_path):
    columns = {name: [0.1] for name in ("segment.enterprise.churn", "segment.*.churn.probability", "periods")}
    told = problems(tmp_path, **columns, **{"segment.enterprise.chrun": [0.1], "segment.smb.csms": [4.0]})
    assert len(told) == 5
    assert told[3] == (
        "posterior.parquet: column 'segment.enterprise.chrun' must be one of "
        "['arr', 'back_dated', 'churn', 'contraction', 'csms', 'due', 'expansion', 'grace_days', 'lag', 'movable', 'name', "
        "'new_accounts', 'notice_days', 'renewed_term_months', 'term_months', 'uplift', 'win_back'], received 'chrun'. "
        "Did you mean 'churn'?"
    )
    assert "What gives the company its shape is the same in all draws." in told[4]


def test_values_are_refused_by_row_and_column(tmp_path):
    told = problems(
        tmp_path,
        **{
            CHURN: [0.1, 1.2, 7.0],
            "segment.smb.notice_days": [90.0, 90.5, 90.0],
            "dependence.skill": [0.1, None, 0.1],
        },
    )
    more = "Not within these bounds in 2 rows."
    assert told == [
        f"posterior.parquet: column '{CHURN}', row 2 must be a number from 0 to 1, received 1.2. {more}",
        "posterior.parquet: column 'segment.smb.notice_days', row 2 must be a whole number from 1 to 730, received 90.5.",
        "posterior.parquet: column 'dependence.skill', row 2 must be a number from 0 to 0.999999, received nothing.",
    ]


def test_a_row_that_is_no_scenario_is_refused_in_the_words_of_a_scenario(tmp_path):
    told = problems(tmp_path, **{EARLIEST: [0.01, 0.05], "dependence.market": [0.2, 0.7]})
    own_noise = "The rest is the renewal's own noise."
    assert told == [
        f"posterior.parquet: row 2: dependence must be market + skill + health below 1, received 1.05. {own_noise}",
        "posterior.parquet: row 2: segment[2].lag must be of shares that sum to 1, received 1.04.",
    ]


@pytest.mark.parametrize(
    ("content", "said"), [(b"PAR1 and no more", "a Parquet file"), (b"", "a Parquet file")]
)
def test_what_is_no_parquet_file_is_refused(tmp_path, content, said):
    path = uncertain(tmp_path, **{CHURN: [0.1]})
    (tmp_path / "posterior.parquet").write_bytes(content)
    with pytest.raises(InputError, match=said):
        load_scenario(path)


def test_no_rows_and_no_numbers_are_refused(tmp_path):
    assert (
        "must be 1 to 100,000 rows, received 0"
        in problems(tmp_path, **{CHURN: pa.array([], pa.float64())})[0]
    )
    assert "must be of numbers, received string" in problems(tmp_path, **{CHURN: ["a"]})[0]
    path = uncertain(tmp_path, **{CHURN: [0.1]})
    (tmp_path / "posterior.parquet").unlink()
    with pytest.raises(InputError, match=r"uncertainty.draws must be an existing file, received nothing at"):
        load_scenario(path)


def test_a_change_that_would_lose_the_draws_is_not_made_in_silence(tmp_path):
    scenario = load_scenario(uncertain(tmp_path, **{CHURN: [0.1, 0.2]}))
    with pytest.raises(TypeError, match="in each"):
        scenario.with_(segment=scenario.segment)
    kept = scenario.in_each(lambda one: one.with_(segment=one.segment[:1]))
    np.testing.assert_array_equal(kept.stack.segment[0].churn.probability, [0.1, 0.2])
    assert kept.segment[0].churn.probability == 0.073
