"""What is found of what a plan rewards, as sentences."""

from sim.questions.incentive.summary import Reward
from sim.shapes.amounts import share
from sim.shapes.words import ends_of


def reward_finding(found: dict[str, Reward], roles: bool = False) -> str:
    """Where a saved dollar pays most and least, and where most saves pay nothing. roles : of role sets, in which several are
    paid for it.
    """
    save = {name: each.save for name, each in found.items() if each.save is not None}
    if not save:
        return ""
    low, high = ends_of(save)
    whom = "all who are paid for it" if roles else "a CSM"
    first = f"One more dollar of ARR saved pays {whom} {100 * save[high]:.1f}¢ under {high}"
    first += "." if high == low else f" and {100 * save[low]:.1f}¢ under {low}."
    dead = {name: found[name].dead_zone_share or 0.0 for name in save}
    most = max(dead, key=dead.__getitem__)
    if dead[most] < 0.01:
        return first
    return f"{first} Under {most}, {share(dead[most])} of saves pay next to nothing."
