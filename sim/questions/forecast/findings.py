"""One sentence a figure on the board's forecast, computed from the result."""

from typing import Any

from sim.questions.forecast.tables import plans_with
from sim.shapes.amounts import amount, number, share
from sim.shapes.words import counted

Document = dict[str, Any]


def level_of(level: float) -> str:
    """A level of the market, in standard deviations."""
    return number(level, 0 if level == round(level) else 1, sign=level != 0.0)


def years_finding(document: Document) -> str:
    """What the baseline costs year by year, and what a reserve holds."""
    baseline = document["study"]["baseline"]
    plan = document["plans"][baseline]
    years = "; ".join(
        f"year {each['year']} {amount(each['p50'])}, in one world of ten {amount(each['p90'])} or more"
        for each in plan.get("forecast", {}).get("by_year", ())
    )
    reserve = f"a reserve of {amount(plan['cost']['reserve'])} over the horizon covers nine worlds of ten"
    over = plan.get("forecast", {}).get("over_budget", {})
    if "given" in over:
        reserve += f"; where the budget is exceeded, it is by {amount(over['given'])} on average"
    return f"Under {baseline}: {years}; {reserve}." if years else f"Under {baseline}: {reserve}."


def market_finding(document: Document) -> str:
    """What a bad and a good market do to the baseline's cost."""
    baseline = document["study"]["baseline"]
    macro = {name: each for name, each in plans_with(document, "macro") if "volatility" in each}
    if not macro:
        return "No plan's cost has a mean for the market to move."
    name = baseline if baseline in macro else next(iter(macro))
    levels = macro[name]["levels"]
    ends = (levels[0], levels[-1])
    mean = middle_of(macro[name])["mean"]
    if not mean:
        return f"{name} costs nothing at the market that the others are held against."
    said = " and ".join(
        f"{share(each['change'] / mean, 1, sign=True)} with the market at {level_of(each['level'])} standard deviations"
        for each in ends
    )
    return f"Under {name}, mean cost moves by {said}."


def middle_of(macro: Document) -> Document:
    """Cost at the level of the market that the others are held against."""
    found: Document = next(each for each in macro["levels"] if each["level"] == macro["against"])
    return found


def luck_finding(document: Document) -> str:
    """How much of the spread the market explains."""
    parts = {
        name: plan["volatility"]["market_share"]
        for name, plan in plans_with(document, "macro")
        if "market_share" in plan.get("volatility", {})
    }
    low, high = min(parts, key=parts.__getitem__), max(parts, key=parts.__getitem__)
    if low == high:
        return f"The market makes up {share(parts[low])} of the variance of cost; the rest is luck of single accounts."
    return (
        f"The market makes up {share(max(parts[low], 0.0))} ({low}) to {share(parts[high])} ({high}) of the variance of "
        "cost; the rest is luck of single accounts, which no forecast of the market removes."
    )


def accrual_finding(document: Document) -> str:
    """What is accrued and not yet paid when the horizon ends."""
    left = {
        name: sum(each["accrued"] - each.get("cash", each["paid"]) for each in rows)
        for name, rows in plans_with(document, "accrual")
    }
    most = max(left, key=left.__getitem__)
    if left[most] < 1.0:
        return "Every plan pays out what it accrues in the same period."
    return f"At the end of the horizon up to {amount(left[most])} is accrued and not paid out ({most})."


def people_finding(document: Document) -> str:
    """How many seats are filled, and what hires add."""
    people = document.get("headcount", ())
    sentence = ""
    if people:
        seats, hired = people[-1]["seats"], people[-1].get("hires", 0.0)
        low = min(each.get("filled", each["seats"]) for each in people)
        high = max(each.get("filled", each["seats"]) for each in people)
        few = f"Of {counted(seats, 'seat')} {low:.1f} to {high:.1f} are filled."
        sentence = f"{counted(seats, 'seat')}, filled throughout." if low == seats else few
        sentence += f" By {people[-1]['label']}, {hired:g} CSMs are hired." if hired else ""
    added = {
        name: plan["hiring"]["added"]["mean"]
        for name, plan in plans_with(document, "forecast")
        if "added" in plan.get("hiring", {})
    }
    if not added:
        return sentence
    low, high = amount(min(added.values())), amount(max(added.values()))
    adds = low if low == high else f"{low} to {high}, depending on the plan,"
    return f"{sentence} Hires add {adds} over the horizon.".strip()


def benchmark_finding(document: Document) -> str:
    """Where the baseline's pay stands in the market."""
    found = {
        name: plan["benchmark"] for name, plan in plans_with(document, "forecast") if "benchmark" in plan
    }
    baseline = document["study"]["baseline"]
    name = baseline if baseline in found else next(iter(found))
    ratios = {city: found[name]["expected"] / each["typical"] for city, each in found[name]["cities"].items()}
    low, high = min(ratios, key=ratios.__getitem__), max(ratios, key=ratios.__getitem__)
    return (
        f"Under {name} a CSM expects {amount(found[name]['expected'])} a year: {share(ratios[low])} of typical pay in "
        f"{low}, {share(ratios[high])} in {high}."
    )
