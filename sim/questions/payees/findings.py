"""Sentences on who gains and who loses."""

from sim.engine.changes import FELT
from sim.questions.payees.tables import Told
from sim.questions.stress.limits import FAIL, UNDECIDED, Judged
from sim.shapes.amounts import share
from sim.shapes.words import counted, listed


def winners_finding(told: Told) -> str:
    """Under which plan most CSMs lose, as far as the same worlds tell."""
    losing = {name: entry.lose for name, entry in told.plans.items()}
    worst = max(losing, key=losing.__getitem__)
    if losing[worst] == 0.0:
        where = "Under no plan" if told.certain else "In none of these worlds"
        return f"{where} does a CSM lose more than {share(FELT)} of pay{'' if told.certain else ' under any plan'}."
    most = told.most_lose or tuple(name for name in losing if told.certain and losing[name] == losing[worst])
    worst, *near = most or (worst,)
    whose = "CSMs" if told.certain else "CSMs' worlds"
    how = f"in {share(losing[worst], 1)} of {whose} pay falls by more than {share(FELT)} against {told.baseline}."
    if not most or len(losing) == 1:
        return f"Under {worst}, {how}"
    if not near:
        return f"Most lose under {worst}: {how}"
    if told.certain:
        return f"Under {listed(list(most))} alike, {how}"
    return f"Under which plan most lose cannot be told: {listed(list(most))} are not told apart. Under {worst}, {how}"


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
