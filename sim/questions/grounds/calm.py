"""What a report says of CSMs' behaviour: the same under every plan, unless a section of it looks at what they would do."""

from typing import Final

from sim.summary.summary import Summary

SAME: Final = "CSMs behave the same under every plan: nobody moves a date or works harder because of it."
SECTIONS: Final = {
    "exposure": "what moving dates can add",
    "response": "what CSMs would do instead, and what that is worth,",
}


def calm_sentence(summary: Summary) -> str:
    """How CSMs behave in the costs of a report, and which of its sections look at what else they might do."""
    looked = [
        words
        for section, words in SECTIONS.items()
        if any(section in plan.document for plan in summary.plans.values())
    ]
    if not looked:
        return f"In the costs above, {SAME}"
    what = " and ".join(looked)
    stands = "stand" if len(looked) > 1 else "stands"
    return f"In costs and pay, {SAME[:-1]}; {what} {stands} in tables of {'their' if len(looked) > 1 else 'its'} own."
