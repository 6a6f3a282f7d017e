"""The elementary functions against scipy, at the errors their docstrings state."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from sim.kernel import kernel
from sim.world import normal

pytestmark = pytest.mark.jit
F32 = np.float32


@kernel
def each_quantile(x, out):
    for n in range(len(x)):
        out[n] = normal.normal_quantile(x[n])


@kernel
def each_share(x, out):
    for n in range(len(x)):
        out[n] = normal.normal_share(x[n])


@kernel
def each_exp(x, out):
    for n in range(len(x)):
        out[n] = normal.exp(x[n])


@kernel
def each_log(x, out):
    for n in range(len(x)):
        out[n] = normal.log(x[n])


@kernel
def each_uniform(x, out):
    for n in range(len(x)):
        out[n] = normal.uniform(x[n])


def applied(loop, x):
    out = np.empty(len(x), dtype=F32)
    loop(x, out)
    return out.astype(np.float64)


def test_quantile():
    # every share that ``uniform`` can give lies on this grid; both tails to the end, and the body
    n = np.unique(
        np.concatenate([2.0 ** np.linspace(0, 22, 20_000), np.linspace(0, 2**22, 50_001)]).astype(int)
    )
    share = np.concatenate([(n + 0.5) / 2**23, 1 - (n + 0.5) / 2**23]).astype(F32)
    assert np.abs(applied(each_quantile, share) - ndtri(share.astype(float))).max() < 3e-6


def test_share():
    x = np.linspace(-9, 9, 100_001).astype(F32)
    assert np.abs(applied(each_share, x) - ndtr(x.astype(float))).max() < 3e-7


def test_share_of_infinity():
    assert applied(each_share, np.array([-np.inf, np.inf], dtype=F32)).tolist() == [0.0, 1.0]


def test_exp():
    x = np.linspace(-87, 87, 100_001).astype(F32)
    assert np.abs(applied(each_exp, x) / np.exp(x.astype(float)) - 1).max() < 2e-7


def test_log():
    x = (2.0 ** np.linspace(-24, 24, 100_001)).astype(F32)
    exact = np.log(x.astype(float))
    assert np.abs(applied(each_log, x) - exact).max() < 1e-6


def test_uniform_never_reaches_its_ends_and_is_centred():
    words = np.array([0, 1 << 9, 2**32 - 1, 2**31], dtype=np.uint32)
    assert applied(each_uniform, words).tolist() == [2.0**-24, 3 * 2.0**-24, 1 - 2.0**-24, 0.5 + 2.0**-24]
