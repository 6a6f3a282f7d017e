"""What the clauses of a plan pay for besides renewals, from its file and from the worlds of the scenario."""

from typing import Final

from sim.engine.setting import Setting
from sim.engine.study import Study
from sim.engine.totals import Totals
from sim.questions.lint.reach import faults_of_set, reach_faults
from sim.questions.lint.report import lint_sections
from sim.questions.lint.summary import LintOfPlan
from sim.questions.paths import Paths
from sim.questions.question import Answer, Question, Ran


def _read(study: Study, _setting: Setting, _totals: Totals, _paths: Paths) -> Answer:
    answer = Answer()
    for role_set in study.sets:
        answer.add(role_set.name, LintOfPlan(lints=faults_of_set(study, role_set)))
    return answer


def _measure(ran: Ran) -> Answer:
    answer = Answer()
    for name, faults in reach_faults(ran.study, ran.setting).items():
        answer.add(name, LintOfPlan(lints=faults))
    return answer


LINT: Final = Question("lint", read=_read, measure=_measure, of_plan=(LintOfPlan,), sections=lint_sections)
