"""Property tests are repeatable and know no clock: a slow machine is no defect."""

from hypothesis import settings

settings.register_profile("csmcalc", deadline=None, derandomize=True)
# `pytest --hypothesis-profile=search` looks for examples that nobody has seen yet
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("csmcalc")
