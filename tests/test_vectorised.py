"""The hot loops are vectorised. Every loss of it is silent: same results, several times slower."""

import re

import llvmlite.binding
import numba
import numpy as np
import pytest
from numba import boolean, float32, float64, int8, int32, int64, uint32, uint64

from sim.frame import Steps
from sim.ledger import add_steps
from sim.plan.attainment import attain
from sim.plan.curve import pay_curve
from sim.world.growth import draw_events, find_in_period, make_events, set_pace, size_events
from sim.world.lanes import (
    amount,
    book_day,
    churn,
    compose,
    draw_renewal,
    draw_words,
    lag,
    new_term,
    step_health,
    timing,
)
from sim.world.laws import make_laws, make_loadings
from sim.world.renewal import write_arr, write_days
from sim.world.scenario import load_scenario
from tests.rig.repository import CONFIGS

SCENARIO = load_scenario(CONFIGS / "scenarios" / "company.toml")
LAWS, LOAD = numba.typeof(make_laws(SCENARIO, (12, 24, 36))), numba.typeof(make_loadings(SCENARIO))
EVENTS = numba.typeof(getattr(make_events, "py_func", make_events)(2))
STEPS = numba.typeof(Steps(np.zeros(4, np.int32), np.zeros(4, np.int32)))

Words, Singles, Integers, Money = uint32[::1], float32[::1], int32[::1], float64[::1]
PerPeriod = float64[:, ::1]

FUSED = r"vfn?m(add|sub)\d+ps"
# kernel: types of its parameters, and the instruction that does what it is about
LOOPS = {
    draw_words: ((*[uint64] * 5, int64, Words), "vpmul"),
    draw_renewal: ((*[uint64] * 5, int64, Integers, Words), "vpmul"),
    draw_events: ((*[uint64] * 4, int64, int64, EVENTS), "vpmul"),
    step_health: ((LOAD, int64, Words, int64, Singles), FUSED),
    compose: ((LOAD, int64, Words, int64, Singles), FUSED),
    churn: ((int64, Singles, Integers), "vdivps"),
    timing: ((LOAD, int64, Words, int64, Singles), FUSED),
    lag: ((LAWS, int64, int64, float32, Words, int64, Singles, Integers), "vcmp"),
    amount: ((LOAD, LAWS, int64, int64, Words, int64, Singles), FUSED),
    new_term: ((LAWS, int64, int64, Words, int64, Integers), "vcmp"),
    book_day: ((LAWS, int64, int64, float32, Singles, Words, int64, Singles, Integers), "vcmp"),
    set_pace: ((LOAD, Singles, int64, int64, Singles), FUSED),
    find_in_period: ((int32, int64, Singles, Words, Singles, Integers, Integers), "vcmp"),
    size_events: ((Singles, Singles, Singles, Words, Singles, int64, EVENTS), FUSED),
    write_days: ((int64, int64, Integers, Integers, Integers, int8[::1]), "vpcmp"),
    write_arr: ((int64, Singles, Integers, Money, Money, Money), "vmulpd"),
    add_steps: ((Integers, STEPS, Integers), "vpcmp"),
    attain: ((*[PerPeriod] * 7, boolean[:, ::1]), "vdivpd"),
    pay_curve: ((PerPeriod, PerPeriod, PerPeriod), "vmulpd"),
}

pytestmark = [
    pytest.mark.jit,
    pytest.mark.skipif(
        not llvmlite.binding.get_host_cpu_features().get("avx2", False), reason="names instructions of AVX2"
    ),
]


def wide(function, types, instruction):
    """How often the instruction works on registers of many lanes."""
    compiled = numba.njit(nogil=True, error_model="numpy", no_cpython_wrapper=True)(function)
    compiled.compile(types)
    (assembly,) = compiled.inspect_asm().values()
    lines = [line for line in assembly.splitlines() if re.search(instruction, line)]
    return sum("%ymm" in line or "%zmm" in line for line in lines)


@pytest.mark.parametrize("kernel", LOOPS, ids=lambda kernel: kernel.__name__)
def test_hot_loops_work_on_many_lanes(kernel):
    types, instruction = LOOPS[kernel]
    assert wide(kernel.py_func, types, instruction)


def test_a_loop_with_a_branch_that_is_taken_seldom_is_not_vectorised():
    """So that the test above can fail."""

    def sums(values, out):
        for lane in range(values.size):
            if values[lane] > 0.0:
                out[int(values[lane])] += values[lane] * values[lane]

    assert not wide(sums, (Singles, Singles), "vmulps")
