"""The calibrated scenario: the prior's document with what the history says in its place, and the source of every value."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sim.calibration.values import put
from sim.world.scenario import Scenario, scenario_of

POSTERIOR: Final = "posterior.parquet"
DIGITS: Final = 6
WHOLE: Final = "notice_days"


def calibrated(
    prior: Scenario,
    values: Mapping[str, float],
    sources: Mapping[str, str],
    book: Mapping[str, tuple[int, int]],
) -> dict[str, Any]:
    """The document of the calibrated scenario, without its draws.

    values  : by path; what is not among them is as the prior has it.
    sources : of values, by path; of all else those of the prior stand.
    book    : CSMs and accounts of each segment, by its name.
    """
    document: dict[str, Any] = _plain(prior.model_dump(exclude_none=True, exclude_unset=True))
    document.pop("uncertainty", None)
    if prior.book.file is not None:
        document["book"]["file"] = str((prior.folder / prior.book.file).resolve())
    document["name"] = prior.name
    document["title"] = f"{(prior.title or prior.name)[:160]}: as its history says"
    for segment in document["segment"]:
        _make_room(segment, values, book[segment["name"]])
    for path, value in values.items():
        put(document, path, round(value) if path.endswith(WHOLE) else float(f"{value:.{DIGITS}g}"))
    for segment in document["segment"]:
        _sum_to_one(segment)
    document["sources"] = _sources(prior, document, sources)
    return document


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    return [_plain(value) for value in node] if isinstance(node, tuple | list) else node


def _make_room(segment: dict[str, Any], values: Mapping[str, float], book: tuple[int, int]) -> None:
    """Room for values that the prior leaves out, and the size of the book."""
    at = f"segment.{segment['name']}."
    mine = [path[len(at) :] for path in values if path.startswith(at)]
    csms, accounts = book
    if csms and isinstance(segment.get("arr"), dict) and "mean" in segment["arr"]:
        segment["csms"], segment["arr"]["accounts"] = csms, max(round(accounts / csms), 1)
    for key in ("term_months", "renewed_term_months"):
        if any(path.startswith(f"{key}.") for path in mine):
            segment[key] = {}
    if any(path.startswith("due.quarter_weights") for path in mine):
        segment.setdefault("due", {})["quarter_weights"] = [0.0] * 4
    for key in ("contraction", "uplift", "expansion"):
        if any(path.startswith(f"{key}.size.") for path in mine):
            segment.setdefault(key, {})["size"] = {}


def _sum_to_one(segment: dict[str, Any]) -> None:
    """What rounding leaves goes to the largest share."""
    for key in ("term_months", "renewed_term_months"):
        _make_whole(segment.get(key, {}))
    bands = {place: band["share"] for place, band in enumerate(segment.get("lag", []))}
    for place, share in _make_whole(bands).items():
        segment["lag"][place]["share"] = share
    weights = dict(enumerate(segment.get("due", {}).get("quarter_weights", [])))
    if weights:
        segment["due"]["quarter_weights"] = list(_make_whole(weights).values())


def _make_whole(shares: dict[Any, float]) -> dict[Any, float]:
    if shares:
        largest = max(shares, key=lambda key: shares[key])
        shares[largest] = 1.0 - sum(share for key, share in shares.items() if key != largest)
    return shares


def _sources(prior: Scenario, document: dict[str, Any], sources: Mapping[str, str]) -> dict[str, str]:
    """The source of every value, or of the list that it stands in; then those of the prior, for all else."""
    known = scenario_of(document | {"sources": {}}).keys()
    found: dict[str, str] = {}
    for path, said in sources.items():
        key = path.partition("[")[0]
        if key in known:
            found.setdefault(key, said)
    for key, said in prior.sources.items():
        if key in known and key not in found:
            some = any(path.startswith(f"{key}.") for path in found)
            found[key] = f"prior, for what is not named by itself: {said}" if some else f"prior: {said}"
    return found


def check(document: Mapping[str, Any], path: Path) -> Scenario:
    """The scenario that a document says.

    Raises: InputError where it is none.
    """
    return scenario_of(document, str(path))


def text_of(document: Mapping[str, Any], draws: bool) -> str:
    """The text of the scenario's file. draws : whether every world is to live on one of the joint draws beside it."""
    import tomlkit

    written = dict(document)
    sources = written.pop("sources")
    if draws:
        written["uncertainty"] = {"draws": POSTERIOR}
    return tomlkit.dumps(written | {"sources": sources})
