"""The customer book and what can be said about it."""

from csmcalc.optimum.curve import ValueCurve, value_curve

__all__ = ["ValueCurve", "value_curve"]
