"""What holds for every test."""

from hypothesis import settings

# How long something takes is for the benchmarks: a busy machine must not fail a test.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
