"""Sentences on what is not known, computed from the rows of the tables beside them."""

from sim.questions.uncertainty.summary import effects, spreads, unknown_of
from sim.shapes.amounts import amount, share
from sim.shapes.words import counted, ends_of
from sim.summary.summary import Summary


def unknown_finding(summary: Summary) -> str:
    """How much of the spread of cost is not known, and which input most of it is."""
    found, unknown = spreads(summary), unknown_of(summary)
    assert unknown is not None
    if not found:
        draws = f"{counted(unknown.used, 'draw')} of {counted(len(unknown.inputs), 'input')}"
        return f"These worlds live on {draws}: too few to tell luck from what is not known."
    name = summary.study.baseline if summary.study.baseline in found else next(iter(found))
    each = found[name]
    spread = f"Under {name}, cost spreads by {amount(each.sd)}"
    most = min(max(each.share_unknown, 0.0) + 2.0 * each.share_unknown_se, 1.0)
    if each.share_unknown < 2.0 * each.share_unknown_se:
        little = f"nearly all of it luck: at most {share(most)} of the variance is what is not known of the inputs."
        return f"{spread}, {little} {_widest(summary, name)}"
    part = f"{share(each.share_unknown)} ± {100.0 * each.share_unknown_se:.0f} of the variance"
    parts = (
        f"{spread}: {amount(each.sd_unknown)} by what is not known of the inputs ({part}), "
        f"{amount(each.sd_luck)} by luck."
    )
    return f"{parts} {_range(summary, name)} {_widest(summary, name)}".replace("  ", " ").strip()


def _range(summary: Summary, told: str) -> str:
    """How the other plans compare."""
    shares = {name: each.share_unknown for name, each in spreads(summary).items()}
    low, high = ends_of(shares)
    if len(shares) < 2 or share(max(shares[low], 0.0)) == share(max(shares[high], 0.0)):
        return ""
    return f"Of all plans it is {share(max(shares[low], 0.0))} ({low}) to {share(max(shares[high], 0.0))} ({high})."


def _widest(summary: Summary, name: str) -> str:
    """The input that moves the plan's cost most, where the worlds tell it."""
    unknown, inputs = unknown_of(summary), effects(summary).get(name, {})
    assert unknown is not None
    told = {path: each for path, each in inputs.items() if each.told}
    if not told:
        return (
            f"Of {counted(len(inputs), 'input')} none moves mean cost by more than these worlds can be wrong."
        )
    path, each = next(iter(told.items()))
    ends = unknown.inputs[path]
    moved = f"from {ends.p5:.3g} to {ends.p95:.3g} mean cost moves by {amount(each.change, sign=True)}"
    return (
        f"Most is moved by {path}: {moved}; "
        f"{len(told)} of {counted(len(inputs), 'input')} {'is' if len(told) == 1 else 'are'} told to move it at all."
    )
