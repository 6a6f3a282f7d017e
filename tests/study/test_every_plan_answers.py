"""No shipped plan or role set is refused by ``[incentive]``, ``[response]`` and ``rank``: each has every number."""

import numpy as np
import pytest

from sim.engine.pool import ALONE
from sim.plan.role_set import load_role_set
from sim.questions.incentive import book_sight
from sim.questions.incentive.measured import rewards_of_plans
from sim.questions.incentive.setting import Incentive
from sim.questions.response import segment_books
from sim.questions.response.efforts import Efforts
from sim.questions.response.rank import ranking
from sim.questions.response.scaling import pay_growth
from sim.questions.response.setting import Response
from sim.study.load import load
from tests.explain.test_every_plan import FOLDERS, SCENARIO
from tests.rig.repository import CONFIGS

pytestmark = pytest.mark.jit
SETS = sorted((CONFIGS / "roles").glob("*.toml"))
ASKED = Response(points=(2.0,), worlds=6, value_worlds=6, books=1)


@pytest.fixture(autouse=True)
def few_switches(monkeypatch):
    for module, count in ((segment_books, 12), (book_sight, 1)):
        monkeypatch.setattr(module, "WHOLE_SWITCHES", count)
    monkeypatch.setattr(segment_books, "SWITCHES", 64)


def study_of(folder, paths):
    """A study of these plans; the segments of role sets are those of the shipped company."""
    few = SCENARIO.replace("csms = 3", "csms = 2").replace("accounts = 8", "accounts = 5")
    head, segment = few[: few.index("[[segment]]")], few[few.index("[[segment]]") :]
    names = ("enterprise", "mid-market", "smb") if paths == SETS else ("a",)
    segments = [segment.replace('name = "a"', f'name = "{name}"') for name in names]
    (folder / "few.toml").write_text(head + "".join(segments))
    sets = [load_role_set(path).name for path in paths]
    text = f'name = "all"\nseed = 3\nworlds = 64\nscenario = "few.toml"\nbaseline = "{sets[0]}"\n'
    (folder / "study.toml").write_text(f"{text}plans = {[str(path) for path in paths]}\n")
    return load(folder / "study.toml").asking(ASKED, Incentive(worlds=4, books=1)), sets


@pytest.mark.parametrize("paths", [*FOLDERS, SETS], ids=lambda paths: paths[0].parent.name)
def test_every_shipped_plan_is_answered(tmp_path, paths):
    study, names = study_of(tmp_path, paths)
    rewards = rewards_of_plans(study, ALONE)
    assert list(rewards) == names
    for part in rewards.values():
        assert part.incentive is not None
        assert np.isfinite(part.incentive.pay.per_csm_year)
    efforts = Efforts(study, ASKED, study.sets, study.baseline)
    assert np.isfinite(list(pay_growth(efforts).values())).all()
    ranked = ranking(study, ALONE).plans
    assert set(ranked) == set(names)
    for each in ranked.values():
        numbers = [each.net_value, each.net_value_whole, each.csm_gain, each.csm_effort_cost]
        assert np.isfinite([*numbers, each.risk_premium]).all()
