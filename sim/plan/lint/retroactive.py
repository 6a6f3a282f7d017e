"""Retroactive quota: a booking changes the quota of a period that is under way, or over."""

from collections.abc import Iterator

from sim.plan.lint.book import SHOWN, SIXTIETHS, base_quota, settle_book, steady_book
from sim.plan.lint.fault import Finding, Subject, percent, usd


def find(subject: Subject) -> Iterator[Finding]:
    """The quota of the first of two periods, before and after a sixth of a quota is moved across their boundary.

    Source: Compensating Customer Success Managers (founding document), early case 5: "CSMs will view retro-active
    quota changes very unfavorably. (This is a MAJOR problem.)"; late case 5: "too lenient".
    """
    moves = subject.component.quota_moves
    if moves.early_into_booked > 0.0:
        yield from _changed(subject, -1, "early_into_booked")
    if moves.late_out_of_due > 0.0:
        yield from _changed(subject, 1, "late_out_of_due")


def _changed(subject: Subject, by: int, key: str) -> Iterator[Finding]:
    book = steady_book(2, SIXTIETHS[SHOWN[0] : SHOWN[0] + 1], by)
    changed, agreed = (settle_book(each, book) for each in (subject, _without(subject, key)))
    before, after = (float(each.quota[0, 0]) for each in (agreed, changed))
    if before == after:
        return
    when = f"the {subject.period} under way" if by < 0 else f"the {subject.period} that is over"
    was, becomes = (percent(float(each.attainment[0, 0])) for each in (agreed, changed))
    yield Finding(
        subject.clause(f"quota_moves.{key}"),
        after - before,
        "usd",
        f"quota of {when}: {usd(before)} to {usd(after)}",
        f"{usd(float(SIXTIETHS[SHOWN[0]]) * base_quota(subject))} booked a {subject.period} "
        f"{'early' if by < 0 else 'late'} changes the quota of {when} from {usd(before)} to {usd(after)}: its "
        f"attainment goes from {was} to {becomes}, its bonus from {usd(float(agreed.bonus[0, 0]))} to "
        f"{usd(float(changed.bonus[0, 0]))}.",
    )


def _without(subject: Subject, key: str) -> Subject:
    """The same plan without one of its quota moves."""
    moves = subject.component.quota_moves.model_copy(update={key: 0.0})
    return subject.altered(quota_moves=moves)
