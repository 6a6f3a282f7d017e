"""Provision: an early cap or a quota floor that is meant to close the pump, and leaves it running."""

from collections.abc import Iterator

from sim.plan.lint.fault import Finding, Subject, percent
from sim.plan.lint.pump import DIRECTIONS, dearest, instead, leaks, provision, rolled


def find(subject: Subject) -> Iterator[Finding]:
    """Attainment and pay of a book at quota that moves as much as pays most in every period.

    Source: Compensating Customer Success Managers (founding document), the provision of early case 4, rolled over two
    years: with a cap k attainment settles at 1 + k where the cap's base is adjusted and at 1 / (1 - k) where it is not.
    """
    for side, by, said in DIRECTIONS:
        key = provision(subject, side)
        if key is None or not leaks(subject, side, by):
            continue
        attainment, paid = rolled(subject, by)
        world = dearest(attainment, paid)
        reached = percent(float(attainment[world]))
        yield Finding(
            subject.clause(key),
            float(attainment[world]),
            "attainment [share]",
            f"still settles at {reached} attainment",
            f"{_named(subject, key)} leaves the pump running: a book at quota that books all it lets through "
            f"{said.format(subject.period)}, every {subject.period}, settles at {reached} attainment and pays "
            f"{instead(subject, paid, world)}.",
        )


def _named(subject: Subject, key: str) -> str:
    crediting, moves = subject.component.crediting, subject.component.quota_moves
    if key == "crediting.early_cap":
        assert crediting.early_cap is not None, "a provision"
        return f"The early cap of {percent(crediting.early_cap)} of the {crediting.early_cap_base} quota"
    return f"The quota floor of {percent(moves.floor)}"
