"""Negative carry: what a CSM owes at the end of a window is taken from later pay, or forgiven."""

from sim.files.toml import Table


class Carry(Table):
    """Whether a negative balance outlives the windows of the plan.

    negative : it is netted against later pay; else it is forgiven once every window to date has closed. Nobody ever
               pays back out of pocket.

    Source: Sourcegraph handbook, Commission Processing: "the employee will not have commission wages deducted from
    their pay. Instead, the negative commissions will be netted against future payouts."
    """

    negative: bool = True
