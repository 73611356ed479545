"""Cores: the few arcs among which the best answers are, by what each makes an answer cost."""

from __future__ import annotations

import numpy as np

from csmcalc.optimum.assignment.problem import Floats, Ints, Mask, Problem


class Cores:
    """Cores of a problem, from the narrowest to all that a better answer could use.

    `least` is what any answer with an arc costs at least, `key` the cost of an arc at the prices of
    the capacities: it tells apart what `least` does not.
    """

    def __init__(self, problem: Problem, least: Floats, key: Floats) -> None:
        self._problem, self._least = problem, least
        rise = key - np.minimum.reduceat(key, problem.first[:-1])[problem.item]
        self._order = np.lexsort((rise, least))
        lead = np.lexsort((rise, least, problem.item))
        self.first: Ints = lead[problem.first[:-1]]

    def narrow(self, width: float, chosen: Ints) -> Ints:
        """So many arcs per item, those of the lowest least, an item's best one, and the chosen."""
        keep = np.zeros(len(self._least), dtype=bool)
        keep[self._order[: int(min(width * self._problem.items, len(keep)))]] = True
        keep[self.first] = True
        keep[chosen] = True
        return np.flatnonzero(keep)

    def below(self, limit: float) -> Mask:
        """The arcs that an answer below a limit may use."""
        return self._least < limit

    def some(self, limit: float) -> bool:
        """Whether every item has an arc that an answer below a limit may use."""
        return bool((self._least[self.first] < limit).all())
