"""Chains of moves among agents with one capacity each, in the part of Python that numba compiles.

Items move one by one, or two at once: one to another agent, and one of that agent's on to a third
(or back: a swap). Capacity may be passed at a price that rises while it is passed and falls while
it is not; around the best answer within the capacities small kicks and settling alternate.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def draw(state: Any, below: int) -> int:
    """A whole number from 0 to below `below`; `state` moves on."""
    state[0] = state[0] * 48271 % 2147483647
    return int(state[0] * below // 2147483647)


def above(load: float, limit: float) -> float:
    """By how much a load passes its limit."""
    return load - limit if load > limit else 0.0


def move(
    item: int, agent: int, owner: Any, load: Any, weight: Any, member: Any, place: Any, count: Any
) -> None:
    """Give an item to an agent; the lists of members follow."""
    old = owner[item]
    count[old] -= 1
    last = member[old, count[old]]
    member[old, place[item]] = last
    place[last] = place[item]
    member[agent, count[agent]] = item
    place[item] = count[agent]
    count[agent] += 1
    load[old] -= weight[item, old]
    load[agent] += weight[item, agent]
    owner[item] = agent


def settle(
    cost: Any, weight: Any, limit: Any, near: Any, price: Any,
    owner: Any, load: Any, member: Any, place: Any, count: Any,
    changed: Any, looked: Any, now: Any, log: Any, written: int, state: Any,
) -> int:
    """Move and move on while that pays; `log` takes each item and its old agent.

    `changed` and `looked` tell when an agent changed and an item was looked at, by the clock `now`:
    what has not changed since then is not looked at again.
    """
    items, wide = near.shape
    at, idle = draw(state, items), 0
    while idle < items and written + 2 < log.shape[0]:
        j = at
        at = at + 1 if at + 1 < items else 0
        idle += 1
        a = owner[j]
        since, fresh = looked[j], changed[a] > looked[j]
        looked[j] = now[0]
        leave = price[a] * (above(load[a] - weight[j, a], limit[a]) - above(load[a], limit[a]))
        best, to, other, on = -1e-9 * (1.0 + abs(cost[j, a])), -1, -1, -1
        for x in range(wide):
            b = near[j, x]
            if b < 0:
                break
            if b == a or not (fresh or changed[b] > since):
                continue
            first = cost[j, b] - cost[j, a]
            over = above(load[b], limit[b])
            gain = first + leave + price[b] * (above(load[b] + weight[j, b], limit[b]) - over)
            if gain < best:
                best, to, other = gain, b, -1
            for y in range(count[b]):
                k = member[b, y]
                after = above(load[b] + weight[j, b] - weight[k, b], limit[b])
                partly = first + price[b] * (after - over) - cost[k, b]
                for z in range(wide):
                    c = near[k, z]
                    if c < 0:
                        break
                    if c == b:
                        continue
                    gain = partly + cost[k, c]
                    if c == a:
                        then = above(load[a] - weight[j, a] + weight[k, a], limit[a])
                        gain += price[a] * (then - above(load[a], limit[a]))
                    else:
                        gain += leave
                        if gain >= best:
                            continue
                        then = above(load[c] + weight[k, c], limit[c])
                        gain += price[c] * (then - above(load[c], limit[c]))
                    if gain < best:
                        best, to, other, on = gain, b, k, c
        if to >= 0:
            now[0] += 1
            log[written, 0], log[written, 1] = j, a
            written += 1
            changed[a] = changed[to] = now[0]
            move(j, to, owner, load, weight, member, place, count)
            if other >= 0:
                log[written, 0], log[written, 1] = other, to
                written += 1
                changed[on] = now[0]
                move(other, on, owner, load, weight, member, place, count)
            idle = 0
    return int(written)


def passed(price: Any, load: Any, limit: Any) -> float:
    """What is paid for the capacities that are passed."""
    paid = 0.0
    for i in range(len(load)):
        paid += price[i] * above(load[i], limit[i])
    return paid


def total(cost: Any, owner: Any) -> float:
    """What the owners cost."""
    paid = 0.0
    for j in range(len(owner)):
        paid += cost[j, owner[j]]
    return paid



def kick(
    weight: Any, near: Any, owner: Any, load: Any, member: Any, place: Any, count: Any,
    changed: Any, now: Any, log: Any, state: Any,
) -> int:
    """Pass a few items on from a random agent, each from where the last one went."""
    wide, written = near.shape[1], 0
    a, many = draw(state, len(load)), 1 + draw(state, 4)
    for _step in range(many):
        if count[a] == 0:
            break
        j = member[a, draw(state, count[a])]
        b = near[j, min(draw(state, wide), draw(state, wide))]
        if b < 0 or b == a:
            continue
        log[written, 0], log[written, 1] = j, a
        written += 1
        now[0] += 1
        changed[a] = changed[b] = now[0]
        move(j, b, owner, load, weight, member, place, count)
        a = b
    return written


def kicked(
    cost: Any, weight: Any, limit: Any, near: Any, price: Any, lowest: Any,
    owner: Any, best: Any, least: float, state: Any, log: Any, rounds: int, heat: float,
) -> float:
    """Kick, settle, keep or take back, `rounds` times; `best` gets the cheapest that fits.

    `least` is what `best` costs, `lowest` the least price of a unit beyond each capacity, `heat` how
    much dearer an answer may be, on average, and yet be kept. Returns the new `least`.
    """
    items, agents = near.shape[0], len(limit)
    load, count = np.zeros(agents), np.zeros(agents, np.int64)
    member, place = np.zeros((agents, items), np.int32), np.zeros(items, np.int64)
    for j in range(items):
        i = owner[j]
        member[i, count[i]] = j
        place[j] = count[i]
        count[i] += 1
        load[i] += weight[j, i]
    ones = np.ones(agents)
    changed, looked, now = np.ones(agents, np.int64), np.zeros(items, np.int64), ones.astype(np.int64)
    standing = np.inf
    for turn in range(rounds):
        written = 0
        if turn:
            written = kick(
                weight, near, owner, load, member, place, count, changed, now, log, state
            )
        written = settle(
            cost, weight, limit, near, price, owner, load, member, place, count,
            changed, looked, now, log, written, state,
        )
        spent = total(cost, owner)
        if spent < least - 1e-9 * (1.0 + abs(spent)) and passed(ones, load, limit) <= 0:
            least = spent
            best[:] = owner
        reached = spent + passed(price, load, limit)
        if reached > standing - heat * np.log((1 + draw(state, 1000000)) / 1000001):
            for back in range(written - 1, -1, -1):
                move(log[back, 0], log[back, 1], owner, load, weight, member, place, count)
        else:
            standing = reached
        if turn % agents == agents - 1:
            now[0] += 1
            fits = passed(ones, load, limit) <= 0
            for i in range(agents):
                changed[i] = now[0]
                if fits:
                    price[i] = max(lowest[i], price[i] * 0.9)
                elif load[i] > limit[i]:
                    price[i] *= 1.2
            standing = total(cost, owner) + passed(price, load, limit)
    return least


KERNELS = (draw, above, move, settle, passed, total, kick, kicked)
