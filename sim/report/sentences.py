"""What a comparison says, in a few plain sentences."""

from typing import Any

from sim.report.amounts import amount, share

Document = dict[str, Any]


def verdict(document: Document) -> str:
    """Which plans cost more and less than the baseline, and which cannot be told from it."""
    study, plans = document["study"], document["plans"]
    baseline = study["baseline"]
    others = {name: plan["vs_baseline"] for name, plan in plans.items() if name != baseline}
    if not others:
        mean = plans[baseline]["cost"]["mean"]
        return f"{baseline} costs {amount(mean)} over the horizon; there is no plan to compare it with."
    same = [name for name, each in others.items() if each["mean"] == 0.0 and each["se"] == 0.0]
    unclear = [name for name, each in others.items() if name not in same and _holds_zero(each["ci95"])]
    clear = [name for name in others if name not in same and name not in unclear]
    sentences = []
    dearer = [name for name in clear if others[name]["mean"] > 0.0]
    cheaper = [name for name in clear if others[name]["mean"] < 0.0]
    if dearer:
        most = max(dearer, key=lambda name: float(others[name]["mean"]))
        sentences.append(_one(most, others[most], baseline, "more", "dearest"))
    if cheaper:
        least = min(cheaper, key=lambda name: float(others[name]["mean"]))
        sentences.append(_one(least, others[least], baseline, "less", "cheapest"))
    if unclear:
        sentences.append(f"Not told apart from {baseline} by these worlds: {', '.join(unclear)}.")
    if same:
        sentences.append(f"The same cost as {baseline} in every world: {', '.join(same)}.")
    return " ".join(sentences)


def _one(name: str, difference: Document, baseline: str, word: str, rank: str) -> str:
    low, high = sorted(abs(end) for end in difference["ci95"])
    relative = difference.get("share_of_baseline")
    size = "" if relative is None else f", {share(abs(relative), 1)}"
    return (
        f"{name} is the {rank}: {amount(abs(difference['mean']))} {word} than {baseline} "
        f"(95 % CI {amount(low)} to {amount(high)}{size}), "
        f"and dearer in {share(difference['share_dearer']) if difference['share_dearer'] else 'none'} of the worlds."
    )


def _holds_zero(interval: list[float]) -> bool:
    return interval[0] <= 0.0 <= interval[1]
