"""From a history folder to a scenario: what each input is, how sure that is, and what the history cannot tell."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from sim.calibration.checks import Fitted, checks_of, misfits_of
from sim.calibration.counted import Counted, counted_values
from sim.calibration.evidence import Evidence, make_evidence, seen_in
from sim.calibration.facts import Facts, make_facts
from sim.calibration.model import EITHER, KEPT, LARGER, LOST, NOT_DUE, SMALLER, Floats
from sim.calibration.observed import plain_facts, plain_shares
from sim.calibration.prior import WORTH, Prior, Seen, draw_prior, make_prior
from sim.calibration.reading import read_known
from sim.calibration.result import Calibration
from sim.calibration.sample import CHAINS, Sampled, sample
from sim.calibration.scenario import calibrated, check, text_of
from sim.calibration.summary import Calibrated, History, Parameter, Sampler
from sim.calibration.values import values_of
from sim.engine.pool import Workers
from sim.version import __version__
from sim.world.scenario import Scenario

DRAWS: Final = 1_000
PRIOR_DRAWS: Final = 4_000
HARDLY: Final = 0.9
"""A value whose standard deviation is more than this part of its prior's is not identified. Assumption."""


class Estimates(NamedTuple):
    """Draws of every estimated value before and after, and from how many observations. By path."""

    after: dict[str, Floats]
    before: dict[str, Floats]
    number: dict[str, int]


def calibrate(
    folder: Path,
    prior: Scenario,
    as_of: date | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    sweeps: int | None = None,
    workers: Workers | None = None,
) -> Calibration:
    """Estimate every input of a scenario from a history folder, as of the end of a day.

    draws  : joint draws that are kept.
    sweeps : of each chain, instead of the more, the smaller the history.
    workers : run the chains, else a thread for each.

    Raises: InputError with every problem of the files, or where segments are not those of the prior.
    """
    known = read_known(folder, prior, as_of)
    nothing = np.zeros(len(prior.segment), dtype=np.bool_)
    layout = make_prior(prior, Seen(*([nothing] * 5)))
    evidence = make_evidence(known, prior, layout.groups)
    believed = make_prior(prior, seen_in(evidence, len(prior.segment)))
    facts = make_facts(evidence, prior)
    counts = (evidence.periods, len(evidence.csms))
    found = sample(evidence.rows, evidence.cells, believed, *counts, draws, seed, progress, sweeps, workers)
    estimates = _estimates(evidence, facts, believed, prior, found, draws, seed)
    seen = plain_shares(evidence, believed, prior) | plain_facts(evidence, facts, prior)
    parameters = {path: _parameter(path, estimates, seen) for path in estimates.after}
    unknown = tuple(path for path, each in parameters.items() if _hardly(each))
    values = _values(parameters, unknown, prior)
    sources = {path: _source(path, parameters, unknown, prior) for path in parameters}
    book = {each.name: (facts.csms[s], facts.accounts[s]) for s, each in enumerate(prior.segment)}
    sources |= {
        f"segment.{name}.csms": f"counted in the history: {csms:,} hold {accounts:,} accounts"
        for name, (csms, accounts) in book.items()
        if csms
    }
    document = calibrated(prior, values, sources, book)
    check(document, folder)
    checks = checks_of(evidence, facts, Fitted(estimates.after, prior, believed.groups), seed)
    outside = int(evidence.outside.sum())
    kept = int((evidence.rows.kind == KEPT).sum())
    summary = Calibrated(
        scenario=prior.name,
        prior=str(prior.source.name),
        history=_history(evidence, known.dropped),
        parameters=parameters,
        not_identified=unknown,
        misfits=misfits_of(checks, outside, kept),
        checks=checks,
        sampler=_sampler(found, believed, draws, seed),
        version=__version__,
    )
    return Calibration(
        summary,
        text_of(document, draws=True),
        estimates.after,
        estimates.before,
        evidence,
        facts,
        prior,
        believed,
    )


def _estimates(
    evidence: Evidence, facts: Facts, believed: Prior, prior: Scenario, found: Sampled, draws: int, seed: int
) -> Estimates:
    after = values_of(found.x, believed, prior)
    before = values_of(draw_prior(believed, PRIOR_DRAWS, seed), believed, prior)
    number = {path: _observed(path, evidence, believed, prior) for path in after}
    counted: Mapping[str, Counted] = counted_values(evidence, facts, prior, draws, seed)
    return Estimates(
        after | {path: each.draws for path, each in counted.items()},
        before | {path: each.prior for path, each in counted.items()},
        number | {path: each.number for path, each in counted.items()},
    )


def _observed(path: str, evidence: Evidence, believed: Prior, prior: Scenario) -> int:
    """From how many renewals, or expansions, a value is estimated."""
    rows = evidence.rows
    due = rows.kind != NOT_DUE
    if not path.startswith("segment."):
        if path == "market.persistence":
            return len(np.unique(rows.period[due]))
        return int(due.sum())
    s = max(
        (s for s, each in enumerate(prior.segment) if path.startswith(f"segment.{each.name}.")),
        key=lambda s: len(prior.segment[s].name),
    )
    own, key = due & (rows.segment == s), path[len(f"segment.{prior.segment[s].name}.") :]
    if key.startswith("churn.") and key != "churn.dispersion":
        term = key.removeprefix("churn.by_term.") if "by_term" in key else ""
        return int((own & (rows.group == believed.groups.index((s, term)))).sum())
    if key.startswith("lag"):
        return int((own & (rows.kind == KEPT)).sum())
    if key.startswith(("contraction", "uplift")):
        return int((own & (rows.kind == KEPT) & (rows.amount >= SMALLER) & (rows.amount <= LARGER)).sum())
    if key.startswith("win_back"):
        return int((own & ((rows.kind == LOST) | (rows.kind == EITHER))).sum())
    if key.startswith("expansion"):
        cells = evidence.cells
        return int(cells.events[rows.segment[cells.contract] == s].sum())
    return int(own.sum())


def _parameter(path: str, estimates: Estimates, seen: Mapping[str, float]) -> Parameter:
    after, before = estimates.after[path], estimates.before[path]
    p5, p50, p95 = (float(each) for each in np.quantile(after, (0.05, 0.5, 0.95)))
    return Parameter(
        mean=float(after.mean()),
        sd=float(after.std()),
        p5=p5,
        p50=p50,
        p95=p95,
        prior=float(before.mean()),
        prior_sd=float(before.std()),
        observed=seen.get(path),
        renewals=estimates.number[path],
        prior_weight=WORTH,
    )


def _hardly(each: Parameter) -> bool:
    """Whether the history says next to nothing of a value."""
    return each.renewals == 0 or each.sd > HARDLY * each.prior_sd


def _values(
    parameters: Mapping[str, Parameter], unknown: tuple[str, ...], prior: Scenario
) -> dict[str, float]:
    """What the scenario gets: means; of what is not identified, what the prior scenario has, unless shares have to sum."""
    from sim.world.place import UnknownInputError, places

    together = (".lag[", ".term_months.", ".renewed_term_months.", ".due.quarter_weights[")
    values = {}
    for path, each in parameters.items():
        values[path] = each.mean
        if path in unknown and not any(part in path for part in together):
            try:
                found = places(prior, path)
            except UnknownInputError:
                continue
            if len(found) == 1 and found[0].value is not None:
                values[path] = float(found[0].value)
    shared = [f"dependence.{name}" for name in ("market", "skill", "health")]
    if sum(values.get(path, 0.0) for path in shared) >= 1.0:
        values |= {path: parameters[path].mean for path in shared if path in parameters}
    return values


def _source(path: str, parameters: Mapping[str, Parameter], unknown: tuple[str, ...], prior: Scenario) -> str:
    """Where a value comes from; of lists, where all of them do."""
    key = path.partition("[")[0]
    mine = {other: each for other, each in parameters.items() if other.partition("[")[0] == key}
    if all(other in unknown for other in mine):
        said = next(
            (text for told, text in prior.sources.items() if key == told or key.startswith(f"{told}.")), ""
        )
        return f"prior: {said}" if said else "prior: the history does not tell"
    number = max(each.renewals for each in mine.values())
    spans = [f"{each.p5:.3g} to {each.p95:.3g}" for each in mine.values()]
    what = observed_as(path, number)
    if len(spans) == 1:
        return f"estimated from {number:,} {what}, 90 % interval {spans[0]}"
    return f"estimated from {number:,} {what}, 90 % intervals {'; '.join(spans)}"


def observed_as(path: str, number: int) -> str:
    """What a value is estimated from, in words."""
    one = number == 1
    if path == "market.persistence":
        return "period" if one else "periods"
    if ".expansion." in path:
        return "expansion" if one else "expansions"
    if ".arr." in path or ".due." in path or ".term_months." in path:
        return "account" if one else "accounts"
    return "renewal" if one else "renewals"


def _history(evidence: Evidence, dropped: int) -> History:
    kind = evidence.rows.kind
    return History(
        as_of=str(evidence.as_of),
        renewals=int((kind != NOT_DUE).sum()),
        kept=int((kind == KEPT).sum()),
        lost=int((kind == LOST).sum()),
        open=int((kind == EITHER).sum()),
        accounts=len({each.name for each in evidence.customers}),
        csms=len(evidence.csms),
        expansions=int(evidence.cells.events.sum()),
        dropped=dropped,
        outside=int(evidence.outside.sum()),
    )


def _sampler(found: Sampled, believed: Prior, draws: int, seed: int) -> Sampler:
    free = believed.layout.free
    return Sampler(
        sweeps=found.sweeps,
        chains=CHAINS,
        draws=draws,
        effective=float(found.effective[free].min()),
        agreement=float(found.agreement[free].max()),
        seed=seed,
    )
