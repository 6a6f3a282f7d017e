"""What reports show of a calibration: what it is estimated from, every input, what is not known, and what does not fit."""

from collections.abc import Iterator

from sim.calibration.figures import lag_curves, ranges
from sim.calibration.result import Calibration
from sim.shapes.report import Report, Said
from sim.shapes.section import Figure, Section
from sim.shapes.table import Column, Table, Value, table
from sim.shapes.words import counted, listed

GROUPS = (
    ("churn", "Who leaves", (".churn.",), "share"),
    ("timing", "When renewals are booked", (".lag[",), "share"),
    ("amounts", "By how much contracts change", (".contraction.", ".uplift."), "share"),
    ("growth", "Growth in the term", (".expansion.",), "factor"),
    ("book", "The book", (".term_months.", ".renewed_term_months.", ".due."), "share"),
    ("size", "ARR of accounts", (".arr.sigma",), "factor"),
    ("returns", "Who comes back", (".win_back[",), "share"),
    ("dependence", "What hangs together", ("dependence.", "market."), "factor"),
)
COLUMNS = (
    Column("input", "Input", names=True),
    Column("mean", "Estimate", "ratio", note="Estimate: mean of the posterior."),
    Column("low", "P5", "ratio"),
    Column("high", "P95", "ratio"),
    Column("observed", "Counted", "ratio", none="–", note="Counted: in the history, without a model."),
    Column("prior", "Prior", "ratio", note="Prior: its mean before the history."),
    Column("renewals", "From", "count", note="From: renewals, accounts or expansions that tell of it."),
    Column("known", "Known", note="Known: whether the history narrows the prior by a tenth at least."),
)
CHECK_COLUMNS = (
    Column("input", "Input", names=True),
    Column("what", "Statistic", names=True),
    Column("observed", "Observed", "ratio"),
    Column("low", "P0.5", "ratio"),
    Column("high", "P99.5", "ratio"),
    Column("p", "Chance", "p", note="Chance: of something as far out if the fitted model were right."),
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
    return f"{said}; {listed(list(unknown))} stay at the prior." if unknown else f"{said}."


def still_open(found: Calibration) -> str:
    """How much is not known yet, and counts as such."""
    history = found.summary.history
    if not history.renewals:
        return ""
    return (
        f"Of {counted(history.renewals, 'renewal')}, {history.kept:,} are booked, {history.lost:,} are lost, and "
        f"{history.open:,} are open: they may still be either."
    )


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
            path: called(path)
            for path in found.summary.parameters
            if any(part in path if part.startswith(".") else path.startswith(part) for part in parts)
        }
        given = [_row(path, name, found) for path, name in names.items()]
        rows = table(key, title, COLUMNS, given, brief=("input", "mean", "low", "high", "prior", "renewals"))
        if rows is None:
            continue
        pictures: list[Figure | None] = [lag_curves(found)] if key == "timing" else []
        pictures.append(ranges(names, found, scale))
        finding = known(found) if first else ""
        first = False
        figures = tuple(each for each in pictures if each is not None)
        yield Section("known" if finding else key, title, finding, figures, (rows,), open=True)
    yield Section("open", "What was read", still_open(found), tables=_there(_read(found)), open=True)
    rests = tuple(f"Note: {each}" for each in found.summary.misfits)
    yield Section(
        "fit", "What does not fit", fits(found), tables=_there(_checks(found)), open=True, rests=rests
    )


def called(path: str) -> str:
    """An input as reports call it."""
    return path.removeprefix("segment.").replace("_", " ")


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


def _checks(found: Calibration) -> Table | None:
    rows = [
        each.model_dump(include={"input", "what", "observed", "low", "high", "p"})
        for each in found.summary.checks
    ]
    return table("checks", "Checks of the fit", CHECK_COLUMNS, rows)


def _there(*tables: Table | None) -> tuple[Table, ...]:
    return tuple(each for each in tables if each is not None)
