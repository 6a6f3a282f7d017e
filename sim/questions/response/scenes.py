"""The scenes in which plans are settled beside each other at today's efforts: plan files together, each role set alone."""

from collections.abc import Iterator
from typing import NamedTuple

from sim.measure.incentive.switch import Step
from sim.plan.role_set import Role
from sim.questions.incentive.scene import Scene, make_scene
from sim.questions.response.efforts import Efforts


class Staged(NamedTuple):
    """A scene and who is paid in it. roles : by place, with the name of their plan or role set."""

    scene: Scene
    roles: tuple[tuple[str, Role], ...]


def staged(efforts: Efforts) -> Iterator[Staged]:
    """Every plan and role set once."""
    together: dict[str, list[str]] = {}
    for name, each in efforts.sets.items():
        together.setdefault(repr(efforts.shifts[name]) if each.plain else name, []).append(name)
    for names in together.values():
        roles = tuple((name, role) for name in names for role in efforts.sets[name].roles)
        shifts = dict(efforts.shifts[names[0]])
        yield Staged(make_scene(efforts.study, [role for _, role in roles], Step(1, 1.0), shifts), roles)
