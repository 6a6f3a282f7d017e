"""What a report says of CSMs' behaviour: the same under every plan, unless a section of it looks at what they would do."""

from typing import Final

from sim.summary.summary import Summary

SAME: Final = "CSMs behave the same under every plan: nobody moves a date or works harder because of it."


def calm_sentence(summary: Summary) -> str:
    """How CSMs behave in the costs of a report, and which of its sections look at what else they might do."""
    parts = (part for plan in summary.plans.values() for part in plan.parts.values())
    looked = list(dict.fromkeys(part.assumes_more for part in parts if part.assumes_more is not None))
    if not looked:
        return f"In the costs above, {SAME}"
    what = " and ".join(looked)
    stands = "stand" if len(looked) > 1 else "stands"
    return f"In costs and pay, {SAME[:-1]}; {what} {stands} in tables of {'their' if len(looked) > 1 else 'its'} own."
