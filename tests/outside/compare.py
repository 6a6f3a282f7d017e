"""The product's figures against those of an outside world: each as a z score that carries both errors.

The product's figure is read from its result, with the error it prints or, where its worlds are there to be read, worked out
from them. A quantile is compared by the share of worlds below it, so that no density is estimated.
"""

import numpy as np

from tests.outside.company import PLANS
from tests.outside.plans import Facts, settle


def of_means(told, told_se, values):
    """A mean told with its error, against values of independent worlds."""
    mine, error = np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))
    return _z(told - mine, np.hypot(told_se, error))


def of_ratios(told, told_se, above, below):
    """A ratio of sums told with its error, against sums by world (delta method)."""
    ratio = above.sum() / below.sum()
    error = np.std(above - ratio * below, ddof=1) / np.sqrt(len(above)) / below.mean()
    return _z(told - ratio, np.hypot(told_se, error))


def of_samples(theirs, mine):
    """Means of two samples."""
    return of_means(np.mean(theirs), np.std(theirs, ddof=1) / np.sqrt(len(theirs)), mine)


def of_spreads(theirs, mine):
    """Standard deviations of two samples: the means of their squared deviations."""
    return of_samples((theirs - np.mean(theirs)) ** 2, (mine - np.mean(mine)) ** 2)


def of_quantiles(theirs, mine, share):
    """Quantiles of two samples: the shares of each below the quantile of both."""
    at = np.quantile(np.concatenate([theirs, mine]), share)
    apart = np.mean(theirs <= at) - np.mean(mine <= at)
    return _z(apart, np.sqrt(share * (1 - share) * (1 / len(theirs) + 1 / len(mine))))


def of_pooled_quantile(told, share, values, worlds, bin_width):
    """A quantile told of all books and periods, against values [world, book and period]; by the share of each world below.

    The product reads it off a histogram and may be off by a bin, to either end of which the quantile may lie.
    """
    edges = [told - bin_width * (1 + abs(told)), told + bin_width * (1 + abs(told))]
    below = [np.mean(values <= edges[0], axis=1), np.mean(values <= edges[1], axis=1)]
    error = np.std((below[0] + below[1]) / 2, ddof=1) * np.sqrt(1 / len(values) + 1 / worlds)
    return _z(share - np.clip(share, below[0].mean(), below[1].mean()), error)


def _z(apart, error):
    if error == 0.0:
        return 0.0 if apart == 0.0 else np.inf
    return float(apart / error)


class Outside:
    """An outside world with every plan settled on it: figures by world."""

    def __init__(self, world, on_cost):
        self.world, self.facts = world, Facts(world)
        self.shape = (world.clock.periods, world.worlds, world.csms)
        self.settled = {name: settle(self.facts, plan) for name, plan in PLANS.items()}
        self.on_cost = on_cost
        self.seats = self.facts.seat.reshape(self.shape)

    def by_book(self, plan, key):
        return self.settled[plan][key].reshape(self.shape)

    def cost(self, plan):
        """[period, world]"""
        salary = PLANS[plan]["salary"] / 4 * self.seats
        return (self.by_book(plan, "pay") + salary).sum(axis=2) * (1 + self.on_cost)


def compare(result, outside):
    """Every statistic by name, with its z score."""
    document, table = result.document, result.worlds
    scores = retention(document, outside) | team(document, outside)
    costs = {
        name: table[table["plan"] == name].pivot(index="world", columns="period", values="cost").to_numpy().T
        for name in PLANS
    }
    for name in PLANS:
        told = document["plans"][name]
        found = cost(costs, outside, name) | parts(told, outside, name) | pay(told, outside, name)
        found |= people(result.books, outside, name)
        scores |= {f"{name}: {key}": z for key, z in found.items()}
    return scores


def cost(costs, outside, name):
    theirs, mine = costs[name], outside.cost(name)
    total = theirs.sum(axis=0), mine.sum(axis=0)
    scores = {"cost mean": of_samples(*total), "cost sd": of_spreads(*total)}
    scores |= {f"cost P{round(100 * q)}": of_quantiles(*total, q) for q in (0.05, 0.5, 0.95)}
    for t in range(len(mine)):
        scores[f"cost Q{t + 1} mean"] = of_samples(theirs[t], mine[t])
        scores[f"cost Q{t + 1} P90"] = of_quantiles(theirs[t], mine[t], 0.9)
    if name != "line":
        apart = total[0] - costs["line"].sum(axis=0), total[1] - outside.cost("line").sum(axis=0)
        scores |= {"difference mean": of_samples(*apart), "difference sd": of_spreads(*apart)}
        scores |= {f"difference P{round(100 * q)}": of_quantiles(*apart, q) for q in (0.05, 0.5, 0.95)}
    return scores


def parts(told, outside, name):
    """What is paid for early, late and punctual renewals, pro rata to credit."""
    if "sides" not in outside.settled[name]:
        return {}
    pay, sides = outside.settled[name]["pay"], outside.settled[name]["sides"]
    credit = sum(sides)
    share = np.where(credit > 0.0, pay / np.where(credit > 0.0, credit, 1.0), 0.0)
    split = dict(zip(("early", "late", "on_time"), (side * share for side in sides), strict=True))
    split["uncredited"] = np.where(credit > 0.0, 0.0, pay)
    found, told = {}, told["cost_parts"]
    for key, amount in split.items():
        by_world = amount.reshape(outside.shape).sum(axis=(0, 2))
        if key in told:
            found[f"pay {key}"] = of_means(told[key], told[f"{key}_se"], by_world)
    return found


def pay(told, outside, name):
    """The distribution of pay and attainment over CSMs and periods."""
    pay, target, worlds = outside.by_book(name, "pay"), PLANS[name]["target"], outside.world.worlds
    flat = pay.transpose(1, 0, 2).reshape(worlds, -1)
    told_pay = told["pay"]
    scores = {
        "share without pay": of_means(
            told_pay["share_zero_pay"], told_pay["share_zero_pay_se"], np.mean(flat == 0.0, axis=1)
        ),
        "share at target": of_means(
            told_pay["share_at_target"],
            told_pay["share_at_target_se"],
            np.mean(flat >= target * (1 - 1e-12), axis=1),
        ),
    }
    mean = pay.mean(axis=0)
    uneven = np.where(mean > 0.0, pay.std(axis=0) / np.where(mean > 0.0, mean, 1.0), 0.0)
    scores["volatility"] = of_ratios(
        told_pay["volatility"], told_pay["volatility_se"], uneven.sum(axis=1), (mean > 0.0).sum(axis=1)
    )
    scores["Gini"] = of_means(told_pay["gini"], told_pay["gini_se"], gini(pay.sum(axis=0)))
    for q in (5, 10, 25, 50, 75, 90, 95):
        scores[f"pay of a period P{q}"] = of_pooled_quantile(
            told_pay["per_period"][f"p{q}"] / target, q / 100, flat / target, worlds, 1 / 1024
        )
    if "attainment" in outside.settled[name]:
        scores |= attainment(told_pay, outside, name)
    return scores


def attainment(told, outside, name):
    values = outside.by_book(name, "attainment").transpose(1, 0, 2).reshape(outside.world.worlds, -1)
    scores = {}
    if "mean" in told["attainment"]:
        each = told["attainment"]
        scores["attainment mean"] = of_means(each["mean"], each["se"], values.mean(axis=1))
    for q in (5, 10, 25, 50, 75, 90, 95):
        scores[f"attainment P{q}"] = of_pooled_quantile(
            told["attainment"][f"p{q}"], q / 100, values, outside.world.worlds, 1 / 1024
        )
    spent = outside.by_book(name, "exhausted").mean(axis=(0, 2))
    if "share_quota_exhausted" in told:
        scores["share exhausted"] = of_means(
            told["share_quota_exhausted"], told["share_quota_exhausted_se"], spent
        )
    return scores


def gini(pay):
    """Of the CSMs of each world, from [world, csm]: mean difference of all pairs over twice the mean."""
    apart = np.abs(pay[:, :, None] - pay[:, None, :]).mean(axis=(1, 2))
    return apart / (2 * pay.mean(axis=1))


def people(books, outside, name):
    """Pay of each CSM."""
    pay, scores = outside.by_book(name, "pay").sum(axis=0), {}
    for row in books[books["plan"] == name].itertuples():
        mine = pay[:, row.csm_index]
        scores[f"pay of {row.csm}"] = of_means(row.variable_mean, row.variable_se, mine)
        squares = (mine - mine.mean()) ** 2
        error = np.std(squares, ddof=1) * np.sqrt(2 / len(mine))
        scores[f"pay of {row.csm} sd"] = _z(row.variable_sd**2 - squares.mean(), error)
    return scores


def retention(document, outside):
    told = document["plans"]["line"]["retention"]
    ways, worlds = outside.world.ways, outside.world.worlds
    periods, years = outside.world.clock.periods, outside.world.clock.periods / 4
    gross, net = np.ones(worlds), np.ones(worlds)
    for t in range(periods):
        sums = np.zeros((3, worlds))
        for part in ways:
            held, low = part.levels[t], part.lows[t]
            there = (held > 0.0) & (low > 0.0)
            each = held, np.minimum(held, low) * (held > 0.0), part.levels[t + 1] * there
            sums += [np.bincount(part.world, one, worlds) for one in each]
        gross, net = gross * sums[1] / sums[0], net * sums[2] / sums[0]
    closing = sum(np.bincount(part.world, part.in_force, worlds) for part in ways)
    scores = {
        "GRR": of_means(told["grr"], told["grr_se"], gross ** (1 / years)),
        "NRR": of_means(told["nrr"], told["nrr_se"], net ** (1 / years)),
        "closing ARR": of_means(told["closing_arr"], told["closing_arr_se"], closing),
    }
    return scores | of_arr_due(told, outside)


def of_arr_due(told, outside):
    events, worlds, periods = outside.world.renewals, outside.world.worlds, outside.world.clock.periods
    mine = (events.due >= 0) & (events.due < periods)
    inside = mine & events.booked
    owed = np.bincount(events.world, events.owed * mine, worlds)
    amounts = {
        "gross_renewal_rate": np.minimum(events.amount, events.owed) * inside,
        "net_renewal_rate": events.amount * inside,
        "on_time_rate": np.minimum(events.amount, events.owed) * (inside & (events.lag <= 0)),
    }
    return {
        key: of_ratios(told[key], told[f"{key}_se"], np.bincount(events.world, each, worlds), owed)
        for key, each in amounts.items()
    }


def team(document, outside):
    seats, scores = outside.seats, {}
    told = document["plans"]["line"]["cost_by_role"]["csm"]["seats"]
    scores["seats open"] = of_means(told["open_share"], told["open_share_se"], 1 - seats.mean(axis=(0, 2)))
    scores["hires"] = of_means(told["hires"], told["hires_se"], outside.world.hires)
    for each, mine in zip(document["headcount"], seats, strict=True):
        scores[f"seats filled {each['label']}"] = of_means(
            each["filled"], each["filled_se"], mine.sum(axis=1)
        )
    return scores
