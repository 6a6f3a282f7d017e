"""What a stress suite found, in sentences made of the rows of its tables: what is broken first."""

from collections.abc import Iterator

from sim.questions.stress.case import BASE
from sim.questions.stress.limits import PASS, UNDECIDED
from sim.questions.stress.rows import StressRow, budget_is_judged, stress_rows
from sim.questions.stress.summary import Nearest, Reverse, StressSuite, TornadoEntry
from sim.questions.stress.words import LIMITS, broken, move_of, short
from sim.shapes.amounts import amount, share
from sim.shapes.tail import no_mean_lines
from sim.shapes.words import counted, listed
from sim.summary.estimate import ALLOWED
from sim.summary.no_mean import NoMean


def broken_stress(suite: StressSuite) -> list[str]:
    """Which plans break a limit or the budget, as it is and under stress; empty where none does."""
    rows = [row for row in stress_rows(suite) if row.broken]
    if not rows:
        return []
    plans = list(dict.fromkeys(row.plan for row in rows))
    breaks = "breaks" if len(plans) == 1 else "break"
    names = listed([f"{plan} ({_where(plan, rows)})" for plan in plans])
    sentences = [
        f"{len(plans)} of {counted(len(suite.plans), 'plan')} {breaks} {_what_is_judged(suite)}: {names}."
    ]
    without = [
        f"{row.plan} ({listed([LIMITS[name] for name in row.broken])})" for row in rows if row.stress == BASE
    ]
    return [*sentences, f"Without any stress already: {listed(without)}."] if without else sentences


def _where(plan: str, rows: list[StressRow]) -> str:
    stresses = [row.stress for row in rows if row.plan == plan and row.stress != BASE]
    parts = [BASE] if any(row.plan == plan and row.stress == BASE for row in rows) else []
    return listed(parts + ([f"under {listed(stresses)}"] if stresses else []))


def _what_is_judged(suite: StressSuite, in_full: bool = True) -> str:
    if suite.limits.most:
        return "a limit or the budget" if budget_is_judged(suite) else "a limit"
    if not in_full or suite.study.budget is None:
        return "the budget"
    return f"the budget of {amount(suite.study.budget)}, exceeded in more than {share(ALLOWED)} of worlds"


def heat_finding(suite: StressSuite) -> str:
    """Which plans keep limits and budget, and of which it is not decided; with neither, where cost rises most."""
    if suite.limits.most or suite.study.budget is not None:
        return " ".join(_kept(suite))
    changes = {(row.stress, row.plan): row.change for row in stress_rows(suite) if row.change is not None}
    if not changes:
        return "The study names neither limits nor a budget."
    worst = max(changes.values())
    most = [f"{name}: {plan}" for (name, plan), change in changes.items() if change == worst]
    said = (
        f"Cost rises most under {'; '.join(most)}, {100 * worst:+.1f} %."
        if worst > 0.0
        else "Cost rises under no stress."
    )
    return f"The study names neither limits nor a budget. {said}"


def _kept(suite: StressSuite) -> Iterator[str]:
    rows = stress_rows(suite)
    by_plan = {plan: [row for row in rows if row.plan == plan] for plan in suite.plans}
    kept = [plan for plan, mine in by_plan.items() if all(row.verdict in (None, PASS) for row in mine)]
    unclear = [
        plan
        for plan, mine in by_plan.items()
        if not any(row.broken for row in mine) and any(row.verdict == UNDECIDED for row in mine)
    ]
    what = "every limit" if suite.limits.most else f"the budget of {amount(suite.study.budget or 0.0)}"
    if kept:
        yield f"{listed(kept)} {'keeps' if len(kept) == 1 else 'keep'} {what} under every stress."
    else:
        yield f"No plan surely keeps {what} under every stress."
    if unclear:
        yield f"Not decided by these worlds: {listed(unclear)}."
    yield from dates_between(suite)
    yield from _hardest(suite, rows)


def _hardest(suite: StressSuite, rows: list[StressRow]) -> Iterator[str]:
    """Under which stress most plans break something."""
    fails = {name: sum(bool(row.broken) for row in rows if row.stress == name) for name in suite.stresses}
    most = max(fails.values())
    if most:
        names = [name for name, count in fails.items() if count == most]
        where = BASE if names == [BASE] else f"under {listed(names)}"
        what = _what_is_judged(suite, in_full=False)
        yield f"Most plans break {what} {where}: {most} of {len(suite.plans)}."


def dates_between(suite: StressSuite) -> Iterator[str]:
    """Of each plan whose limit on what dates gain is undecided, both ends of what is known, under the first such stress."""
    told = set()
    for name, plan, outcome in suite.measured():
        judged = outcome.limits.get("exposure")
        if judged is None or judged.verdict != UNDECIDED or plan in told or judged.low is None:
            continue
        told.add(plan)
        upper = "nothing bounds it" if judged.upper is None else f"at most {share(judged.upper, 1)}"
        yield (
            f"Under {name} choosing dates gains CSMs on {plan} at least {share(judged.value, 1)} of variable pay and "
            f"{upper}: whether that keeps to the {share(judged.most, 1)} allowed is not known."
        )


def without_mean(suite: StressSuite) -> list[str]:
    """Why plans are told by medians, of each the first reason."""
    tails: dict[str, NoMean] = {}
    for _, plan, outcome in suite.measured():
        if outcome.tail is not None:
            tails.setdefault(plan, outcome.tail)
    if not tails:
        return []
    reasons = no_mean_lines(tails)
    medians = f"Changes of {listed(list(tails))} are medians of paired differences; limits on a mean stay undecided."
    return [*reasons, medians]


def not_measured(suite: StressSuite) -> Iterator[str]:
    """Why a stress was not measured."""
    for name, stress in suite.stresses.items():
        if stress.not_measured is not None:
            yield f"Under {name} nothing was measured: {_inside(stress.not_measured)}"


def _inside(sentence: str) -> str:
    """A sentence after a colon; what is written in capitals stays."""
    return sentence if sentence[1:2].isupper() else f"{sentence[:1].lower()}{sentence[1:]}"


def tornado_finding(suite: StressSuite, tornado: TornadoEntry) -> str:
    """The inputs that move the baseline's cost most, and whether one of them turns over who is dearer."""
    baseline = suite.study.baseline
    swings = {path: bar.plans[baseline].swing for path, bar in tornado.inputs.items()}
    if not swings:
        return ""
    ordered = sorted((path for path in swings if swings[path] > 0.0), key=swings.__getitem__, reverse=True)
    if not ordered:
        return " ".join([f"No input moves the cost of {baseline}.", *_decided(suite, tornado)])
    first, *others = ordered[:4]
    sentence = f"The cost of {baseline} moves most with {short(first)}: by up to {amount(swings[first])}"
    rest = f"; then with {listed([short(other) for other in others])}" if others else ""
    return " ".join([f"{sentence}{rest}.", *_decided(suite, tornado)])


def _decided(suite: StressSuite, tornado: TornadoEntry) -> Iterator[str]:
    """Whether an input within its range turns a plan from dearer to cheaper than the baseline, or back."""
    baseline = suite.study.baseline
    if len(suite.plans) < 2:
        return
    if not tornado.reversals:
        yield f"No input, moved alone within its range, turns a plan from dearer to cheaper than {baseline} or back."
        return
    turns = [
        f"{reversal.plan} becomes {'dearer' if reversal.after > 0.0 else 'cheaper'} than {baseline} at the {reversal.end} "
        f"end of {short(reversal.input)}"
        for reversal in tornado.reversals
    ]
    yield f"{listed(turns)}."


def reverse_finding(reverse: Reverse) -> str:
    """The plans that are broken as it is, the one that is nearest to it, and those that nothing tried breaks."""
    what, plans = broken(reverse), reverse.plans
    already = [name for name, plan in plans.items() if plan.status == "broken as it is"]
    safe = [name for name, plan in plans.items() if plan.status == "none within reach"]
    sentences = []
    if already:
        sentences.append(f"Without any move the {what} is broken by {listed(already)}.")
    if (nearest := _nearest(plans)) is not None:
        rest = "Of the others, " if already else ""
        names, move = nearest
        near = "is nearest" if len(names) == 1 else "are nearest alike"
        sentences.append(
            f"{rest}{listed(names)} {near} to breaking the {what} by one input: {move} does it alone."
        )
    if safe:
        sentences.append(f"No single input within {reverse.reach:g} steps breaks it under {listed(safe)}.")
    return " ".join(sentences) or f"Nothing can be said of the {what}: no plan could be measured."


def _nearest(plans: dict[str, Nearest]) -> tuple[list[str], str] | None:
    """The plans that one input breaks soonest, one but for ties, and the move that breaks the first."""
    breaks = {name: plan.one for name, plan in plans.items() if plan.one is not None}
    if not breaks:
        return None
    least = min(each.steps for each in breaks.values())
    names = [name for name, each in breaks.items() if each.steps == least]
    (step,) = breaks[names[0]].inputs
    return names, f"{short(step.input)} {move_of(step)}"
