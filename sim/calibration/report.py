"""What reports show of a calibration: what it is estimated from, every input, what is not known, and what does not fit."""

from collections.abc import Iterator
from typing import Final

from sim.calibration.figures import lag_curves, ranges
from sim.calibration.observed import tenure
from sim.calibration.result import Calibration
from sim.shapes.report import Report, Said
from sim.shapes.section import Figure, Section
from sim.shapes.table import Column, Kind, Table, Value, table
from sim.shapes.words import counted, listed
from sim.world.scenario import Scenario

DIFFER: Final = (
    "If accounts differ alone: the shifted-beta-geometric law of Fader and Hardie (2007), which knows no market, skill or "
    "health."
)
ENOUGH: Final = 100.0
"""Effective draws with which P5 and P95 lie within a sixth of a standard deviation. Assumption."""
PLAIN: Final = {
    "churn.probability": "churn",
    "churn.dispersion": "how much accounts differ in churn",
    "contraction.probability": "share that shrinks",
    "contraction.size.low": "shrinks by at least",
    "contraction.size.high": "shrinks by at most",
    "uplift.probability": "share that grows at renewal",
    "uplift.size.mean": "grows by, mean",
    "uplift.size.sigma": "grows by, spread of logarithm",
    "expansion.events_per_year": "expansions a year",
    "expansion.size.mean": "expansion, mean share of ARR",
    "expansion.size.sigma": "expansion, spread of logarithm",
    "due.last_month_share": "due in the last month of a quarter",
    "arr.mean": "ARR, mean",
    "arr.sigma": "ARR, spread of logarithm",
    "notice_days": "longest notice",
    "market.persistence": "persistence of the market",
    "dependence.market": "market, share of variance",
    "dependence.skill": "CSM skill, share of variance",
    "dependence.health": "account health, share of variance",
    "dependence.health_persistence": "persistence of health",
    "dependence.timing": "coupling of timing",
    "dependence.amount": "coupling of amount",
    "dependence.expansion": "sensitivity of growth",
}
GROUPS: Final = (
    ("churn", "Who leaves", (".churn.",), "share"),
    ("timing", "When renewals are booked", (".lag[",), "share"),
    (
        "amounts",
        "By how much contracts change",
        (
            ".contraction.",
            ".uplift.probability",
            ".uplift.size.mean",
            ".uplift.size.low",
            ".uplift.size.high",
        ),
        "share",
    ),
    ("growth", "Growth in the term", (".expansion.",), "factor"),
    ("book", "The book", (".term_months.", ".renewed_term_months.", ".due."), "share"),
    ("size", "ARR of accounts", (".arr.mean",), "usd"),
    ("spread", "Spread of ARR and of growth at renewal", (".arr.sigma", ".uplift.size.sigma"), "factor"),
    ("notice", "Notice of who leaves or shrinks", (".notice_days",), "factor"),
    ("returns", "Who comes back", (".win_back[",), "share"),
    ("dependence", "What hangs together", ("dependence.", "market."), "factor"),
)
SCALES: Final[dict[str, Kind]] = {"share": "share", "usd": "usd", "factor": "ratio"}
CHECK_COLUMNS = (
    Column("input", "Input", names=True),
    Column("what", "Statistic", names=True),
    Column("observed", "Observed", "ratio"),
    Column("low", "P0.5", "ratio"),
    Column("high", "P99.5", "ratio"),
    Column("p", "Chance", "p", note="Chance: of something as far out if the fitted model were right."),
)


def _columns(scale: str) -> tuple[Column, ...]:
    """The columns of a table of inputs."""
    kind = SCALES[scale]
    return (
        Column("input", "Input", names=True),
        Column("mean", "Estimate", kind, note="Estimate: mean of the posterior."),
        Column("low", "P5", kind),
        Column("high", "P95", kind),
        Column("observed", "Counted", kind, none="–", note="Counted: in the history, without a model."),
        Column("prior", "Prior", kind, note="Prior: its mean before the history."),
        Column("renewals", "From", "count", note="From: renewals, accounts or expansions that tell of it."),
        Column("known", "Known", note="Known: whether the history narrows the prior by a tenth at least."),
    )


def report_of(found: Calibration) -> Report:
    """The report of a calibration."""
    summary = found.summary
    history = summary.history
    size = (
        f"{counted(history.renewals, 'renewal')} of {counted(history.accounts, 'account')} with "
        f"{counted(history.csms, 'CSM')}, as known at the end of {history.as_of}"
    )
    return Report(
        kind="Calibration",
        title=f"{found.prior.title or found.prior.name}: what its history says",
        size=size,
        plans=(),
        short=tuple(
            said
            for said in (
                Said("known", known(found)),
                Said("open", still_open(found)),
                Said("fit", fits(found)),
            )
            if said.sentence
        ),
        sections=tuple(sections_of(found)),
        origin=f"csmsim {summary.version}, seed {summary.sampler.seed}, {summary.sampler.sweeps:,} sweeps",
    )


def known(found: Calibration) -> str:
    """How many inputs the history tells, and which it does not."""
    unknown, every = found.summary.not_identified, len(found.summary.parameters)
    if len(unknown) == every:
        return "The history tells none of the inputs: the posterior is the prior."
    said = f"The history tells {every - len(unknown)} of {counted(every, 'input')}"
    stay = "stays" if len(unknown) == 1 else "stay"
    names = [f"{called(path, found.prior)!r}" for path in unknown]
    return f"{said}; {listed(names)} {stay} at the prior." if unknown else f"{said}."


def still_open(found: Calibration) -> str:
    """How much is not known yet, and counts as such."""
    history = found.summary.history
    if not history.renewals:
        return ""
    return (
        f"Of {counted(history.renewals, 'renewal')}, {history.kept:,} are booked, {history.lost:,} are lost, and "
        f"{history.open:,} are open: they may still be either."
    )


def how_exact(found: Calibration) -> str:
    """How far the intervals themselves can be trusted."""
    sampler = found.summary.sampler
    if not sampler.sweeps:
        return ""
    said = f"The joint draws are worth {sampler.effective:,.0f} independent ones at least, of any input"
    if sampler.effective >= ENOUGH:
        return f"{said}."
    return f"{said}: ends of intervals are rough; --sweeps {4 * sampler.sweeps:,} makes them finer."


def fits(found: Calibration) -> str:
    """How many checks the fitted world fails."""
    failed, checks = len(found.summary.misfits), len(found.summary.checks)
    if not checks and not failed:
        return "There is too little history to check the fit."
    if not failed:
        return f"All {checks} checks of the fitted model against the history hold."
    return f"{counted(failed, 'thing')} in the history {'does' if failed == 1 else 'do'} not fit the model."


def sections_of(found: Calibration) -> Iterator[Section]:
    """Input by input, then what does not fit."""
    first = True
    for key, title, parts, scale in GROUPS:
        names = {
            path: called(path, found.prior)
            for path in found.summary.parameters
            if any(part in path if part.startswith(".") else path.startswith(part) for part in parts)
        }
        given = [_row(path, name, found) for path, name in names.items()]
        rows = table(
            key, title, _columns(scale), given, brief=("input", "mean", "low", "high", "prior", "renewals")
        )
        if rows is None:
            continue
        pictures: list[Figure | None] = [lag_curves(found)] if key == "timing" else []
        pictures.append(ranges(names, found, scale))
        finding = known(found) if first else ""
        first = False
        figures = tuple(each for each in pictures if each is not None)
        tables = (rows, *_there(_tenures(found))) if key == "churn" else (rows,)
        yield Section("known" if finding else key, title, finding, figures, tables, open=True)
    yield Section("open", "What was read", still_open(found), tables=_there(_read(found)), open=True)
    exact = how_exact(found)
    rests = tuple(f"Note: {each}" for each in (*found.summary.misfits, *([exact] if exact else [])))
    yield Section(
        "fit", "What does not fit", fits(found), tables=_there(_checks(found)), open=True, rests=rests
    )


def called(path: str, prior: Scenario) -> str:
    """An input as reports call it."""
    segment = next((each for each in prior.segment if path.startswith(f"segment.{each.name}.")), None)
    if segment is None:
        return PLAIN.get(path, path.replace("_", " "))
    key = path[len(f"segment.{segment.name}.") :]
    name, _, place = key.partition("[")
    if name == "lag":
        return f"{segment.name}: booked {days_of(segment.lag[int(place.split(']')[0])].days)}"
    if name == "win_back":
        first, last = segment.win_back[int(place.split("]")[0])].days
        return f"{segment.name}: back {first} to {last} days after"
    if name == "due.quarter_weights":
        return f"{segment.name}: due in quarter {int(place.rstrip(']')) + 1}"
    words, _, term = key.partition("months.")
    if term:
        return f"{segment.name}: {words.replace('_', ' ').strip()} {term} months"
    if key.startswith("churn.by_term."):
        return f"{segment.name}: churn, {key.rpartition('.')[2]} months"
    return f"{segment.name}: {PLAIN.get(key, key.replace('_', ' ').replace('.', ' '))}"


def days_of(days: tuple[int, int]) -> str:
    """A band of days in words."""
    first, last = days
    if last <= 0:
        return f"{-last} to {-first} days early" if first < 0 else "on the day"
    return f"{first} to {last} days late" if first > 0 else f"{-first} days early to {last} late"


def _row(path: str, name: str, found: Calibration) -> dict[str, Value]:
    each = found.summary.parameters[path]
    return {
        "input": name,
        "mean": each.mean,
        "low": each.p5,
        "high": each.p95,
        "observed": each.observed,
        "prior": each.prior,
        "renewals": each.renewals,
        "known": "at the prior" if path in found.summary.not_identified else "yes",
    }


def _read(found: Calibration) -> Table | None:
    history = found.summary.history
    rows: list[dict[str, Value]] = [
        {"what": what, "count": count}
        for what, count in (
            ("renewals", history.renewals),
            ("booked", history.kept),
            ("lost", history.lost),
            ("open", history.open),
            ("accounts", history.accounts),
            ("CSMs", history.csms),
            ("expansions", history.expansions),
            ("rows that only later bookings have signed", history.dropped),
            ("bookings on a day of no band", history.outside),
        )
    ]
    return table("read", "What was read", (Column("what", "What"), Column("count", "Count", "count")), rows)


def _tenures(found: Calibration) -> Table | None:
    """Churn by how often an account has renewed, beside the law of accounts that differ and share nothing."""
    rows: list[dict[str, Value]] = []
    for s, segment in enumerate(found.prior.segment):
        each = tenure(found.evidence, s, segment.latest_lag)
        for number in range(0 if each is None else len(each.due)):
            assert each is not None, "it has rows"
            rows.append(
                {
                    "segment": segment.name,
                    "renewal": number + 1,
                    "due": int(each.due[number]),
                    "lost": float(each.lost[number] / each.due[number]),
                    "fitted": float(each.fitted[number]),
                }
            )
    columns = (
        Column("segment", "Segment", names=True),
        Column(
            "renewal",
            "Renewal",
            "count",
            note="Renewal: the first of an account in the history, its second, ...",
        ),
        Column("due", "Known", "count", note="Known: due so long ago that every outcome is known."),
        Column("lost", "Lost", "share"),
        Column("fitted", "If accounts differ alone", "share", note=DIFFER),
    )
    return table("tenure", "Churn by how often an account has renewed", columns, rows)


def _checks(found: Calibration) -> Table | None:
    rows = [
        each.model_dump(include={"input", "what", "observed", "low", "high", "p"})
        for each in found.summary.checks
    ]
    return table("checks", "Checks of the fit", CHECK_COLUMNS, rows)


def _there(*tables: Table | None) -> tuple[Table, ...]:
    return tuple(each for each in tables if each is not None)
