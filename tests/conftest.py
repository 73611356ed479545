"""Property tests are repeatable and know no clock: a slow machine is no defect."""

from hypothesis import settings

settings.register_profile("csmcalc", deadline=None, derandomize=True)
settings.load_profile("csmcalc")
