"""Balanced books beside rivals on the same instances, in one run.

    python -m benchmarks.books FILE... [--seconds 10] [--rivals PYTHON] [--threads 2]

Files are .npz instances as in tests/files/instances/books (SOURCE.md there says what is in them).
Rivals: HiGHS plain (the same programme without levels, cuts or exchanges), a snake draft by ARR as
it is done by hand, and, with the interpreter of an environment that has them (`--rivals`), OR-tools
CP-SAT and b2b-territory-optimization; these run in a process of their own, because ortools and
highspy cannot share one. Value and bound are points; a hard violation is an owner who may not have
the customer, or a CSM beyond capacity.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.rivals import Ints, elsewhere, plain_highs
from csmcalc.optimum.assignment.problem import Problem
from csmcalc.portfolio.books.engine.solve import solve

CP_SAT = """
import json, sys, numpy as np
from ortools.sat.python import cp_model
d = np.load(sys.argv[1]); seconds, threads = float(sys.argv[2]), int(sys.argv[3])
n, m = len(d["W"]), len(d["t"]); model = cp_model.CpModel(); scale = 1e7; terms = []
may = [[int(i) for i in d["idx"][d["ptr"][j]:d["ptr"][j + 1]]] for j in range(n)]
x = {(j, i): model.new_bool_var("") for j in range(n) for i in may[j]}
for j in range(n):
    own = may[j]
    model.add_exactly_one(x[j, i] for i in own)
    if d["cur"][j] >= 0:
        terms += [int(scale * d["sw"][j]) * x[j, i] for i in own if i != d["cur"][j]]
for i in range(m):
    held = [j for j in range(n) if (j, i) in x]
    model.add(sum(int(d["W"][j]) * x[j, i] for j in held) <= int(d["cap"][i]))
    for size, target, price in (("W", "t", "cW"), ("R", "rho", "cR"), ("K", "kap", "cK")):
        away = model.new_int_var(0, int(d[size].sum()), "")
        load = sum(int(d[size][j]) * x[j, i] for j in held)
        model.add(away >= load - round(float(d[target][i])))
        model.add(away >= round(float(d[target][i])) - load)
        terms.append(int(scale * d[price][i]) * away)
model.minimize(sum(terms)); solver = cp_model.CpSolver()
solver.parameters.max_time_in_seconds = seconds; solver.parameters.num_workers = threads
solver.solve(model)
print(json.dumps([max((solver.value(x[j, i]), i) for i in may[j])[1] for j in range(n)]))
"""

TERRITORY = """
import json, sys, numpy as np, pandas as pd
from b2b_territory_optimization.allocator import TerritoryAllocator
d = np.load(sys.argv[1]); owner = np.full(len(d["W"]), -1)
for g in np.unique(d["reg"]):
    ids, csms = np.flatnonzero(d["reg"] == g), np.flatnonzero(d["reg_c"] == g)
    frame = pd.DataFrame({"Account_ID": ids, "Estimated_TAM": d["R"][ids]})
    out = TerritoryAllocator().allocate_bucket(frame, len(csms), "g")
    place = [0 if len(csms) == 1 else int(t.rsplit("_", 1)[1]) - 1 for t in out["Territory_ID"]]
    owner[out["Account_ID"].to_numpy()] = csms[place]
print(json.dumps(owner.tolist()))
"""


def read_books(path: Path) -> Problem:
    """The problem of an instance."""
    with np.load(path) as d:
        first, agent = d["ptr"].astype(np.int64), d["idx"].astype(np.int64)
        item = np.repeat(np.arange(len(d["W"])), np.diff(first))
        moves = (d["cur"][item] >= 0) & (agent != d["cur"][item])
        price = np.array([d["cW"], d["cR"], d["cK"]])
        none = np.full_like(price, np.inf)
        high = none.copy()
        high[0] = d["cap"]
        return Problem(
            first=first,
            agent=agent,
            cost=d["sw"][item] * moves,
            size=np.array([d["W"], d["R"], d["K"]], dtype=float)[:, item],
            low=-none,
            high=high,
            target=np.array([d["t"], d["rho"], d["kap"]]),
            over=price,
            under=price,
        )


def snake(path: Path, problem: Problem) -> Ints:
    """By hand: customers by falling ARR, dealt out forth and back among those who may have them."""
    with np.load(path) as d:
        arr, region, of_csm = d["R"], d["reg"], d["reg_c"]
    owner = np.full(problem.items, -1)
    for group in np.unique(region):
        csms, turn = np.flatnonzero(of_csm == group), 0
        for one in np.flatnonzero(region == group)[np.argsort(-arr[region == group])]:
            for _try in range(2 * len(csms)):
                lap, place = divmod(turn, len(csms))
                turn += 1
                owner[one] = csms[place if lap % 2 == 0 else -1 - place]
                if problem.arcs(np.array([one]), owner[one : one + 1])[0] >= 0:
                    break
    return owner


def judged(path: Path, owner: Ints) -> tuple[float, int]:
    """Points and hard violations of owners, from the instance's own arrays."""
    with np.load(path) as d:
        m = len(d["t"])
        pairs = set(zip(np.repeat(np.arange(len(owner)), np.diff(d["ptr"])), d["idx"], strict=True))
        wrong = sum((one, csm) not in pairs for one, csm in enumerate(owner))
        points = float(d["sw"][(d["cur"] >= 0) & (owner != d["cur"])].sum())
        for size, target, price in (("W", "t", "cW"), ("R", "rho", "cR"), ("K", "kap", "cK")):
            load = np.bincount(owner, d[size], m)
            points += float((d[price] * np.abs(load - d[target])).sum())
        over = np.bincount(owner, d["W"], m) > d["cap"]
    return points, int(wrong + over.sum())


def row(path: Path, who: str, owner: Ints | None, bound: float, seconds: float) -> str:
    if owner is None:
        return f"{path.stem:<20}{who:<12}{'no answer':>11}{'':>28}{seconds:>8.1f}"
    value, wrong = judged(path, owner)
    known = np.isfinite(bound)
    gap = f"{value - bound:>9.4f}{100 * (value - bound) / value:>8.2f}%" if known else f"{'-':>18}"
    least = f"{bound:>10.4f}" if known else f"{'-':>10}"
    return f"{path.stem:<20}{who:<12}{value:>11.4f}{least}{gap}{seconds:>8.1f}{wrong:>6}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rivals", default="", metavar="PYTHON")
    told = parser.parse_args()
    print("instance            who               value     bound   gap, in %       seconds  hard")
    for path in told.files:
        problem = read_books(path)
        answer = solve(problem, told.seconds, threads=told.threads)
        owner = None if answer.chosen is None else problem.agent[answer.chosen]
        print(row(path, "csmcalc", owner, answer.bound, answer.seconds), flush=True)
        if told.rivals == "none":
            continue
        begin = time.perf_counter()
        rival, bound = plain_highs(problem, told.seconds)
        print(row(path, "HiGHS", rival, bound, time.perf_counter() - begin), flush=True)
        for who, code in (("CP-SAT", CP_SAT), ("b2b", TERRITORY)) if told.rivals else ():
            begin = time.perf_counter()
            told_owner = elsewhere(told.rivals, code, path, told.seconds, told.threads)
            rival = None if told_owner is None else np.array(told_owner)
            print(row(path, who, rival, -np.inf, time.perf_counter() - begin), flush=True)
        print(row(path, "snake", snake(path, problem), -np.inf, 0.0), flush=True)


if __name__ == "__main__":
    main()
