"""What all tests share: the examples that Hypothesis tries, and the marker for tests that need compiled kernels.

The gate tries the same examples in every run, so that it fails by what was changed and never by chance. New ones, ten
times as many, are searched by hand: HYPOTHESIS_PROFILE=search. What a search finds becomes an `@example` of its test.
"""

import os

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.rig", "tests.outside")

settings.register_profile("gate", max_examples=100, derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


def pytest_collection_modifyitems(items):
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        reason = pytest.mark.skip(reason="needs compiled kernels")
        for item in items:
            if item.get_closest_marker("jit"):
                item.add_marker(reason)
