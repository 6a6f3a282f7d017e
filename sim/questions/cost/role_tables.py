"""What the roles of a plan cost, and what open territories do to pay, as tables."""

from sim.questions.cost.summary import CostOfPlan
from sim.questions.cost.tables import MEAN, SE
from sim.shapes.fragile import NO_MEAN, SIM_ERROR
from sim.shapes.table import PLAN, Column, Table, plain, table
from sim.shapes.words import counted
from sim.summary.summary import Summary


def roles(summary: Summary) -> Table | None:
    """The cost of each role, of plans in which several roles are paid."""
    by_plan = {name: plan.of(CostOfPlan).cost_by_role for name, plan in summary.plans.items()}
    if all(len(by_role) < 2 for by_role in by_plan.values()):
        return None
    columns = (
        PLAN,
        Column("role", "Role"),
        Column("payees", "Payees", "count"),
        MEAN,
        SE,
        Column("variable", "Variable pay", "usd", mean=True, none=NO_MEAN, brief="Variable"),
        Column("base", "Salaries", "usd"),
        Column("on_cost", "On-cost", "usd", mean=True, none=NO_MEAN),
    )
    rows = (
        plain(entry) | {"plan": name, "role": role}
        for name, by_role in by_plan.items()
        for role, entry in by_role.items()
    )
    return table(
        "cost_by_role",
        "Company cost by role",
        columns,
        rows,
        "Every payee is counted once; the roles of a plan add up to its company cost before planned hires.",
        brief=("plan", "role", "payees", "mean", "variable", "base", "on_cost"),
        short=f"Cost by role [{{unit}} over {summary.study.span}]",
    )


def seats(summary: Summary) -> Table | None:
    """How many territories are open, and what that does to pay; None where nobody leaves."""
    period = summary.study.period
    columns = (
        PLAN,
        Column("role", "Role"),
        Column(
            "open_share",
            "Open",
            "share",
            note=f"Open: CSM-{period}s without a CSM. Hires: who take over a book.",
        ),
        Column("open_share_se", SIM_ERROR, "share"),
        Column("hires", "Hires", "count"),
        Column("salaries_saved", "Salaries not paid", "dollar"),
        Column("pay_held", "Held throughout", "dollar", mean=True, none=NO_MEAN, brief="Held"),
        Column("pay_new", "By a newcomer", "dollar", mean=True, none=NO_MEAN, brief="Newcomer"),
        Column(
            "pay_open",
            "Vacant for a part",
            "dollar",
            mean=True,
            none=NO_MEAN,
            brief="Vacant in part",
            note=f"Held, newcomer, vacant: mean variable pay of a {period} in such a seat.",
        ),
    )
    rows = (
        plain(entry.seats) | {"plan": name, "role": role, "salaries_saved": entry.salaries_saved}
        for name, plan in summary.plans.items()
        for role, entry in plan.of(CostOfPlan).cost_by_role.items()
        if entry.seats is not None
    )
    return table(
        "seats",
        "Open territories, and what they do to pay",
        columns,
        rows,
        _known(summary),
        brief=[column.key for column in columns if not column.key.endswith("_se")],
        short="Open territories, and what they do to pay [$]",
    )


def _known(summary: Summary) -> str:
    """What becomes of the books of those who come and go on days that are known; empty where nobody does."""
    entries = (
        entry.seats for plan in summary.plans.values() for entry in plan.of(CostOfPlan).cost_by_role.values()
    )
    known = next((each for each in entries if each is not None and each.leave is not None), None)
    if known is None:
        return ""
    leavers, joiners = counted(known.leave or 0, "CSM"), counted(known.join or 0, "CSM")
    told = []
    if known.leave:
        told.append(
            f"{leavers} will leave on a day that the people file knows: a cover renews the book for "
            f"{counted(known.covered or 0, 'day')}, then a successor has it on the same terms."
        )
    if known.join:
        told.append(f"{joiners} will take a seat on such a day, which is covered until then.")
    return " ".join(told)
