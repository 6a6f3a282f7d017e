"""Tables of a backtest: the company by cut and period, its CSMs, coverage, skill, and what refutes it."""

from collections.abc import Iterable, Iterator

from sim.questions.backtest.findings import CALLED
from sim.questions.backtest.summary import NAIVES, WHATS, Backtest, CutEntry, Row, What
from sim.shapes.table import Column, Kind, Table, Value, table

TITLES: dict[What, str] = {
    "cost": "Company cost",
    "renewed": "Renewed ARR",
    "grr": "Gross retention (GRR)",
    "attainment": "Attainment, mean of CSMs",
}
BRIEF = ("cut", "period", "actual", "p5", "p50", "p95", "pit", "inside")


def company(found: Backtest, what: What) -> Table | None:
    """The company by period and over the horizon, of every cut."""
    rows = [
        _cells(cut, row)
        for cut in found.cuts
        for row in cut.rows
        if row.csm is None and row.what == what and _told(found, row)
    ]
    kind = kind_of(what)
    unit = "" if kind == "share" else " [{unit}]"
    title = f"{TITLES[what]}: forecast and actual"
    return table(
        f"{what}_company", title, _columns(kind, len(found.cuts) > 1), rows, NOTE, brief=BRIEF,
        short=f"{TITLES[what]}{unit}",
    )  # fmt: skip


NOTE = (
    "P5 to P95: nine worlds in ten. Percentile: share of the worlds below the actual. Miss: continuous ranked probability "
    "score, for a single number how far off it is; smaller is better."
)


def _told(found: Backtest, row: Row) -> bool:
    """Of many cuts the whole horizons alone are shown, unless they are of one period each."""
    return len(found.cuts) == 1 or row.whole or row.what == "attainment"


def _columns(kind: Kind, several: bool) -> tuple[Column, ...]:
    cut = (Column("cut", "Cut"),) if several else ()
    return (
        *cut,
        Column("period", "Period"),
        Column("actual", "Actual", kind),
        Column("p5", "P5", kind, group="Forecast"),
        Column("p50", "Median", kind, group="Forecast"),
        Column("p95", "P95", kind, group="Forecast"),
        Column("pit", "Percentile", "share", group="Actual in the forecast"),
        Column("inside", "Inside", group="Actual in the forecast"),
        Column("crps", "Miss", kind, group="Miss of"),
        Column("crps_last_year", "Last year", kind, group="Miss of"),
        Column("crps_mean_attainment", "Mean", kind, group="Miss of"),
    )


def _cells(cut: CutEntry, row: Row) -> dict[str, Value]:
    period = "whole horizon" if row.whole else cut.labels[int(row.period)]
    return {
        "cut": cut.cut,
        "csm": row.csm,
        "what": CALLED[row.what],
        "period": period,
        "actual": row.actual,
        "p5": row.p5,
        "p50": row.p50,
        "p95": row.p95,
        "pit": row.pit,
        "inside": "yes" if row.inside else "no",
        "crps": row.crps,
        "crps_last_year": row.crps_last_year,
        "crps_mean_attainment": row.crps_mean_attainment,
    }


def kind_of(what: What) -> Kind:
    """How a number is shown."""
    return "usd" if what in ("cost", "renewed") else "share"


def csms(found: Backtest, what: What) -> Table | None:
    """Every CSM over the horizon of every cut, farthest out first."""
    rows = sorted(_of_csms(found, what), key=lambda each: -abs(float(each["pit"] or 0.0) - 0.5))
    kind = kind_of(what)
    columns = (Column("csm", "CSM"), *_columns(kind, len(found.cuts) > 1))
    title = f"{'Variable pay' if what == 'cost' else TITLES[what]} of every CSM over the horizon, farthest out first"
    unit = "" if kind == "share" else " [{unit}]"
    return table(
        f"{what}_csms", title, columns, rows, NOTE,
        brief=("csm", "cut", "actual", "p5", "p50", "p95", "pit", "inside") if what == "cost" else (),
        short=f"Variable pay of CSMs, farthest out first{unit}",
        most=8,
    )  # fmt: skip


def _of_csms(found: Backtest, what: What) -> Iterator[dict[str, Value]]:
    for cut in found.cuts:
        for row in cut.rows:
            if row.csm is not None and row.what == what and row.whole:
                yield _cells(cut, row)


def by_period(found: Backtest) -> Table | None:
    """Every row of CSMs by period: for files."""
    rows = (
        _cells(cut, row) for cut in found.cuts for row in cut.rows if row.csm is not None and not row.whole
    )
    columns = (
        Column("cut", "Cut"),
        Column("csm", "CSM"),
        Column("what", "What"),
        Column("period", "Period"),
        *(Column(key, key, "ratio") for key in ("actual", "p5", "p50", "p95")),
        Column("pit", "Percentile", "share"),
        Column("inside", "Inside"),
    )
    note = "Cost and renewed ARR in usd, the others as shares."
    return table("csms_by_period", "Every CSM by period", columns, rows, note)


def coverage(found: Backtest) -> Table | None:
    """How often the actual was inside the 90 % range, by what."""
    rows = (
        {
            "what": capital(CALLED[each.what]),
            "whose": "company" if each.whose == "company" else "every CSM",
            "rows": each.rows,
            "inside": each.inside,
            "share": each.inside / each.rows,
        }
        for each in found.coverage
    )
    columns = (
        Column("what", "What"),
        Column("whose", "Of"),
        Column("rows", "Compared", "count"),
        Column("inside", "Inside", "count"),
        Column("share", "Share inside", "share"),
    )
    note = "Where the forecast is right 90 % are, in the long run; more where many worlds share a value, such as no pay."
    keys = tuple(each.key for each in columns)
    return table("coverage", "Actuals inside the 90 % range", columns, rows, note, brief=keys)


def skills(found: Backtest) -> tuple[Table, ...]:
    """Miss of the forecast beside those of naive ones: amounts, then shares."""
    return there(*(_skill(found, kind) for kind in ("usd", "share")))


def _skill(found: Backtest, kind: Kind) -> Table | None:
    money = kind == "usd"
    rows: Iterator[dict[str, Value]] = (
        {
            "what": capital(CALLED[each.what]),
            "naive": NAIVES[each.naive],
            "crps": each.crps,
            "crps_naive": each.crps_naive,
            "skill": each.skill,
        }
        for each in found.skills
        if kind_of(each.what) == kind
    )
    columns = (
        Column("what", "What"),
        Column("naive", "Against"),
        Column("crps", "Forecast", kind, group="Miss (CRPS) of"),
        Column("crps_naive", "Naive", kind, group="Miss (CRPS) of"),
        Column("skill", "Less by", "share", signed=True),
    )
    title = f"By how much forecasts missed, of the company by period: {'amounts' if money else 'shares'}"
    note = "Mean over periods; of a single number the CRPS is the absolute error."
    keys = tuple(each.key for each in columns)
    short = "By how much forecasts missed, of the company by period"
    return table(
        "skill" if money else "skill_shares", title, columns, rows, note, brief=keys,
        short=f"{short} [{{unit}}]" if money else short,
    )  # fmt: skip


def capital(name: str) -> str:
    """With a capital at its head."""
    return name[:1].upper() + name[1:]


def evidence(found: Backtest) -> Table | None:
    """What speaks against the forecast."""
    rows: Iterator[dict[str, Value]] = (
        {
            "what": "CSMs inside their ranges of pay"
            if each.what == "csms"
            else f"{capital(CALLED[each.what])} over the horizon",  # type: ignore[index]
            "cuts": each.cuts,
            "p": each.p,
        }
        for each in found.tests
    )
    columns = (Column("what", "What"), Column("cuts", "Cuts", "count"), Column("p", "p", "p"))
    note = (
        "p: chance of something as unlikely where the forecast is right. Cuts: those a year or more apart, whose horizons "
        "do not overlap."
    )
    return table(
        "evidence", "Does anything refute the forecast?", columns, rows, note, brief=("what", "cuts", "p")
    )


def cuts(found: Backtest) -> Table | None:
    """What was known at each cut."""
    rows = (
        {
            "cut": each.cut,
            "periods": each.periods,
            "accounts": each.accounts,
            "assumed": each.assumed or None,
            "left_out": each.left_out or None,
            "not_compared": each.not_compared or None,
            "inside": None if each.pay is None else each.pay.inside,
            "csms": None if each.pay is None else each.pay.csms,
            "low": None if each.pay is None else each.pay.low,
            "high": None if each.pay is None else each.pay.high,
        }
        for each in found.cuts
    )
    columns = (
        Column("cut", "Cut"),
        Column("periods", f"{found.period.capitalize()}s", "count"),
        Column("accounts", "Open contracts", "count"),
        Column(
            "assumed", "Due date assumed", "count", note="Due date assumed: a term after the last renewal."
        ),
        Column("left_out", "Long past due", "count", note="Long past due: taken as lost."),
        Column("not_compared", "CSMs not compared", "count"),
        Column("inside", "Inside", "count", group="CSMs inside their range of pay"),
        Column("csms", "Of", "count", group="CSMs inside their range of pay"),
        Column("low", "P5", "count", group="CSMs inside their range of pay"),
        Column("high", "P95", "count", group="CSMs inside their range of pay"),
    )
    note = "P5, P95: of the number inside, were one of the worlds the actual."
    brief = ("cut", "periods", "accounts", "inside", "csms", "low", "high")
    return table("cuts", "The days on which the forecast was made", columns, rows, note, brief=brief)


def there(*tables: Table | None) -> tuple[Table, ...]:
    """Those that have something to say."""
    return tuple(each for each in tables if each is not None)


def companies(found: Backtest) -> Iterable[Table]:
    """The company's tables."""
    return there(*(company(found, what) for what in WHATS))
