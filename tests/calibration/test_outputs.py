"""What a calibration writes: a scenario with sources, joint draws that are scenarios, and the contract."""

import json
import shutil
from datetime import date

import jsonschema
import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.calibration.calibrate import calibrate
from sim.calibration.directory import fill
from sim.calibration.report import known
from sim.calibration.summary import Calibrated
from sim.cli import command
from sim.errors import InputError
from sim.reference.schema import described
from sim.world.scenario import load_scenario
from tests.calibration.conftest import AS_OF
from tests.rig.inputs.small_company import company


@pytest.fixture(scope="module")
def written(found, tmp_path_factory):
    folder = tmp_path_factory.mktemp("calibrated")
    fill(found, folder)
    return folder


def test_the_scenario_is_one_whose_every_world_lives_on_a_draw(written, found):
    scenario = load_scenario(written / "scenario.toml")
    table = pq.read_table(written / "posterior.parquet")
    assert scenario.uncertainty is not None
    assert table.num_rows == 400
    assert table.column_names == list(found.summary.parameters)
    assert {"segment.small.churn.by_term.24", "segment.large.lag[0].share", "dependence.market"} <= {
        *table.column_names
    }
    lag = [table[f"segment.small.lag[{place}].share"].to_numpy() for place in range(4)]
    np.testing.assert_allclose(np.sum(lag, axis=0), 1.0, atol=1e-12)


def test_every_value_has_its_source(written, found):
    scenario = load_scenario(written / "scenario.toml")
    said = scenario.sources["segment.small.churn.probability"]
    each = found.summary.parameters["segment.small.churn.probability"]
    assert said == f"estimated from {each.renewals} renewals, 90 % interval {each.p5:.3g} to {each.p95:.3g}"
    assert scenario.segment[0].churn.probability == pytest.approx(each.mean, rel=1e-5)
    assert "market.persistence" in found.summary.not_identified
    assert scenario.market.persistence == 0.7
    assert scenario.sources["market.persistence"].startswith("prior")


def test_the_contract(written):
    document = json.loads((written / "calibration.json").read_text())
    jsonschema.validate(document, described(Calibrated))
    assert {"parameters", "not_identified", "misfits"} <= document.keys()
    wanted = {"mean", "sd", "p5", "p50", "p95", "renewals", "prior_weight"}
    assert all(wanted <= each.keys() for each in document["parameters"].values())


def test_truth_lies_in_the_intervals(found, small):
    """Of the two segments' churn and lags, 14 values with 90 % intervals, at least 9: fewer has a chance below 0.001."""
    inside = []
    for segment in small.segment:
        at = f"segment.{segment.name}"
        truth = {f"{at}.churn.probability": segment.churn.probability}
        truth |= {f"{at}.lag[{place}].share": band.share for place, band in enumerate(segment.lag)}
        truth |= {
            f"{at}.contraction.probability": segment.contraction.probability,
            f"{at}.uplift.probability": segment.uplift.probability,
        }
        for path, value in truth.items():
            each = found.summary.parameters[path]
            inside.append(each.p5 <= value <= each.p95)
    assert len(inside) == 14
    assert sum(inside) >= 9


def test_nothing_of_later_days_is_read(history, small, tmp_path):
    """A file that goes on gives what the file of the day gives, to the bit."""
    from sim.replay.simulated import write_simulated
    from sim.world.world import World

    write_simulated(World(small, 5), 0, tmp_path)
    early = [calibrate(folder, small, AS_OF, draws=100, sweeps=20) for folder in (history, tmp_path)]
    for path in early[0].draws:
        if path.endswith(("arr.mean", "arr.sigma")) or "listed" in path:
            continue
        np.testing.assert_allclose(early[0].draws[path], early[1].draws[path], rtol=1e-6, err_msg=path)


def test_without_renewals_the_posterior_is_the_prior_and_says_so(small, tmp_path):
    """One renewal that is not due yet: every value has the mean and the ends that it had before, stays, and says so. Ends of
    1,280 draws: five standard errors.
    """
    deals = "csm,account,segment,arr,due_date,booked_date,booked_arr,term_months\nMia,Ash,small,1000,2027-06-30,,,12\n"
    (tmp_path / "deals.csv").write_text(deals)
    found = calibrate(tmp_path, small, date(2026, 1, 31), draws=1280, sweeps=800)
    scenario = load_scenario_of(found, tmp_path)
    assert scenario.segment[1].churn == small.segment[1].churn
    assert scenario.dependence == small.dependence
    assert scenario.sources["segment.large.churn.probability"].startswith("prior: ")
    assert known(found) == "The history tells none of the inputs: the posterior is the prior."
    for path, draws in found.draws.items():
        if ".large." not in path and not path.startswith("dependence."):
            continue  # the one renewal is of the other segment
        before, sd = found.before[path], found.before[path].std()
        assert draws.mean() == pytest.approx(before.mean(), abs=5 * sd / np.sqrt(800)), path
        for share in (0.05, 0.95):
            assert np.quantile(draws, share) == pytest.approx(np.quantile(before, share), abs=0.2 * sd), path


def load_scenario_of(found, folder):
    fill(found, folder / "out") if (folder / "out").mkdir() is None else None
    return load_scenario(folder / "out" / "scenario.toml")


def test_the_command_prints_the_contract(history, small, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "prior.toml").write_text(prior_text())
    shutil.copytree(history, tmp_path / "history")
    arguments = [
        "calibrate",
        "history",
        "--prior",
        "prior.toml",
        "--as-of",
        "2026-07-31",
        "--json",
        "--sweeps",
        "60",
    ]
    assert command(arguments) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["history"]["as_of"] == "2026-07-31"
    assert (tmp_path / "results" / "history-calibrated" / "report.html").exists()


def prior_text():
    import tomlkit

    def plain(node):
        if isinstance(node, dict):
            return {str(key): plain(value) for key, value in node.items()}
        return [plain(each) for each in node] if isinstance(node, tuple | list) else node

    return tomlkit.dumps(plain(company().model_dump(exclude_none=True, exclude_unset=True)))


def test_another_segment_than_those_of_the_prior(small, tmp_path):
    deals = "csm,account,segment,arr,due_date,booked_date,booked_arr\nMia,Ash,smal,1000,2026-06-30,,\n"
    (tmp_path / "deals.csv").write_text(deals)
    with pytest.raises(InputError, match="Did you mean 'small'"):
        calibrate(tmp_path, small)
