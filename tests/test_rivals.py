"""The rivals of the benchmarks, written apart from the engine, simulate the same world and settle the same plans.

They are an independent implementation of both wings: three books, eight quarters, twelve plans.
"""

import pytest

from benchmarks.agreement import LIMIT, DisagreementError, check, standard_errors
from benchmarks.engine import ask
from benchmarks.question import SEED, plan_paths, study
from benchmarks.rivals import chunked_numpy, pure_python, threaded_numba
from benchmarks.rivals.company import company_of
from benchmarks.rivals.rules import read_rules

pytestmark = pytest.mark.jit
CSMS = {"enterprise": 1, "mid-market": 1, "smb": 1}
RIVALS = {"numpy": (chunked_numpy, 3000), "numba": (threaded_numba, 3000), "python": (pure_python, 150)}


@pytest.fixture(scope="module")
def question():
    return study(3000, csms=CSMS)


@pytest.fixture(scope="module")
def given(question):
    return company_of(question.scenario), read_rules(plan_paths())


@pytest.fixture(scope="module")
def engine(question):
    return ask(question, threads=1)


@pytest.mark.parametrize("name", RIVALS)
def test_rivals_agree_with_the_engine(name, given, engine):
    """16 means within 4 standard errors: a right rival fails in 1 of 1,000 seeds, and this seed passes."""
    rival, worlds = RIVALS[name]
    differences = standard_errors(engine, rival.simulate(*given, worlds, SEED))
    assert max(map(abs, differences.values())) <= LIMIT, differences


def test_a_plan_that_pays_five_per_cent_more_is_noticed(given, engine):
    """The check has the power to fail."""
    company, rules = given
    wrong = (rules[0]._replace(target=1.05 * rules[0].target), *rules[1:])
    with pytest.raises(DisagreementError, match="pay under"):
        check(engine, {"numpy": chunked_numpy.simulate(company, wrong, 3000, SEED)})
