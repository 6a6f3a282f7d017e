"""Sentences on who gains and who loses."""

from sim.engine.changes import FELT
from sim.questions.payees.tables import Told
from sim.questions.stress.limits import FAIL, UNDECIDED, Judged
from sim.shapes.amounts import share
from sim.shapes.words import counted, listed


def winners_finding(told: Told) -> str:
    """Under which plan most CSMs lose."""
    losing = {name: entry.lose for name, entry in told.plans.items()}
    worst = max(losing, key=losing.__getitem__)
    if losing[worst] == 0.0:
        return f"Under no plan does a CSM lose more than {share(FELT)} of pay."
    whose = "CSMs" if told.certain else "CSMs' worlds"
    return (
        f"Most lose under {worst}: in {share(losing[worst])} of {whose} pay falls by more than {share(FELT)} against "
        f"{told.baseline}."
    )


def cut_sentences(told: Told) -> list[str]:
    """Which plans take more CSMs' pay than the limit allows, and of which these worlds do not decide it."""
    cuts = {name: entry.cut for name, entry in told.plans.items() if entry.cut is not None}
    broken = [_told(name, cut) for name, cut in cuts.items() if cut.verdict == FAIL]
    open_ = [_told(name, cut) for name, cut in cuts.items() if cut.verdict == UNDECIDED]
    found = []
    if broken:
        most = next(iter(cuts.values())).most
        takes = "takes" if len(broken) == 1 else "take"
        found.append(
            f"{len(broken)} of {counted(len(cuts), 'plan')} {takes} pay from more CSMs than the limit of {share(most)} "
            f"allows: {listed(broken)}."
        )
    if open_:
        found.append(f"Not decided by these worlds whether the limit on lost pay is kept: {listed(open_)}.")
    return found


def _told(name: str, cut: Judged) -> str:
    return f"{name} ({share(cut.value, 1)} of CSMs' worlds)"
