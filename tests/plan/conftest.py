"""The months that several tests look at."""

from __future__ import annotations

import pytest

from csmcalc.plan.timeline.timeline import (
    Timeline,
    make_timeline,
)
from tests.plan.timelines import demo


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return make_timeline(demo(), months=24)
