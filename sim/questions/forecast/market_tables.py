"""Tables of the market in a forecast: cost at its levels, and what of the spread is its and what is luck."""

from sim.questions.cost.tables import MEAN, SE, quantiles
from sim.questions.forecast.summary import Macro, macros, volatilities
from sim.shapes.amounts import number
from sim.shapes.chart import Bars, Lines
from sim.shapes.fragile import SE_NOTE, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, Value, plain, table
from sim.summary.summary import Summary

Cells = dict[str, Value]


def markets(summary: Summary) -> Table | None:
    """Sensitivity: cost at levels of the market."""
    columns = (
        PLAN,
        Column("level", "Market, standard deviations", "ratio"),
        MEAN,
        SE,
        *quantiles("p10", "p50", "p90"),
        Column("change", "against the middle", "usd", signed=True, mean=True),
        Column("change_se", SIM_ERROR, "error", note=SE_NOTE),
    )
    rows = (
        {"plan": name, **plain(level)} for name, macro in macros(summary).items() for level in macro.levels
    )
    note = "The market factor held at one level in every period, on the same draws."
    title = "Sensitivity: company cost as the market moves"
    return table("market_levels", title, columns, rows, note, chart=Lines("level", "p50"))


def volatility(summary: Summary) -> Table | None:
    """Sensitivity beside volatility: how the market moves mean cost, what of the spread is its and what is luck."""
    found = {name: macro for name, macro in macros(summary).items() if macro.volatility is not None}
    if not found:
        return None
    first = next(iter(found.values()))
    middle = level_of(first.against)
    levels = tuple(
        Column(
            _level_key(level.level),
            f"{level_of(level.level)} sd",
            "share",
            signed=True,
            mean=True,
            none="–",
            group=f"Mean cost, against a market of {middle}",
        )
        for level in first.levels
        if level.level != first.against
    )
    spread = "Standard deviation"
    columns = (
        PLAN,
        *levels,
        Column("sd", "Standard deviation", "usd", brief="all", group=spread),
        Column("market_sd", "of the market", "usd", brief="market's", group=spread),
        Column("luck_sd", "of luck", "usd", brief="luck's", group=spread),
        Column("market_share", "Market's part of the variance", "share", none="–", brief="Market's part"),
        Column("market_share_se", SIM_ERROR, "share", note=SE_NOTE),
    )
    rows = [
        {"plan": name, **plain(each), **_moves(found[name])} for name, each in volatilities(summary).items()
    ]
    note = (
        f"The market is held at a level in every {summary.study.period}, on the same draws. Variance = variance of the mean "
        "at a market + mean variance at a market; pairs of worlds share a market."
    )
    return table(
        "volatility",
        "Volatility: the market's part and luck's",
        columns,
        rows,
        note,
        brief=[column.key for column in columns if column.key != "market_share_se"],
        short="Sensitivity to the market, apart from volatility [{unit}]",
        chart=Bars(("market_sd", "luck_sd")),
    )


def _moves(macro: Macro) -> Cells:
    """By level of the market, the change of mean cost as a share of that in the middle."""
    middle = macro.middle.mean
    return {
        _level_key(level.level): level.change / middle
        for level in macro.levels
        if middle and level.change is not None
    }


def _level_key(level: float) -> str:
    return f"change_at_{level:g}_sd"


def level_of(level: float) -> str:
    """A level of the market, in standard deviations."""
    return number(level, 0 if level == round(level) else 1, sign=level != 0.0)
