"""Moves where loads have no price (generalised assignment): small programmes, chains, exchanges."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from csmcalc.optimum.assignment.exchange import Prices
from csmcalc.optimum.assignment.parts import Part, part
from csmcalc.optimum.assignment.problem import Floats, Ints
from csmcalc.portfolio.books.engine.chained import Chains
from csmcalc.portfolio.books.engine.cores import Cores
from csmcalc.portfolio.books.engine.dealt import Dealt
from csmcalc.portfolio.books.engine.dive import rounded
from csmcalc.portfolio.books.engine.kicks import Kicks
from csmcalc.portfolio.books.engine.mip import Found, Programme
from csmcalc.portfolio.books.engine.search import Search
from csmcalc.portfolio.books.engine.standing import Standing

_CORE = 4
"""Arcs per item of the lowest reduced cost that the first programme looks at."""

_LEAST = 0.2
"""How often each kind of step is taken at least, however little it gains, before shares add up."""

_SELDOM = 0.04
"""How often all items are decided anew, against a small programme: it takes many times as long."""

_FORGET = 0.95
"""What an earlier gain counts after each step of its kind."""

_WIDTHS, _NARROW = (2.0, 3.0, 5.0), (1.7, 2.0, 2.4, 3.0)
"""Arcs per item of the cores in which small programmes, and those of all items, look."""

_SHORT, _LONG = 0.015, 0.1
"""Share of the time for a small programme and for one of all items."""

_NODES, _LOOKS = 200, 20_000
"""Nodes of a programme at most, and arcs times looks of HiGHS, where steps count."""


class Plain(Kicks):
    """Moves from one answer of a part to the next.

    Deals are for the first of two searches alone: two threads of Python take turns.
    """

    def __init__(
        self, search: Search, linear: Found, standing: Standing, *, first: bool = True
    ) -> None:
        assert linear.balance is not None
        assert linear.limit is not None
        super().__init__(search, Prices.of(search.problem, linear.balance, linear.limit))
        self._linear = linear
        self._standing = standing
        self._width = 3.0
        ways: list[Callable[[Ints], Ints]] = [
            self.kick,
            self._chained,
            self._subprogramme,
            self._core_programme,
        ]
        self._luck = dict.fromkeys(ways, 1.0)
        self.chains = Chains.of(self.problem, self.prices, search.seed, search.clock.total)
        self.deals: Dealt | None = None
        if self.chains is None:
            self.deals = Dealt.of(self.problem, self.prices, search.seed, search.clock)
        self._beside_deals = self.deals is not None and not first
        if self._beside_deals:
            self.deals = None
        self.cores: Cores | None = None

    def use(self, cores: Cores | None) -> None:
        """Look at arcs in cores from now on."""
        self.cores = cores
        if self.chains is not None:
            self.chains.cores = cores

    def begin(self) -> None:
        """A first answer by deals, or from the programme of arcs that a cheap one likely uses."""
        dealt = None if self.deals is None else self.deals.run()
        if dealt is not None:
            self.search.offer(dealt)
            return
        problem, share, reduced = self.problem, self._linear.share, self._linear.reduced
        assert share is not None
        reduced = problem.cost if reduced is None else reduced
        few = min(_CORE * problem.items, len(reduced) - 1)
        rank = np.argsort(np.lexsort((reduced, problem.item))) - problem.first[problem.item]
        keep = (reduced <= np.partition(reduced, few)[few]) | (rank < 2) | (share > 0)
        core = problem.restricted(keep)
        effort = self.search.clock.effort(0.15, 60)
        found = Programme(core).run(effort, whole=np.ones(len(core.agent), dtype=bool))
        if found.share is not None:
            self.search.offer(np.flatnonzero(keep)[rounded(core, found.share)])
        else:
            self.search.offer(self.search.kept(rounded(problem, share)))

    def settled(self, chosen: Ints, wide: bool) -> Ints:
        """Exchanged until nothing gains; chains do that on their way, and sooner."""
        return chosen if self.chains is not None else super().settled(chosen, wide)

    def start(self) -> Ints | None:
        """The best answer of the part, where it was found elsewhere."""
        standing = self._standing
        return standing.best if standing.value < self.search.value else None

    def step(self, current: Ints) -> Ints:
        """A new answer from the current one, unless it is worse; by what gained lately, mostly."""
        if self.deals is not None and self.deals.due:
            dealt = self.deals.run()
            return current if dealt is None else self._better(current, dealt)
        ways = self._ways()
        luck = np.array([self._luck[way] for way in ways])
        shares = np.maximum(luck / luck.sum(), _LEAST)
        shares[[way == self._core_programme for way in ways]] *= _SELDOM
        way = ways[int(self.random.choice(len(ways), p=shares / shares.sum()))]
        new = self._better(current, way(current))
        self._luck[way] = _FORGET * self._luck[way] + (self.problem.value(new) < self.search.value)
        return new

    def _better(self, current: Ints, new: Ints) -> Ints:
        return current if self.problem.value(new) > self.problem.value(current) else new

    def _ways(self) -> Sequence[Callable[[Ints], Ints]]:
        """The kinds of steps there are now."""
        if self.chains is not None and self.chains.ready:
            return [self._chained, self._subprogramme]
        if self._beside_deals and self.cores:
            return [self._core_programme]
        return [self.kick, self._subprogramme] + ([self._core_programme] if self.cores else [])

    def _chained(self, current: Ints) -> Ints:
        """A moment of compiled chains."""
        assert self.chains is not None
        found = self.chains.run(current, self.search.clock.left)
        return current if found is None else found

    def _core_programme(self, current: Ints) -> Ints:
        """All items decided anew by HiGHS among the arcs of a narrow core."""
        assert self.cores is not None
        arcs = self.cores.narrow(float(self.random.choice(_NARROW)), current)
        agents = np.arange(self.problem.agents)
        return self._decided(current, part(self.problem, arcs, agents), _LONG)[0]

    def _subprogramme(self, current: Ints) -> Ints:
        """All items of a few agents, decided anew by HiGHS; how many is learnt on the way."""
        problem, random = self.problem, self.random
        owner = problem.agent[current]
        lead = int(random.integers(problem.agents))
        few = int(np.clip(round(self._width), 2, problem.agents))
        near = self._affinity(owner, lead)
        agents = np.sort(np.argsort(-near, kind="stable")[:few])
        inside = np.isin(owner, agents)[problem.item] & np.isin(problem.agent, agents)
        rise = self.prices.key - self.prices.key[current][problem.item]
        budget = self.prices.budget(problem, problem.loads(current))[agents].sum()
        inside &= rise <= max(budget, 0.0) * 2 + self.noise
        if self.cores is not None:
            wide = float(random.choice(_WIDTHS))
            core = np.zeros(len(inside), dtype=bool)
            core[self.cores.narrow(wide, current)] = True
            inside &= core
        inside[current[np.isin(owner, agents)]] = True
        small = part(problem, np.flatnonzero(inside), agents)
        chosen, proven = self._decided(current, small, _SHORT)
        self._width = np.clip(self._width + (0.25 if proven else -0.5), 2, problem.agents)
        return chosen

    def _decided(self, current: Ints, small: Part, share: float) -> tuple[Ints, bool]:
        """The items of a part decided anew by HiGHS, and whether nothing better exists there."""
        problem = self.problem
        start = np.searchsorted(small.arcs, current[small.items])
        looks = max(10, _LOOKS // len(small.arcs))
        effort = self.search.clock.effort(share, _NODES, looks=looks)
        whole = np.ones(len(small.arcs), dtype=bool)
        found = Programme(small.problem).run(effort, whole=whole, start=start)
        proven = found.value - found.bound <= 1e-6 * max(1.0, abs(found.value))
        if found.share is None:
            return current, proven
        chosen = current.copy()
        chosen[small.items] = small.arcs[rounded(small.problem, found.share)]
        return chosen if problem.feasible(chosen) else current, proven

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
