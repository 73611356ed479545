"""The rounding of csmcalc.core.rounding in cells; a sheet names the tolerance `whole_tolerance`."""

from __future__ import annotations


def rounded_up(expression: str) -> str:
    """Rounded up to whole units; a hair above a whole number counts as that number."""
    return (
        f"IF(ABS({expression}-ROUND({expression},0))<=whole_tolerance*MAX(1,ABS({expression})),"
        f"ROUND({expression},0),ROUNDUP({expression},0))"
    )
