"""Band gap: days inside the late window that no written tier names."""

from collections.abc import Iterator

from sim.plan.lint.fault import Finding, Subject


def find(subject: Subject) -> Iterator[Finding]:
    """The days after the last late tier and inside the window, on which a renewal earns nothing.

    A gap between written intervals of a payout curve is refused on reading; this one is not, it may be meant.

    Source: Compensating Customer Success Managers (founding document), its tiers of late credit reach the end of the
    window.
    """
    crediting = subject.component.crediting
    if not crediting.late_bands:
        return
    last, window = crediting.late_bands[-1].through_day, crediting.late_window_days
    if last < window:
        yield Finding(
            subject.clause("crediting.late_bands"),
            float(window - last),
            "day",
            f"days {last + 1} to {window} late earn nothing",
            f"A renewal booked {last + 1} to {window} days late is inside the window and in no tier: it earns "
            f"{crediting.late_at(last + 1):g} of its amount on {window - last} days.",
        )
