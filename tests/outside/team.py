"""Who holds the books of an outside world (METHOD.md, 1.5)."""

import numpy as np

NEVER = 10**6


class Team:
    """Who holds each book: skill in the middle of a period, and the share of it with a CSM in the seat. [world, csm]"""

    def __init__(self, rng, scenario, clock, worlds, books, rows):
        team, periods = scenario["team"], scenario["periods"]
        opening = int(clock.first(-2)) if rows is None else 0
        self.skill, self.seats = {}, {}
        shape = (worlds, len(books))
        skill = rng.standard_normal(shape)
        for row in rows or ():
            if row["skill"] != "":
                skill[:, books.index(row["csm"])] = float(row["skill"])
        from_day = np.full(shape, -(10**5))
        span = range(-clock.before, periods + 4)
        in_force = {t: np.full(shape, np.nan) for t in span}
        filled = {t: np.zeros(shape) for t in span}
        self.hires = np.zeros(worlds)
        start = np.full(shape, float(opening))
        while True:
            leaves = leaving_days(rng, team, start)
            back = leaves + team["vacancy_days"]
            for t in span:
                first, end = clock.first(t), clock.first(t + 1)
                middle = (first + end) / 2
                in_force[t] = np.where((middle >= from_day) & (middle < leaves), skill, in_force[t])
                cover = team["cover"] * skill
                in_force[t] = np.where((middle >= leaves) & (middle < back), cover, in_force[t])
                overlap = np.clip(np.minimum(leaves, end) - np.maximum(from_day, first), 0, None)
                filled[t] += overlap / (end - first)
            self.hires += ((back >= 0) & (back < clock.first(periods))).sum(axis=1)
            if (back >= clock.first(periods + 4)).all():
                break
            from_day, start, skill = back, back.astype(float), rng.standard_normal(shape)
        self.skill = in_force
        self.seats = np.stack([filled[t] for t in range(periods)])


def leaving_days(rng, team, start):
    if team["turnover_per_year"] == 0.0:
        return np.full(start.shape, NEVER)
    years = rng.exponential(1.0 / team["turnover_per_year"], start.shape)
    return np.minimum(np.ceil(start + 365.25 * years), NEVER).astype(int)
