"""The method of the dual on published figures: the American put of Longstaff and Schwartz (2001), Table 1."""

import numpy as np
import pytest

from tests.rig.twins.relaxation import innovation, penalised_best

STRIKE, RATE, DATES_A_YEAR = 40.0, 0.06, 50
FAR = 4.0
"""Standard errors: one false alarm in 16,000, for each of eight figures."""
TABLE = [
    # stock, volatility, years, finite difference value with 50 exercise dates a year
    (36.0, 0.2, 1, 4.478),
    (40.0, 0.2, 1, 2.314),
    (44.0, 0.2, 1, 1.110),
    (40.0, 0.4, 1, 5.312),
]
PRINTED = 0.01
"""Rounding of the table, and of finite differences against 50 dates. [usd]"""


def payoff(price):
    return np.maximum(STRIKE - price, 0.0)


def steps(rng, volatility, *shape):
    """Factors of a price over one date."""
    span = 1.0 / DATES_A_YEAR
    return np.exp((RATE - volatility**2 / 2) * span + volatility * np.sqrt(span) * rng.standard_normal(shape))


def features(price):
    """Powers of the price and of what exercise pays: the regressors of the value of going on."""
    x = price / STRIKE
    worth = payoff(price) / STRIKE
    return np.stack([np.ones_like(x), x, x**2, x**3, worth, worth**2], axis=-1)


def going_on(coefficients, price):
    """The value of not exercising now, as learnt. [usd]"""
    return np.maximum(features(price) @ coefficients, 0.0)


def learn(start, volatility, dates, rng):
    """Regressions of discounted later pay on the price, from the last date to the first (Longstaff and Schwartz)."""
    prices = start * np.cumprod(steps(rng, volatility, dates, 20_000), axis=0)
    discount = np.exp(-RATE / DATES_A_YEAR)
    paid = payoff(prices[-1])
    found = [None] * dates
    for date in range(dates - 2, -1, -1):
        paid *= discount
        price = prices[date]
        worth = payoff(price) > 0.0
        coefficients, *_ = np.linalg.lstsq(features(price), paid, rcond=None)
        found[date] = coefficients
        exercised = worth & (payoff(price) >= going_on(coefficients, price))
        paid = np.where(exercised, payoff(price), paid)
    return found


def value_at(date, dates, coefficients, price):
    """The learnt value of an option that is still held at a date. [usd]"""
    if date == dates - 1:
        return payoff(price)
    return np.maximum(payoff(price), going_on(coefficients[date], price))


def lower_end(start, volatility, dates, coefficients, rng, paths=20_000):
    """What the learnt rule is paid on fresh paths, discounted. [path]"""
    prices = start * np.cumprod(steps(rng, volatility, dates, paths), axis=0)
    paid = np.zeros(paths)
    held = np.ones(paths, dtype=bool)
    for date in range(dates):
        worth = payoff(prices[date])
        last = date == dates - 1
        stop = held & (worth > 0.0) & (last or worth >= going_on(coefficients[date], prices[date]))
        paid[stop] = worth[stop] * np.exp(-RATE * (date + 1) / DATES_A_YEAR)
        held &= ~stop
    return paid


def upper_end(start, volatility, dates, coefficients, rng, paths=300, inner=300):
    """The dual on each path, every mean of what may come over fresh draws of its own. [path]"""
    price = np.full(paths, start)
    rewards, penalties = [], []
    for date in range(dates):
        fresh = price * steps(rng, volatility, inner, paths)
        price = price * steps(rng, volatility, paths)
        discount = np.exp(-RATE * (date + 1) / DATES_A_YEAR)
        came = discount * value_at(date, dates, coefficients, price)
        may_come = discount * value_at(date, dates, coefficients, fresh)
        reward = np.zeros((2, 2, paths))  # states: held, exercised
        reward[0, 1] = discount * payoff(price)
        reward[1, 0] = -np.inf
        rewards.append(reward)
        penalties.append(np.stack([innovation(came, may_come), np.zeros(paths)]))
    return penalised_best(rewards, penalties)[0]


@pytest.mark.parametrize(("start", "volatility", "years", "published"), TABLE)
def test_the_bracket_holds_the_published_value(start, volatility, years, published):
    rng = np.random.default_rng(7)
    dates = DATES_A_YEAR * years
    coefficients = learn(start, volatility, dates, rng)
    lower = lower_end(start, volatility, dates, coefficients, rng)
    upper = upper_end(start, volatility, dates, coefficients, rng)
    lower_se, upper_se = (each.std(ddof=1) / np.sqrt(len(each)) for each in (lower, upper))
    assert lower.mean() <= published + FAR * lower_se + PRINTED
    assert upper.mean() >= published - FAR * upper_se - PRINTED
    assert lower.mean() >= published * 0.985 - FAR * lower_se
    assert upper.mean() <= published * 1.03 + FAR * upper_se
    assert upper_se < 0.2 * lower_se * np.sqrt(len(lower) / len(upper))
