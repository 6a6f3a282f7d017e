"""Memory does not grow with worlds, but for what a run keeps of each: blocks come and go."""

import tracemalloc

import pytest

import sim
from sim.engine.pool import ALONE
from sim.engine.setting import prepare
from sim.engine.simulate import totals_of
from sim.questions.forecast.accrual import WORLDS_AT_ONCE, accrual_entries
from sim.questions.forecast.setting import Forecast
from tests.rig.inputs.small_study import write_study

FEW, MANY = 32 * WORLDS_AT_ONCE, 96 * WORLDS_AT_ONCE
"""Few are enough that a world remembers as many blocks of its market as it ever does."""


def peak(work, worlds):
    """Most memory held at a time while so many worlds are worked on, numpy's arrays included. [byte]"""
    tracemalloc.start()
    try:
        work(worlds)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.jit
def test_accruals_need_no_more_memory_for_more_worlds(tmp_path):
    study = sim.load(write_study(tmp_path))

    def work(worlds):
        accrual_entries(study, Forecast(accrual_worlds=worlds), ALONE)

    work(WORLDS_AT_ONCE)  # what is made once
    few, many = (peak(work, worlds) for worlds in (FEW, MANY))
    assert many < 1.1 * few


@pytest.mark.jit
def test_a_run_keeps_a_few_numbers_a_world(tmp_path):
    study = sim.load(write_study(tmp_path))
    setting = prepare(study)

    def work(worlds):
        totals_of(setting, worlds, ALONE, block=512)

    work(WORLDS_AT_ONCE)
    few, many = (peak(work, worlds) for worlds in (FEW, MANY))
    kept = totals_of(setting, 64, ALONE)
    numbers = kept.variable[..., 0].size + len(kept.attainment) + sum(map(len, kept.retentions))
    assert many - few < 2.0 * 8 * numbers * (MANY - FEW)
