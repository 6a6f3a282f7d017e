"""What a comparison says, in a few plain sentences."""

from collections.abc import Iterator
from typing import Any

from sim.report.amounts import amount, share
from sim.report.tail import has_mean

Document = dict[str, Any]


def verdict(document: Document) -> str:
    """Which plans cost more and less than the baseline, and which cannot be told from it."""
    study, plans = document["study"], document["plans"]
    baseline = study["baseline"]
    others = {name: plan["vs_baseline"] for name, plan in plans.items() if name != baseline}
    if not others:
        cost = plans[baseline]["cost"]
        costs = amount(cost["mean"]) if has_mean(cost) else f"{amount(cost['p50'])} in the median world"
        return f"{baseline} costs {costs} over the horizon; there is no plan to compare it with."
    same = [name for name, each in others.items() if each.get("mean") == 0.0 and each["se"] == 0.0]
    without = [name for name, each in others.items() if not has_mean(each)]
    settled = {name: each for name, each in others.items() if name not in same and name not in without}
    unclear = [name for name, each in settled.items() if each["ci95"][0] <= 0.0 <= each["ci95"][1]]
    sentences = [*_ranks(settled, unclear, baseline)]
    sentences += [_by_median(name, others[name], baseline) for name in without]
    if unclear:
        sentences.append(f"Not told apart from {baseline} by these worlds: {', '.join(unclear)}.")
    if same:
        sentences.append(f"The same cost as {baseline} in every world: {', '.join(same)}.")
    return " ".join(sentences)


def _ranks(settled: dict[str, Document], unclear: list[str], baseline: str) -> Iterator[str]:
    """The dearest and the cheapest plan whose mean difference is clear."""
    means = {name: float(each["mean"]) for name, each in settled.items() if name not in unclear}
    if means and max(means.values()) > 0.0:
        most = max(means, key=means.__getitem__)
        yield _by_mean(most, settled[most], baseline, "more", "dearest")
    if means and min(means.values()) < 0.0:
        least = min(means, key=means.__getitem__)
        yield _by_mean(least, settled[least], baseline, "less", "cheapest")


def _by_mean(name: str, difference: Document, baseline: str, word: str, rank: str) -> str:
    low, high = sorted(abs(end) for end in difference["ci95"])
    relative = difference.get("share_of_baseline")
    size = "" if relative is None else f", {share(abs(relative), 1)}"
    dearer = difference["share_dearer"]
    return (
        f"{name} is the {rank}: {amount(abs(difference['mean']))} {word} than {baseline} "
        f"(95 % CI {amount(low)} to {amount(high)}{size}), "
        f"and dearer in {share(dearer) if dearer else 'none'} of the worlds."
    )


def _by_median(name: str, difference: Document, baseline: str) -> str:
    """Of a difference that has no mean."""
    middle = difference["p50"]
    return (
        f"{name} is dearer than {baseline} in {share(difference['share_dearer'])} of the worlds, in the median one by "
        f"{amount(middle)}; its mean does not exist."
    )
