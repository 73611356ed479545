"""Kicks and chains of moves among agents with one capacity each, for numba to compile.

At a price of each capacity an item's key is its cost plus its weight at that price, and an answer
costs its keys plus what its loads are off: room that is left at that price, what passes a capacity
at a higher one. Items move to another agent, swap, or push one of that agent's on to a third; what
could pay is known from the keys. The higher price rises while a capacity is passed and falls while
none is, so that the search goes in and out of what fits.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def draw(state: Any, below: int) -> int:
    """A whole number from 0 to below `below`; `state` moves on."""
    state[0] = state[0] * 48271 % 2147483647
    return int(state[0] * below // 2147483647)


def off(load: float, limit: float, low: float, price: float) -> float:
    """What a load costs that leaves room, or that passes its limit: by however little, a unit more.

    Without that unit, passing by a trifle would cost a trifle, and prices would have no end.
    """
    room = limit - load
    return low * room if room >= 0 else (low - price) * room + price


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


def best_move(
    j: int,
    since: int,
    fresh: bool,
    key: Any,
    weight: Any,
    limit: Any,
    near: Any,
    low: Any,
    price: Any,
    owner: Any,
    load: Any,
    member: Any,
    count: Any,
    changed: Any,
    most: float,
) -> tuple[float, int, int, int]:
    """What an item's best move gains, where to, and which item it pushes on to whom.

    Only moves that touch an agent changed after `since` are looked at, all of them where the item's
    own one is `fresh`. `most` is the largest that any load costs now.
    """
    a, wide = owner[j], near.shape[1]
    stay = off(load[a], limit[a], low[a], price[a])
    leave = off(load[a] - weight[j, a], limit[a], low[a], price[a]) - stay
    best, to, other, on = -1e-9 * (1.0 + abs(key[j, a])), -1, -1, -1
    for x in range(wide):
        b = near[j, x]
        if b < 0:
            break
        if b == a or not (fresh or changed[b] > since):
            continue
        there = off(load[b], limit[b], low[b], price[b])
        base = key[j, b] - key[j, a] - there
        full = load[b] + weight[j, b]
        gain = base + leave + off(full, limit[b], low[b], price[b])
        if gain < best:
            best, to, other = gain, b, -1
        for y in range(count[b]):
            k = member[b, y]
            partly = base - key[k, b] + off(full - weight[k, b], limit[b], low[b], price[b])
            if partly + key[k, a] - stay < best:
                back = load[a] - weight[j, a] + weight[k, a]
                gain = partly + key[k, a] - stay + off(back, limit[a], low[a], price[a])
                if gain < best:
                    best, to, other, on = gain, b, k, a
            partly += leave
            for z in range(wide):
                c = near[k, z]
                if c < 0 or partly + key[k, c] - most >= best:
                    break
                if c == a:
                    continue
                if c == b:
                    continue
                gain = partly + key[k, c] - off(load[c], limit[c], low[c], price[c])
                gain += off(load[c] + weight[k, c], limit[c], low[c], price[c])
                if gain < best:
                    best, to, other, on = gain, b, k, c
    return best, to, other, on


def dearest(load: Any, limit: Any, low: Any, price: Any) -> float:
    """The largest that any load costs."""
    most = 0.0
    for i in range(len(load)):
        most = max(most, off(load[i], limit[i], low[i], price[i]))
    return most


def settle(
    key: Any,
    weight: Any,
    limit: Any,
    near: Any,
    low: Any,
    price: Any,
    owner: Any,
    load: Any,
    member: Any,
    place: Any,
    count: Any,
    changed: Any,
    looked: Any,
    now: Any,
    log: Any,
    written: int,
    state: Any,
) -> int:
    """Move and move on while that pays; `log` takes each item and its old agent.

    `changed` and `looked` tell when an agent changed and an item was looked at, by the clock `now`.
    """
    items = near.shape[0]
    at, idle = draw(state, items), 0
    most = dearest(load, limit, low, price)
    while idle < items and written + 2 < log.shape[0]:
        j = at
        at = at + 1 if at + 1 < items else 0
        idle += 1
        a, since = owner[j], looked[j]
        looked[j] = now[0]
        _gain, to, other, on = best_move(
            j,
            since,
            changed[a] > since,
            key,
            weight,
            limit,
            near,
            low,
            price,
            owner,
            load,
            member,
            count,
            changed,
            most,
        )
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
            most = dearest(load, limit, low, price)
            idle = 0
    return written


def standing(key: Any, limit: Any, low: Any, price: Any, owner: Any, load: Any) -> float:
    """What an answer costs: its keys and what its loads are off."""
    paid = 0.0
    for j in range(len(owner)):
        paid += key[j, owner[j]]
    for i in range(len(load)):
        paid += off(load[i], limit[i], low[i], price[i])
    return paid


def spent(cost: Any, limit: Any, owner: Any, load: Any) -> float:
    """What an answer within the capacities costs; infinite where it passes one."""
    paid = 0.0
    for i in range(len(load)):
        if load[i] > limit[i]:
            return np.inf
    for j in range(len(owner)):
        paid += cost[j, owner[j]]
    return paid


def kick(
    weight: Any,
    near: Any,
    owner: Any,
    load: Any,
    member: Any,
    place: Any,
    count: Any,
    changed: Any,
    now: Any,
    log: Any,
    state: Any,
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
    cost: Any,
    key: Any,
    weight: Any,
    limit: Any,
    near: Any,
    low: Any,
    price: Any,
    owner: Any,
    best: Any,
    least: float,
    state: Any,
    log: Any,
    rounds: int,
    heat: float,
) -> float:
    """Kick, settle, keep or take back, `rounds` times; `best` gets the cheapest that fits.

    `least` is what `best` costs, `heat` how much dearer an answer may be, on average, and yet be
    kept. Returns the new `least`; `owner` and `price` are where the search stands.
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
    changed, looked = np.ones(agents, np.int64), np.zeros(items, np.int64)
    now, stands = np.ones(1, np.int64), np.inf
    for turn in range(rounds):
        written = 0
        if turn:
            written = kick(
                weight, near, owner, load, member, place, count, changed, now, log, state
            )
        written = settle(
            key,
            weight,
            limit,
            near,
            low,
            price,
            owner,
            load,
            member,
            place,
            count,
            changed,
            looked,
            now,
            log,
            written,
            state,
        )
        paid = spent(cost, limit, owner, load)
        if paid < least - 1e-9 * (1.0 + abs(paid)):
            least = paid
            best[:] = owner
        reached = standing(key, limit, low, price, owner, load)
        if reached > stands - heat * np.log((1 + draw(state, 1000000)) / 1000001):
            for back in range(written - 1, -1, -1):
                move(log[back, 0], log[back, 1], owner, load, weight, member, place, count)
        else:
            stands = reached
        if turn % (4 * agents) == 4 * agents - 1:
            fits = spent(cost, limit, owner, load) < np.inf
            now[0] += 1
            for i in range(agents):
                changed[i] = now[0]
                if fits:
                    price[i] = max(1.05 * low[i], price[i] * 0.85)
                elif load[i] > limit[i]:
                    price[i] *= 1.25
            stands = standing(key, limit, low, price, owner, load)
    return least


KERNELS = (draw, off, move, best_move, dearest, settle, standing, spent, kick, kicked)
