"""The search within one part: levels of programmes, rounding, repair, then exchanges and kicks."""

from __future__ import annotations

import dataclasses
import itertools
from collections import deque
from collections.abc import Callable

import numpy as np

from csmcalc.optimum.assignment.exchange import Exchanger, Prices, descend
from csmcalc.optimum.assignment.parts import part
from csmcalc.optimum.assignment.problem import Floats, Ints, Mask, Problem
from csmcalc.optimum.assignment.repair import relieved, softened
from csmcalc.optimum.assignment.start import by_weight
from csmcalc.portfolio.books.engine.chained import Chained
from csmcalc.portfolio.books.engine.clock import Clock
from csmcalc.portfolio.books.engine.mip import Found, Programme

PER_AGENT = 2
"""Largest items per agent that the first level decides as whole; the rest may be shared there."""

_BANDS = (5, 10, 15)
"""Items per agent up to which the next levels decide; what is lighter is rounded."""

_BAND_LOOKS = 200
"""Arcs times looks of HiGHS at such a level that one step of work pays for."""

_BAND_GAP = 2e-3
"""Share of the value by which such a level may be off its own best."""

_ENOUGH = 1.0
"""Seconds left that make further levels worth their while."""

_CORE = 4
"""Arcs per item of the lowest reduced cost that the first programme of pure cost looks at."""


_CHAINED, _MOMENT, _AFRESH = (0.3, 0.8), 0.3, 0.1
"""How often a step is one of compiled chains at least and at most, as it turns out to gain; for how
many seconds; how often it begins from the best."""

_FORGET = 0.95
"""What an earlier gain counts after each step."""

_SHARED = 0.2
"""How often a kick takes items out and shares them anew, rather than shaking a few books."""

_NARROW, _WIDE = (40, 600), (60, 2000)
"""Single moves and pairs of moves that exchanges combine: in the search, and from a new best."""

_DEAR = 5
"""Steps that it counts as to look at all pairs of books, not at a few."""

_PATIENCE = 0.3
"""By how much of a kick's size an answer may be worse and yet be taken, on average."""


def rounded(problem: Problem, share: Floats) -> Ints:
    """Each item's arc of the largest share."""
    by = np.lexsort((-share, problem.item))
    return np.asarray(by[problem.first[:-1]])


def first_level(problem: Problem) -> Mask:
    """The arcs that are whole on the first level."""
    return np.asarray(by_weight(problem)[problem.item] < PER_AGENT * problem.agents)


def is_balanced(problem: Problem) -> bool:
    """Whether loads have a price; without one it is a plain assignment by cost."""
    return bool((problem.over > 0).any() or (problem.under > 0).any())


class Search:
    """One part's search; `best` holds the best feasible answer at any moment."""

    def __init__(
        self, problem: Problem, clock: Clock, seed: int, report: Callable[[Ints, float], None]
    ) -> None:
        self.problem = problem
        self.clock = clock
        self.seed, self.random = seed, np.random.default_rng(seed)
        self.best: Ints | None = None
        self.value = np.inf
        self._report = report
        self._programme = Programme(problem)
        self._starts: deque[tuple[Floats, int]] = deque()

    def offer(self, chosen: Ints) -> bool:
        """Keep an answer if it is feasible and better than the best one."""
        value = self.problem.value(chosen)
        if value >= self.value - 1e-9 * max(1.0, abs(value)) or not self.problem.feasible(chosen):
            return False
        self.best, self.value = chosen.copy(), value
        self._report(self.best, value)
        return True

    def also(self, share: Floats, whole: int) -> None:
        """Go on from here as well: shares of arcs of which so many of the heaviest are whole."""
        self._starts.append((share, whole))

    def elsewhere(self, prices: Prices) -> Ints | None:
        """The next of the answers to go on from, rounded; None where there is none."""
        if not self._starts:
            return None
        share, _prices = self._levels(*self._starts.popleft(), prices)
        return rounded(self.problem, share)

    def begin(self, linear: Found, level: Found | None) -> Prices | None:
        """A first answer from the relaxation and the first level (where loads have a price)."""
        if linear.share is None or linear.balance is None or linear.limit is None:
            return None
        prices = Prices.of(self.problem, linear.balance, linear.limit)
        if is_balanced(self.problem):
            share = linear.share
            if level is not None and level.share is not None:
                share, prices = self._levels(level.share, PER_AGENT * self.problem.agents, prices)
            self._settle(rounded(self.problem, share))
        else:
            self._core(linear.share, linear.reduced)
        return prices

    def go_on(self, prices: Prices | None, floor: Callable[[], float]) -> None:
        """Search until the clock or the floor (the best bound known) says that it is enough."""
        if self.best is not None and prices is not None:
            _Kicks(self, prices, floor).run()

    def _levels(self, share: Floats, until: int, prices: Prices) -> tuple[Floats, Prices]:
        """The heaviest items fixed, decide the next bands as whole; share out the rest."""
        rank = by_weight(self.problem)[self.problem.item]
        if until < self.problem.items:
            fixed = np.where(rank < until, np.round(share), np.nan)
            looks = max(5, self.clock.work * _BAND_LOOKS // len(self.problem.agent))
            for more in _BANDS if self.clock.left > _ENOUGH else ():
                band = more * self.problem.agents
                if band <= until:
                    continue
                whole = (rank < band) & np.isnan(fixed)
                found = self._programme.run(
                    self.clock.effort(0.07, 60, _BAND_GAP, looks), whole, fixed
                )
                if found.share is None:
                    break
                share = found.share
                fixed = np.where(rank < band, np.round(share), np.nan)
            tail = self._programme.run(self.clock.effort(0.2, 1), fixed=fixed)
            if tail.share is not None and tail.balance is not None and tail.limit is not None:
                share = tail.share
                prices = Prices.of(self.problem, tail.balance, tail.limit)
        return share, prices

    def _core(self, share: Floats, reduced: Floats | None) -> None:
        """The programme of the arcs that a cheap answer is likely to use."""
        problem = self.problem
        reduced = problem.cost if reduced is None else reduced
        few = min(_CORE * problem.items, len(reduced) - 1)
        rank = np.argsort(np.lexsort((reduced, problem.item))) - problem.first[problem.item]
        keep = (reduced <= np.partition(reduced, few)[few]) | (rank < 2) | (share > 0)
        core = problem.restricted(keep)
        effort = self.clock.effort(0.15, 60)
        found = Programme(core).run(effort, whole=np.ones(len(core.agent), dtype=bool))
        if found.share is not None:
            self.offer(np.flatnonzero(keep)[rounded(core, found.share)])
        else:
            self._settle(rounded(problem, share))

    def _settle(self, chosen: Ints) -> None:
        """Take a rounded answer, repaired where it breaks a limit."""
        if not self.offer(chosen):
            repaired = repair(self.problem, chosen, self.clock)
            if repaired is not None:
                self.offer(repaired)


def repair(problem: Problem, chosen: Ints, clock: Clock) -> Ints | None:
    """An answer near the given one that keeps every limit; None where none was found."""
    nearer = relieved(problem, chosen, clock.over)
    if problem.feasible(nearer):
        return nearer
    found = Programme(softened(dataclasses.replace(problem, cost=0 * problem.cost), 1.0)).run(
        clock.effort(0.3, 500, 1e-4), whole=np.ones(len(problem.agent), dtype=bool)
    )
    if found.share is None:
        return None
    candidate = rounded(problem, found.share)
    return candidate if problem.feasible(candidate) else None


class _Kicks:
    """From the best answer: a kick that shuffles a few agents, exchanges until nothing gains."""

    def __init__(self, search: Search, prices: Prices, floor: Callable[[], float]) -> None:
        self.search, self.prices, self.floor = search, prices, floor
        self.problem = search.problem
        self.random = search.random
        agents = range(self.problem.agents)
        self.pairs = list(itertools.combinations(agents, 2))
        self.noise = self._noise()
        self.width = 3.0
        self.patience = _PATIENCE if is_balanced(self.problem) else 0.0
        self.rank = by_weight(self.problem)
        self.luck = np.ones(2)
        self.chains = Chained.of(self.problem, prices, search.seed, search.clock.seconds)

    def _noise(self) -> float:
        """A kick's size: what a small item's change of hands costs."""
        key = self.prices.key
        lowest = np.minimum.reduceat(key, self.problem.first[:-1])
        rise = key - lowest[self.problem.item]
        rise = rise[rise > 1e-12]
        return float(np.quantile(rise, 0.1)) if len(rise) else 1.0

    def run(self) -> None:
        """Kick and descend until it is enough."""
        search, clock = self.search, self.search.clock
        assert search.best is not None
        current = search.best
        for width in (_NARROW, _WIDE):
            current = self._descend(current, (), width)
            search.offer(current)
        if len(self.pairs) == 0:
            return
        while not clock.over() and search.value > self.floor() + 1e-9 * abs(search.value):
            clock.step()
            start = search.elsewhere(self.prices)
            current = self._step(current) if start is None else self._settled(current, start)
            if search.offer(current):
                clock.step(_DEAR)
                current = self._descend(current, (), _WIDE)
                search.offer(current)

    def _step(self, current: Ints) -> Ints:
        """A new answer from the current one, taken unless it is clearly worse."""
        balanced = is_balanced(self.problem)
        if self.chains is not None and self.chains.ready:
            by_chains = self.random.random() < np.clip(self.luck[0] / self.luck.sum(), *_CHAINED)
            new = self._chained(current) if by_chains else self._subprogramme(current)
            self.luck *= _FORGET
            self.luck[0 if by_chains else 1] += self.problem.value(new) < self.search.value
            return new
        if not balanced and self.random.random() < 0.7:
            return self._subprogramme(current)
        if balanced and self.random.random() < _SHARED:
            new = self._shared_anew(current)
            self.search.clock.step(_DEAR - 1)
        else:
            new = self._kick(current)
        allowed = self.patience * self.noise * self.random.exponential()
        better = self.problem.value(new) <= self.problem.value(current) + allowed
        return new if better else current

    def _settled(self, current: Ints, start: Ints) -> Ints:
        """The better one of the current answer and what is reached from a new start."""
        new = self._descend(start, ())
        better = self.problem.feasible(new) and self.problem.value(new) < self.problem.value(
            current
        )
        return new if better else current

    def _chained(self, current: Ints) -> Ints:
        """A moment of compiled chains, from where they stood or from the best answer."""
        assert self.chains is not None
        if self.random.random() < _AFRESH:
            self.chains.restart(current)
        return self.chains.run(current, min(_MOMENT, self.search.clock.left))

    def _shared_anew(self, current: Ints) -> Ints:
        """Some items taken out and shared out by the relaxation, the others staying; rounded."""
        problem, random = self.problem, self.random
        free = random.random(problem.items) < 0.6 * random.random()
        free &= self.rank >= random.integers(0, PER_AGENT * problem.agents + 1)
        arcs = np.flatnonzero(free[problem.item])
        if not len(arcs):
            return current
        small = part(problem, arcs, np.arange(problem.agents))
        base = problem.loads(current) - small.problem.loads(
            np.searchsorted(small.arcs, current[small.items])
        )
        rest = dataclasses.replace(
            small.problem,
            target=problem.target - base,
            low=problem.low - base,
            high=problem.high - base,
        )
        found = Programme(rest, cuts=False).run(self.search.clock.effort(0.05, 1))
        if found.share is None:
            return current
        chosen = current.copy()
        chosen[small.items] = small.arcs[rounded(rest, found.share)]
        chosen = self._descend(chosen, ())
        return chosen if problem.feasible(chosen) else current

    def _groups(self, first: tuple[int, ...]) -> list[tuple[int, int]]:
        groups = [self.pairs[k] for k in self.random.permutation(len(self.pairs))]
        return sorted(groups, key=lambda pair: -len(set(pair) & set(first)))

    def _descend(
        self, chosen: Ints, first: tuple[int, ...], width: tuple[int, int] = _NARROW
    ) -> Ints:
        exchanger = Exchanger(self.problem, self.prices, chosen, *width)
        touched = frozenset(first) if first else None
        descend(exchanger, self._groups(first), self.search.clock.over, touched)
        return exchanger.chosen

    def _kick(self, current: Ints) -> Ints:
        problem, random = self.problem, self.random
        few = min(problem.agents, int(random.integers(2, 5)))
        agents = tuple(random.choice(problem.agents, few, replace=False).tolist())
        size = self.noise * random.exponential()
        cost = problem.cost + size * random.standard_normal(len(problem.cost))
        noisy = dataclasses.replace(problem, cost=cost)
        prices = Prices.of(noisy, self.prices.balance, self.prices.limit)
        exchanger = Exchanger(noisy, prices, current, *_NARROW)
        for pair in itertools.combinations(agents, 2):
            exchanger.improve(pair)
        return self._descend(exchanger.chosen, agents)

    def _subprogramme(self, current: Ints) -> Ints:
        """All items of a few agents, decided anew by HiGHS; how many is learnt on the way."""
        problem, random = self.problem, self.random
        owner = problem.agent[current]
        lead = int(random.integers(problem.agents))
        few = int(np.clip(round(self.width), 2, problem.agents))
        near = self._affinity(owner, lead)
        agents = np.sort(np.argsort(-near, kind="stable")[:few])
        inside = np.isin(owner, agents)[problem.item] & np.isin(problem.agent, agents)
        rise = self.prices.key - self.prices.key[current][problem.item]
        budget = self.prices.budget(problem, problem.loads(current))[agents].sum()
        inside &= rise <= max(budget, 0.0) * 2 + self.noise
        inside[current[np.isin(owner, agents)]] = True
        small = part(problem, np.flatnonzero(inside), agents)
        start = np.searchsorted(small.arcs, current[small.items])
        effort = self.search.clock.effort(0.015, 200)
        whole = np.ones(len(small.arcs), dtype=bool)
        found = Programme(small.problem).run(effort, whole=whole, start=start)
        proven = found.value - found.bound <= 1e-6 * max(1.0, abs(found.value))
        self.width = np.clip(self.width + (0.25 if proven else -0.5), 2, problem.agents)
        if found.share is None:
            return current
        chosen = current.copy()
        chosen[small.items] = small.arcs[rounded(small.problem, found.share)]
        better = problem.value(chosen) <= problem.value(current) and problem.feasible(chosen)
        return chosen if better else current

    def _affinity(self, owner: Ints, lead: int) -> Floats:
        """How many items an agent could swap with the leading one, shaken a little."""
        problem = self.problem
        rise = (
            self.prices.key - np.minimum.reduceat(self.prices.key, problem.first[:-1])[problem.item]
        )
        good = rise <= np.quantile(rise, min(1.0, 8 * problem.items / len(rise)))
        gives = np.bincount(
            problem.agent[good & (owner == lead)[problem.item]], minlength=problem.agents
        )
        takes = np.bincount(
            owner[problem.item[good & (problem.agent == lead)]], minlength=problem.agents
        )
        near = gives + takes + 4 * self.random.random(problem.agents)
        near[lead] = np.inf
        return np.asarray(near, dtype=np.float64)
