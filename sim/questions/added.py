"""The questions of other packages."""

from collections.abc import Sequence

from sim.engine.study import StudyTable
from sim.errors import InputError, Problem, shown
from sim.extensions import QUESTIONS, extensions
from sim.questions.question import Question


def added_questions(shipped: Sequence[type[StudyTable]] = ()) -> tuple[Question, ...]:
    """The questions of other packages, each asked by a table of the study file.

    shipped : tables whose names are taken.

    Raises: InputError when one cannot be used.
    """
    found = extensions(QUESTIONS, tuple(kind.key for kind in shipped))
    wrong = [
        Problem(
            f"question {name} of {each.package}", f"one with a table whose key is {name!r}", shown(each.value)
        )
        for name, each in found.items()
        if not isinstance(each.value, Question) or each.value.table is None or each.value.table.key != name
    ]
    if wrong:
        raise InputError(wrong)
    return tuple(each.value for each in found.values())
