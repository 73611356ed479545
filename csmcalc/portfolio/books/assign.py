"""From a task to books with a proof, or to the smallest relaxation that would allow them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from csmcalc.errors import CsmcalcError, ExitCode, InfeasibleError
from csmcalc.optimum.assignment.problem import Floats, Ints, Mask, Problem
from csmcalc.portfolio.books.check import Verdict, check
from csmcalc.portfolio.books.engine.clock import DEFAULT_WORK
from csmcalc.portfolio.books.engine.keyboard import keyboard
from csmcalc.portfolio.books.engine.solve import Answer
from csmcalc.portfolio.books.engine.within import within
from csmcalc.portfolio.books.model import Model, build
from csmcalc.portfolio.books.options import Options
from csmcalc.portfolio.books.relaxation import limit_words, relaxations
from csmcalc.portfolio.books.rules import KeepShare
from csmcalc.portfolio.books.sums import impossible
from csmcalc.portfolio.books.task import Task

_ROUNDS = 8
"""Prices that are tried at most to keep a share of the whole with today's owners."""

_MOST_ROUNDS = 30
"""Prices that are tried where each takes less than its share of the time."""

_WHOLE, _PRICED = 3_000, 0.6
"""Pairs up to which a problem is solved as a whole after the prices; the share of time of these."""

_ROUND_SECONDS = 1.0
"""Time below which one price is not worth a round of its own."""


@dataclass(frozen=True)
class Assigned:
    """Books, what they are worth, and how good they are proven to be.

    Attributes:
        task: the question.
        owner: the CSM of each customer, in the order of the task.
        value: the objective in points, as the independent checker works it out.
        bound: no books that keep the rules have fewer points.
        seconds: how long it took.
        terms: the objective by term.
        targets: by load, each CSM's target in the order of the team.
        verdict: what the independent checker says.
        interrupted: whether the search was ended from the keyboard, with the best so far.
    """

    task: Task
    owner: tuple[str, ...]
    value: float
    bound: float
    seconds: float
    terms: dict[str, float]
    targets: dict[str, Floats]
    verdict: Verdict
    interrupted: bool = False

    @property
    def gap(self) -> float:
        """Points between the value and the bound."""
        return max(0.0, self.value - self.bound)

    @property
    def gap_share(self) -> float:
        """The gap as a share of the value; says nothing where the value is near 0."""
        return self.gap / self.value if self.value > 0 else 0.0

    @property
    def proven(self) -> bool:
        """Whether no better books exist, to rounding."""
        return self.gap <= 1e-5 * max(1.0, self.value)


def assign(
    task: Task,
    seconds: float | None = None,
    seed: int = 0,
    work: int = DEFAULT_WORK,
    threads: int = 2,
) -> Assigned:
    """Give every customer to a CSM.

    With `seconds` None the search takes a fixed number of steps and is repeatable for a seed. Every
    answer has passed the independent checker; rules that cannot be kept together are an
    `InfeasibleError` that names the smallest relaxation. An interrupt from the keyboard ends the
    search with the best so far; where there is none yet, or at a second one, it goes on.
    """
    with keyboard():
        return _assign(task, Options(seconds, seed, work, threads))


def _assign(task: Task, options: Options) -> Assigned:
    model = build(task)
    why = impossible(task, model)
    if why:
        raise InfeasibleError(why)
    answer = _solve(task, model, options)
    if answer.chosen is None:
        if answer.interrupted and not answer.infeasible:
            raise KeyboardInterrupt
        raise _infeasible(task, model, options, answer)
    owner = tuple(task.names[at] for at in model.problem.agent[answer.chosen].tolist())
    verdict = check(task, owner)
    refuse_violations(verdict)
    return Assigned(
        task,
        owner,
        verdict.value,
        max(0.0, min(answer.bound, verdict.value)),
        answer.seconds,
        verdict.terms,
        model.targets,
        verdict,
        answer.interrupted,
    )


class WrongBooks(CsmcalcError):
    """The independent checker refuses books: an error of csmcalc, not of the user."""

    exit_code = ExitCode.FAULT


def refuse_violations(verdict: Verdict) -> None:
    """Stop before books that break a hard rule go anywhere."""
    if verdict.violations:
        first = verdict.violations[0]
        raise WrongBooks(
            f"the checker refuses the books: {first.rule}, {first.who}: {first.found}; this is an "
            "error of csmcalc, please report it"
        )


def _solve(task: Task, model: Model, options: Options) -> Answer:
    shares = task.keep_shares
    if not shares:
        return options.run(model.problem)
    return _keeping(task, model, shares, options)


def _keeping(task: Task, model: Model, rules: list[KeepShare], options: Options) -> Answer:
    """Keep a share of the whole with today's owners: a price on every change of hands.

    The price that just keeps enough is found by halving; with any price, the bound less the price
    of the changes that are allowed is a bound without it.
    """
    problem = model.problem
    stays = problem.agent == task.today[problem.item]
    has = task.today >= 0
    weights = [_weight(task, rule) for rule in rules]
    allowed = [
        (1 - rule.share) * float(w[has].sum()) for rule, w in zip(rules, weights, strict=True)
    ]
    unit = [np.where(has, w, 0.0) / max(float(w[has].sum()), 1e-300) for w in weights]
    rounds = _ROUNDS
    if options.seconds is not None:
        rounds = int(np.clip(options.seconds / _ROUND_SECONDS, 2, _ROUNDS))
    # a small problem is solved as a whole at last
    exact = len(problem.agent) <= _WHOLE
    part = options.part((_PRICED if exact else 1.0) / (rounds + 1))
    low, high, bound, best, spent = 0.0, None, -np.inf, None, 0.0
    price = 0.0
    for done in range(_MOST_ROUNDS):
        # rounds that end early, with a proof, leave their time to more of them
        if done >= rounds and (
            not part.seconds
            or spent + 2 * part.seconds > (_PRICED if exact else 1.0) * (options.seconds or 0.0)
        ):
            break
        extra = sum(100 * price * u[problem.item] * ~stays for u in unit)
        answer = part.run(dataclasses.replace(problem, cost=problem.cost + extra))
        spent += answer.seconds
        room = sum(100 * price * (1 - rule.share) for rule in rules)
        bound = max(bound, answer.bound - room)
        if answer.infeasible:
            return dataclasses.replace(answer, seconds=spent)
        if answer.chosen is not None and _keeps(answer.chosen, stays, has, weights, allowed):
            value = problem.value(answer.chosen)
            if best is None or value < best.value:
                best = Answer(answer.chosen, value, bound, spent)
            high = price
            if price == 0.0:
                if not answer.proven and not answer.interrupted:
                    best = _longer(problem, best, spent, options)
                break
        else:
            low = price
        if answer.interrupted or (high is not None and high - low <= 1e-6 * high):
            break
        price = (low + high) / 2 if high is not None else max(1.0, 4 * price)
    if best is None:
        staying = _staying_most(problem, np.sum(unit, axis=0), stays, part)
        spent += staying.seconds
        if staying.chosen is None or not _keeps(staying.chosen, stays, has, weights, allowed):
            return Answer(None, np.inf, bound, spent, interrupted=answer.interrupted)
        best = Answer(staying.chosen, problem.value(staying.chosen), bound, spent)
    best = dataclasses.replace(best, bound=min(max(bound, best.bound), best.value), seconds=spent)
    if exact and not best.proven and not answer.interrupted:
        changes = [u[problem.item] * ~stays for u in unit]
        rows = [(c, 1 - rule.share) for c, rule in zip(changes, rules, strict=True)]
        left = None if options.seconds is None else options.seconds - spent
        best = within(problem, rows, best, left, options.work)
    return dataclasses.replace(best, interrupted=best.interrupted or answer.interrupted)


def _longer(problem: Problem, best: Answer, spent: float, options: Options) -> Answer:
    """Where no price is needed all the time left is for the search."""
    if options.seconds is None or options.seconds - spent < _ROUND_SECONDS:
        return best
    again = dataclasses.replace(options, seconds=options.seconds - spent, seed=options.seed + 1)
    answer = again.run(problem)
    return best if answer.value >= best.value else answer


def _staying_most(problem: Problem, weight: Floats, stays: Mask, options: Options) -> Answer:
    """The answer of which most, by a weight of items, stays with today's owners."""
    cost = weight[problem.item] * ~stays
    free = dataclasses.replace(problem, cost=cost, over=0 * problem.over, under=0 * problem.under)
    return options.run(free)


def _weight(task: Task, rule: KeepShare) -> Floats:
    if rule.measure == "arr":
        return task.customers["arr"].to_numpy(dtype=float)
    return np.ones(len(task.customers))


def _keeps(
    chosen: Ints,
    stays: Mask,
    has: Mask,
    weights: list[Floats],
    allowed: list[float],
) -> bool:
    moved = has & ~stays[chosen]
    return all(
        float(weight[moved].sum()) <= room + 1e-9 * max(1.0, float(weight.sum()))
        for weight, room in zip(weights, allowed, strict=True)
    )


def _infeasible(task: Task, model: Model, options: Options, answer: Answer) -> InfeasibleError:
    found = relaxations(task, model, options.part(0.5))
    if found:
        words = "; ".join(f"{one.csm}: {limit_words(one)}" for one in found[:5])
        more = f" (and {len(found) - 5} more)" if len(found) > 5 else ""
        proof = "cannot all be kept" if answer.infeasible else "were not all kept in the time given"
        return InfeasibleError(f"the rules {proof}; the smallest relaxation found is {words}{more}")
    for rule in task.keep_shares:
        most = _most_kept(task, model, rule, options.part(0.5 / len(task.keep_shares)))
        if most < rule.share:
            return InfeasibleError(
                f'rule "{rule.text}": the other rules and the hours let {most:.1%} stay with '
                f"today's owners; lower its share to {np.floor(1000 * most) / 1000:.1%}"
            )
    if len(task.keep_shares) > 1:
        kept = ", ".join(f'"{rule.text}"' for rule in task.keep_shares)
        return InfeasibleError(f"rules {kept}: no books that keep all were found; lower a share")
    return InfeasibleError("no books that keep every rule were found in the time given; allow more")


def _most_kept(task: Task, model: Model, rule: KeepShare, options: Options) -> float:
    """The largest share that the other rules were found to let stay with today's owners."""
    problem, has = model.problem, task.today >= 0
    weight = np.where(has, _weight(task, rule), 0.0)
    stays = problem.agent == task.today[problem.item]
    answer = _staying_most(problem, weight, stays, options)
    if answer.chosen is None or weight.sum() == 0:
        return 1.0
    return float(weight[stays[answer.chosen]].sum() / weight.sum())
