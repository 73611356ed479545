"""What if: a CSM leaves, one joins, or as few customers as possible may move."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from typing import Any

from csmcalc.core.setting import unknown_name
from csmcalc.core.words import plain_word, quoted, split_at_commas, words_of
from csmcalc.errors import InputError
from csmcalc.portfolio.books.assign import Assigned, assign
from csmcalc.portfolio.books.rules import AnyRule, Assign
from csmcalc.portfolio.books.task import Task
from csmcalc.portfolio.books.team import Csm, check_team, limits_of
from csmcalc.portfolio.books.weights import Weights

FEWEST_MOVES = Weights(
    workload=0, arr=0, risk=0, count=0, continuity=1, renewals=0, ramp=0, value=0
)
"""Nothing counts but what changes hands."""


def leaves(task: Task, name: str) -> Task:
    """The same task without a CSM; a rule that keeps customers from the CSM holds by itself."""
    if plain_word(name) not in {plain_word(one) for one in task.names}:
        raise unknown_name("CSM who leaves", name, [quoted(one) for one in task.names])
    rest = tuple(csm for csm in task.team if plain_word(csm.name) != plain_word(name))
    if not rest:
        raise InputError(f'"{name}" is the only CSM; nobody is left to take the customers')
    rules = tuple(left for rule in task.rules for left in _without(rule, name))
    return dataclasses.replace(task, team=rest, rules=rules, left=(*task.left, name))


def held_without(task: Task, name: str) -> list[str]:
    """The rules, as they were written, that hold by themselves once a CSM leaves."""
    return [rule.text for rule in task.rules if not _without(rule, name)]


def _without(rule: AnyRule, name: str) -> list[AnyRule]:
    """What is left of a rule when a CSM whom it may name leaves; an error where it cannot hold."""
    if not isinstance(rule, Assign):
        return [rule]
    rest = tuple(csm for csm in rule.csms if plain_word(csm) != plain_word(name))
    if rest:
        return [dataclasses.replace(rule, csms=rest)]
    if rule.away:
        return []
    raise InputError(
        f'rule "{rule.text}": {name} leaves, and the rule names nobody else who stays; name '
        "another CSM in it, or leave the rule out"
    )


def joins(task: Task, csm: Csm) -> Task:
    """The same task with one more CSM, who may be ramping."""
    check_new(csm, task.names)
    return dataclasses.replace(task, team=(*task.team, csm))


def check_new(csm: Csm, names: Iterable[str]) -> None:
    """Refuse a CSM who joins under the name of another."""
    if plain_word(csm.name) in {plain_word(one) for one in names}:
        raise InputError(
            f'CSM who joins: "{csm.name}" is in the CSM list already; give the new one another '
            "name, or change the row of the list"
        )


def moving_least(task: Task, by: str = "arr") -> Task:
    """The same task where nothing counts but the ARR (or `by="customers"`) that changes hands."""
    return dataclasses.replace(task, weights=FEWEST_MOVES, continuity_by=by)


def fewest_moves(
    task: Task, seconds: float | None = None, seed: int = 0, by: str = "arr", work: int = 100
) -> Assigned:
    """Books that keep every hard rule and move as little ARR (or `by="customers"`) as possible."""
    return assign(moving_least(task, by), seconds, seed, work)


_NUMBERS = ("hours", "fte", "ramp", "cost")
_LISTS = ("region", "language", "skill", "segment")


def csm_from(text: str, full_time_hours: float) -> Csm:
    """A CSM as a line of text: the name, then what is known.

    >>> csm_from("Dana Wolf, ramp=40%, region=EMEA; APAC", 1065).share
    426.0
    """
    name, *rest = split_at_commas(text) or [""]
    if not name or "=" in name:
        raise InputError(f'"{text}": write the name first, such as "Dana Wolf, ramp=0.4"')
    told: dict[str, Any] = {}
    for part in rest:
        key, sign, value = (piece.strip() for piece in part.partition("="))
        if not sign or not value:
            raise InputError(
                f'"{text}": "{part}" says nothing; write NAME, then such as hours=1065, ramp=0.4, '
                "numbers without commas"
            )
        if key not in (*_NUMBERS, *_LISTS):
            raise unknown_name(f'"{text}"', key, (*_NUMBERS, *_LISTS))
        if key in told:
            raise InputError(f'"{text}": {key} stands twice; write it once')
        told[key] = words_of(value) if key in _LISTS else _number(text, key, value)
    fte = told.pop("fte", 1.0)
    csm = Csm(name, **({"hours": full_time_hours * fte} | told))
    if csm.share <= 0:
        raise InputError(f'"{text}": has no hours; write hours and a ramp above 0')
    check_team([csm])
    return csm


def _number(text: str, key: str, value: str) -> float:
    """A number within the limits of its column; shares also in per cent."""
    low, high = limits_of(key)
    share = high == 1
    try:
        number = float(value.removesuffix("%")) / (100 if share and value.endswith("%") else 1)
    except ValueError:
        number = math.nan
    if not (low <= number <= high) or (not share and value.endswith("%")):
        said = "a share from 0 to 1, or 0% to 100%" if share else f"a number of {low:g} or more"
        said += f", {high:,.0f} at most" if not share and math.isfinite(high) else ""
        more = "; a pool of CSMs is told by its hours" if key == "fte" and number > high else ""
        raise InputError(f'"{text}": {key} is {value}; write {said}{more}')
    return number
