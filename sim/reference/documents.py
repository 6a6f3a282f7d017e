"""The kinds of TOML file that people write, and the model that reads each."""

from collections.abc import Callable
from typing import Final, NamedTuple

from pydantic import BaseModel

from sim.errors import InputError, Problem, near_match


class Document(NamedTuple):
    """A kind of file. about : what it is, in a line; model : what reads it, when it is asked for."""

    about: str
    model: Callable[[], type[BaseModel]]


def _plan() -> type[BaseModel]:
    from sim.plan.plan import Plan

    return Plan


def _roles() -> type[BaseModel]:
    from sim.plan.role_set import RoleSetTable

    return RoleSetTable


def _scenario() -> type[BaseModel]:
    from sim.world.scenario import Scenario

    return Scenario


def _study() -> type[BaseModel]:
    from sim.study.load import StudyFile

    return StudyFile


def _stress() -> type[BaseModel]:
    from sim.questions.stress.case import Case

    return Case


def _map() -> type[BaseModel]:
    from sim.exports.map import Map

    return Map


def _calendar() -> type[BaseModel]:
    from sim.fiscal_year import PeriodsFile

    return PeriodsFile


DOCUMENTS: Final = {
    "plan": Document("A compensation plan.", _plan),
    "roles": Document("A role set: who earns by which plan on which books.", _roles),
    "scenario": Document("A company's customers and the world they live in.", _scenario),
    "study": Document("One scenario, the plans to compare on it, and what is asked of them.", _study),
    "stress": Document("A stress: moves of a scenario's inputs, and why a plan should stand them.", _stress),
    "map": Document("The map of an export: what its columns and words mean.", _map),
    "calendar": Document("How a company cuts its years into periods.", _calendar),
}


def model_of(kind: str) -> type[BaseModel]:
    """The model that reads a kind of file.

    Raises: InputError when there is no such kind.
    """
    if kind not in DOCUMENTS:
        known = list(DOCUMENTS)
        raise InputError(
            [Problem("kind of file", f"one of {', '.join(known)}", kind, near_match(kind, known))]
        )
    return DOCUMENTS[kind].model()
