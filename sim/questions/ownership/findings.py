"""Who should own renewals, in sentences made of the rows of the table of companies."""

from typing import Any

from sim.questions.ownership.tables import factors_that_tip
from sim.shapes.amounts import amount, share
from sim.shapes.words import counted, listed

Document = dict[str, Any]


def ownership_finding(document: Document) -> str:
    """Which role set leaves most, where outcomes may differ; where only cost may, that it is the cost that is compared."""
    found = document["ownership"]
    own, *others = found["companies"]
    if len(own["plans"]) < 2:
        return f"{own['best']} is the only role set: there is nothing to compare it with."
    if not found["outcomes"]:
        return _by_cost(own, others)
    net = amount(own["plans"][own["best"]]["net"] / own["years"])
    first = f"On {own['name']}, {own['best']} leaves most after its cost: {net} of gross margin a year."
    if not own["clear"]:
        first = f"On {own['name']}, {own['best']} and {own['next']} are not told apart by what they leave after their cost."
    first = f"{first}{_tipped(own)}"
    if not others:
        return first
    return f"{first} Of {counted(len(others), 'further company').replace('companys', 'companies')}, {_wins(others)}."


def _tipped(own: Document) -> str:
    """What would make another role set the best one on the study's company."""
    deciding = own.get("deciding")
    if deciding is None or deciding["best"] != own["best"]:
        return ""
    said = ""
    tips = factors_that_tip(deciding)
    if tips:
        others = listed(sorted({best for best in deciding["without"].values() if best != deciding["best"]}))
        said = f" It rests on what is assumed to come of {listed(tips)}: with one of these left out it is {others}."
    levels = deciding["break_even"]
    if levels:
        nearest = min(levels, key=lambda name: abs(levels[name]["log_odds"]))
        fewer = share(1.0 - levels[nearest]["odds"])
        said += f" {nearest} draws level where its odds of losing a renewal are {fewer} lower than assumed."
    return said


def _by_cost(own: Document, others: list[Document]) -> str:
    """Of a study in which the same customers stay under every role set."""
    who = (
        f"{own['best']} costs least"
        if own["clear"]
        else f"{own['best']} and {own['next']} are not told apart by cost"
    )
    sentence = (
        "Only cost was allowed to differ here: the same customers stay under every role set, so this does not say who "
        f"should own renewals. On {own['name']}, {who}"
    )
    if not others:
        return f"{sentence}.{_tipped(own)}"
    return f"{sentence}; of {len(others)} further companies, {_wins(others, 'costs least')}.{_tipped(own)}"


def _wins(others: list[Document], word: str = "leaves most") -> str:
    """On how many companies each role set is clearly first."""
    clear = [each["best"] for each in others if each["clear"]]
    counts = {name: clear.count(name) for name in dict.fromkeys(clear)}
    said = [f"{name} clearly {word} on {count}" for name, count in counts.items()]
    undecided = len(others) - len(clear)
    if undecided:
        said.append(f"on {undecided} it is not decided")
    return listed(said)
