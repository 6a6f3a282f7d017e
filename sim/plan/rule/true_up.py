"""True-up: of a window to date, each period is paid what it adds."""

from sim.plan.rule.earnings import Earnings, Setting, with_pay
from sim.plan.window import true_up
from sim.plan.worksheet import Worksheet


class TrueUp:
    """Every period has earned what its window has earned to date, less what it had earned the period before.

    It stands in every plan, after the rules that look at windows and before those that look at periods.
    """

    def act(self, earnings: Earnings, sheet: Worksheet, setting: Setting) -> Earnings:
        """Pay by period; negative where a window has lost attainment."""
        return with_pay(
            earnings,
            {
                name: true_up(each.window, each.pay, sheet)
                for name, each in earnings.items()
                if each.window is not None and each.window.to_date
            },
        )
