"""What all tests share: the marker for tests that only make sense with compiled kernels."""

import os

import pytest

pytest.register_assert_rewrite("tests.rig", "tests.outside")


def pytest_collection_modifyitems(items):
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        reason = pytest.mark.skip(reason="needs compiled kernels")
        for item in items:
            if item.get_closest_marker("jit"):
                item.add_marker(reason)
