"""What the summary says of who should own renewals."""

from sim.summary.entry import ABSENT, Entry, Part, count, measured, share, text, usd


class AssumedEffect(Entry):
    """A row ``[[ownership.effect]]``: how an outcome differs when the owners of a role set are in charge."""

    role_set: str = text("Whose owners are in charge.")
    outcome: str = text("churn, uplift, expansion or multi_year.")
    always: float = measured("log odds", "What is always there; of uplift and expansion in logarithms.")
    sales_process: float = measured("log odds", "At a relational sale.")
    complexity: float = measured("log odds", "At a complex product.")
    scale: float = measured("log odds", "At a specialised company.")
    source: str = text("Who says so, or that it is assumed.")


class SurveyFigure(Entry):
    """What a survey found: context, and no input."""

    what: str = text("Of whom it speaks.")
    share: float = share("Of those who were asked.")
    source: str = text("The survey.")


class Difference(Entry):
    """Between two role sets, world by world, over the horizon: a mean, or a median where one of them has no mean."""

    mean: float | None = usd("Of worlds.", ABSENT)
    median: float | None = usd("Of worlds, in the place of a mean.", ABSENT)
    se: float = usd("Standard error.")
    ci95: tuple[float, float] | None = usd("95 % interval; absent where worlds are too few.", ABSENT)

    @property
    def middle(self) -> float:
        """The mean, or the median in its place. [usd]"""
        middle = self.median if self.mean is None else self.mean
        assert middle is not None, "one of the two"
        return middle


class RoleSetOnCompany(Entry):
    """A role set on one company, over the horizon."""

    cost: float = usd("Company cost: mean, or median where it has no mean.")
    cost_se: float = usd("Standard error.")
    served: float = measured("ARR-years", "ARR in force, summed over the horizon: what customers pay for.")
    served_se: float = measured("ARR-years", "Standard error.")
    closing_arr: float = usd("ARR at the end of the horizon.")
    closing_arr_se: float = usd("Standard error.")
    grr: float = share("Gross revenue retention of a year.")
    grr_se: float = share("Standard error.")
    net: float = usd("Gross margin on what was served, less cost and tools: mean, or median.")
    net_se: float = usd("Standard error.")
    net_vs_baseline: Difference = text("What it leaves less what the baseline leaves.")
    gain_needed: float | None = share(
        "Of the baseline's ARR: how much more of it pays for the difference in cost.", ABSENT
    )
    gain_needed_se: float | None = share("Standard error.", ABSENT)
    gain_found: float | None = share("Of the baseline's ARR: how much more of it is simulated.", ABSENT)
    gain_found_se: float | None = share("Standard error.", ABSENT)
    statistic: str | None = text("median, where cost has no mean.", None)


class BreakEven(Entry):
    """Where a role set draws level with the best one."""

    log_odds: float = measured("log odds", "Added to those of losing a renewal.")
    log_odds_se: float = measured("log odds", "Standard error.")
    odds: float = measured("factor", "The same, on the odds of losing a renewal.")


class Deciding(Entry):
    """What decides on one company, in worlds of its own."""

    best: str = text("The role set that leaves most on average.")
    worlds: int = count("Simulated for each change.")
    without: dict[str, str] | None = text("By factor: the best role set when no effect has it.", None)
    break_even: dict[str, BreakEven] = text("By role set, of those that draw level within reach.")


class ComparedCompany(Entry):
    """Every role set on the worlds of one company."""

    name: str = text("Of the company.")
    segment: str | None = text("Which customers it has; absent of the study's own company.", None)
    csms: int = count("Books.")
    complexity: float = measured("factor", "Of its product: 0 simple, 1 complex.")
    scale: float = measured("factor", "0 lean, 1 specialised.")
    sales_process: float | None = measured("factor", "0 transactional, 1 relational.", ABSENT)
    worlds: int = count("Simulated.")
    years: float = measured("year", "Length of the horizon.")
    plans: dict[str, RoleSetOnCompany] = text("By role set.")
    best: str = text("The role set that leaves most.")
    next: str | None = text("The one after it; absent where there is none.", None)
    ahead: Difference | None = text("What the best one leaves more than the next.", None)
    clear: bool = text("Whether the two are told apart.")
    deciding: Deciding | None = text("What decides; absent without a second role set.", None)


class OwnershipEntry(Entry):
    """The answer of an ownership study."""

    outcomes: bool = text("Whether outcomes may differ between role sets, or only cost.")
    gross_margin: float = share("Of ARR in force.")
    tooling: float = usd("What a payee's tools cost.", per="year")
    sales_process: dict[str, float] = measured("factor", "By segment: 0 transactional, 1 relational.")
    effects: tuple[AssumedEffect, ...] = text("How outcomes are assumed to differ.")
    companies: tuple[ComparedCompany, ...] = text("The study's own company first.")
    survey: tuple[SurveyFigure, ...] = text("For context.")


class OwnershipOfStudy(Part):
    """Who should own renewals."""

    ownership: OwnershipEntry | None = text("Absent where the study does not ask.", None)
