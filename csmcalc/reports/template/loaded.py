"""Loads the compiled loops when it is imported.

For the server of a batch's processes, which imports modules once for all that are forked from it.
"""

from csmcalc.reports.template.quick import load

load()
