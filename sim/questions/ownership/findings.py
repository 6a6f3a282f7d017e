"""Who should own renewals, in sentences made of the rows of the table of companies."""

from collections.abc import Sequence

from sim.questions.ownership.summary import ComparedCompany, OwnershipEntry
from sim.questions.ownership.tables import factors_that_tip
from sim.shapes.amounts import amount, share
from sim.shapes.words import listed


def ownership_finding(ownership: OwnershipEntry) -> str:
    """Which role set leaves most, where outcomes may differ; where only cost may, that it is the cost that is compared."""
    company, *others = ownership.companies
    if len(company.plans) < 2:
        return f"{company.best} is the only role set: there is nothing to compare it with."
    return (_by_net if ownership.outcomes else _by_cost)(company, others)


def _by_net(company: ComparedCompany, others: Sequence[ComparedCompany]) -> str:
    """Of a study in which outcomes differ between role sets."""
    who = f"{company.best} and {company.next} are not told apart by what they leave after their cost"
    if company.clear:
        net = amount(company.plans[company.best].net / company.years)
        who = f"{company.best} leaves most after its cost: {net} of gross margin a year"
    wins = f" Of {_companies(others)}, {_wins(others, 'leaves most')}." if others else ""
    return f"On {company.name}, {who}.{_tipped(company)}{wins}"


def _by_cost(company: ComparedCompany, others: Sequence[ComparedCompany]) -> str:
    """Of a study in which the same customers stay under every role set."""
    who = f"{company.best} and {company.next} are not told apart by cost"
    if company.clear:
        who = f"{company.best} costs least"
    wins = f"; of {_companies(others)}, {_wins(others, 'costs least')}" if others else ""
    return (
        "Only cost was allowed to differ here: the same customers stay under every role set, so this does not say who "
        f"should own renewals. On {company.name}, {who}{wins}.{_tipped(company)}"
    )


def _tipped(company: ComparedCompany) -> str:
    """What would make another role set the best one on the study's company."""
    deciding = company.deciding
    if deciding is None or deciding.best != company.best:
        return ""
    said = ""
    if tips := factors_that_tip(deciding):
        others = listed(sorted({best for best in (deciding.without or {}).values() if best != deciding.best}))
        said = f" It rests on what is assumed to come of {listed(tips)}: with one of these left out it is {others}."
    if deciding.break_even:
        name, level = min(deciding.break_even.items(), key=lambda found: abs(found[1].log_odds))
        said += f" {name} draws level where its odds of losing a renewal are {share(1.0 - level.odds)} lower than assumed."
    return said


def _companies(others: Sequence[ComparedCompany]) -> str:
    return f"{len(others)} further {'company' if len(others) == 1 else 'companies'}"


def _wins(others: Sequence[ComparedCompany], word: str) -> str:
    """On how many companies each role set is clearly first."""
    clear = [company.best for company in others if company.clear]
    said = [f"{name} clearly {word} on {clear.count(name)}" for name in dict.fromkeys(clear)]
    if undecided := len(others) - len(clear):
        said.append(f"on {undecided} it is not decided")
    return listed(said)
