"""What holds for every test."""

import pytest
from hypothesis import settings

# How long something takes is for the benchmarks: a busy machine must not fail a test.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(scope="session")
def tensorflow():
    """Import TensorFlow, which takes seconds, only for the tests that compare with it."""
    return pytest.importorskip("tensorflow")
