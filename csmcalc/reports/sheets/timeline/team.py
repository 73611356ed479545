"""Rows of the team: what is required, who is hired when, capacity, what is uncovered, cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from csmcalc.formulas._staffing import need_ahead, react
from csmcalc.plan.timeline.digest import guard_of
from csmcalc.plan.timeline.policies import doubled_rule
from csmcalc.plan.timeline.sensitivity import frame_of_live, team_of_live
from csmcalc.plan.timeline.team import Frame, Team, staffing_of
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.reports.model import Cell, GridRow, Look, Unit
from csmcalc.reports.sheets.rounding import rounded_up
from csmcalc.reports.sheets.timeline.opening import segment_key
from csmcalc.reports.sheets.timeline.rows import heading, line, total
from csmcalc.reports.sheets.timeline.stale import CASES_FRESH, MONTHS_FRESH, marked

_FTE, _MONEY = Unit.FTE, Unit.MONEY


def team_rows(timeline: Timeline) -> Iterator[GridRow]:
    """All rows of the team, for the live case and the chosen policy."""
    frame = frame_of_live(timeline)
    yield from _required(timeline, frame)
    yield from _hiring(timeline, frame)
    yield from _capacity(timeline, frame)
    yield from _cost(timeline)


def _required(timeline: Timeline, frame: Frame) -> Iterator[GridRow]:
    demand = frame.demand
    cases = range(len(timeline.frame.cases.names))
    chosen, best = (
        f"CHOOSE(live_number,{','.join(f'{{{row}_{at}}}' for at in cases)})"
        for row in ("value", "csms")
    )
    yield heading("CSMs required")
    yield line("fte_rule", "By the ARR rule", "FTE", _FTE, demand.rule[0], "{arr_close}/target_arr")
    yield line(
        "fte_workload", "By the workload", "FTE", _FTE, demand.workload[0],
        "{hours}*months_per_year/effective_hours",
    )  # fmt: skip
    by_value = line("fte_value", "By the value", "FTE", _FTE, demand.value[0], chosen)
    yield _engine(by_value, CASES_FRESH)
    yield line(
        "csms_rule", "By the ARR rule", "CSMs", Unit.COUNT, demand.csms("rule")[0],
        rounded_up("{fte_rule}"),
    )  # fmt: skip
    yield line(
        "csms_workload", "By the workload", "CSMs", Unit.COUNT, demand.csms("workload")[0],
        rounded_up("{fte_workload}"),
    )  # fmt: skip
    whole_value = demand.csms("value")[0]
    by_value = line("csms_value", "By the value", "CSMs", Unit.COUNT, whole_value, best)
    yield _engine(by_value, CASES_FRESH)
    by = 'IF(basis="rule",{{{0}_rule}},IF(basis="workload",{{{0}_workload}},{{{0}_value}}))'
    yield total(
        "needed", "Required, by the answer chosen", "heads", Unit.COUNT, frame.needed[0],
        rounded_up(f"({by.format('csms')}/part_time)"),
    )  # fmt: skip
    exact = demand.exact(frame.hiring.basis)[0]
    yield line("exact", "Required, exact", "FTE", _FTE, exact, by.format("fte"))


def _engine(row: GridRow, fresh: str = MONTHS_FRESH) -> GridRow:
    """A row that only the engine can find says when it is stale."""
    return replace(row, title_formula=marked(row.title, fresh).formula)


def _hiring(timeline: Timeline, frame: Frame) -> Iterator[GridRow]:
    yield heading("Hiring: whom each policy starts")
    yield from _as_in_arrears(frame)
    yield from _ahead(frame, timeline.policies["ahead"])
    for policy in ("level", "optimal"):
        starts = timeline.policies[policy].starts[0]
        title = f"{policy.capitalize()}: starts"
        yield _engine(line(f"{policy}_starts", title, "heads", Unit.COUNT, starts, None))
    yield heading("The policy chosen")
    starts = team_of_live(timeline).starts[0]
    yield line(
        "starts", "Starts", "heads", Unit.COUNT, starts,
        'IF(policy="ahead",{ahead_starts},IF(policy="arrears",{late_starts},'
        'IF(policy="level",{level_starts},{optimal_starts})))', None, Look.STRONG,
    )  # fmt: skip
    yield line(
        "requisition", "Requisitions so far", "number", Unit.COUNT, np.cumsum(starts > 0),
        "{requisition.before}+IF({starts}>0,1,0)", Cell(0, unit=Unit.COUNT, look=Look.MUTED),
    )  # fmt: skip


def _as_in_arrears(frame: Frame) -> Iterator[GridRow]:
    """What a team does that hires once it falls short."""
    by_rule = frame.hiring.basis == "rule"
    doubled = doubled_rule(frame)
    staffing = staffing_of(frame.opening, frame.cases)
    late = react(frame.needed, staffing, doubled if by_rule else None)
    there = "{late_heads.before}*staying+{late_arriving}+{late_coming}"
    need = f'IF(AND(basis="rule",{{needed}}>{there}+whole_tolerance),{{catch_up}},{{needed}})'
    yield line(
        "catch_up", "Until caught up, by the ARR rule", "heads", Unit.COUNT, doubled[0],
        rounded_up(f"({rounded_up('({fte_rule}+{fte_rule})')}/part_time)"),
    )  # fmt: skip
    yield line(
        "late_arriving", "In arrears: decided earlier, starting", "heads", Unit.COUNT,
        late.arriving[0], "IF(wait=0,0,SUMPRODUCT({late_decided.past}*({n.past}={n}-wait)))",
    )  # fmt: skip
    yield line(
        "late_coming", "In arrears: decided earlier, starting later", "heads", Unit.COUNT,
        late.coming[0], "SUMPRODUCT({late_decided.past}*({n.past}>{n}-wait))",
    )  # fmt: skip
    yield line(
        "late_decided", "In arrears: decided", "heads", Unit.COUNT, late.decided[0],
        rounded_up(f"MAX(0,{need}-({there}))"), Cell(0, unit=Unit.COUNT, look=Look.MUTED),
    )  # fmt: skip
    yield line(
        "late_starts", "In arrears: starts", "heads", Unit.COUNT, late.starts[0],
        "{late_arriving}+IF(wait=0,{late_decided},0)",
    )  # fmt: skip
    yield line(
        "late_heads", "In arrears: heads", "heads", _FTE, late.heads[0],
        "{late_heads.before}*staying+{late_starts}", _today(frame),
    )  # fmt: skip


def _today(frame: Frame) -> Cell:
    return Cell(frame.opening.heads, "heads_today", _FTE, Look.LINK)


def _ahead(frame: Frame, team: Team) -> Iterator[GridRow]:
    """Hires for the need of every month up to the lead; at first as in arrears."""
    staffing = staffing_of(frame.opening, frame.cases)
    lead = np.broadcast_to(staffing.lead, 1).astype(int)
    need = need_ahead(frame.needed, staffing, lead)[0]
    later = "({n.all}>={n})*({n.all}<={n}+lead)*{needed.all}/staying^({n.all}-{n})"
    beyond = "IF({n}+lead>months_planned,{needed.last}/staying^lead,0)"
    yield line(
        "need_ahead", "Ahead: heads now, for the need up to the lead", "heads", _FTE, need,
        f"MAX(SUMPRODUCT(MAX({later})),{beyond})",
    )  # fmt: skip
    hired = f"IF({{n}}<=wait,0,{rounded_up('MAX(0,{need_ahead}-{ahead_heads.before}*staying)')})"
    caught_up = "SUM({late_starts.sofar})-SUM({ahead_starts.past})"
    yield line(
        "ahead_starts", "Ahead: starts", "heads", Unit.COUNT, team.starts[0],
        f"IF({{n}}<=wait+lead,MAX({hired},{caught_up}),{hired})",
        Cell(0, unit=Unit.COUNT, look=Look.MUTED),
    )  # fmt: skip
    yield line(
        "ahead_heads", "Ahead: heads", "heads", _FTE, team.heads[0],
        "{ahead_heads.before}*staying+{ahead_starts}", _today(frame),
    )  # fmt: skip


def _capacity(timeline: Timeline, frame: Frame) -> Iterator[GridRow]:
    team = team_of_live(timeline)
    tenure = "({n}-{n.sofar}+mid_month)"
    ramped = f"(({tenure}<ramp)*{tenure}/MAX(ramp,tie_tolerance)+({tenure}>=ramp))"
    lift = "+".join(
        f"{{{key}_arr_close}}*{key}_lift"
        for key in map(segment_key, range(len(frame.opening.names)))
    )
    yield heading("Capacity")
    yield line(
        "leavers", "Leavers, expected", "heads", _FTE, team.leavers[0],
        "{heads.before}*(1-staying)",
    )  # fmt: skip
    yield total(
        "heads", "Heads", "heads", _FTE, team.heads[0], "{heads.before}-{leavers}+{starts}",
        opening=_today(frame),
    )  # fmt: skip
    yield line(
        "productive", "Productive", "FTE", _FTE, team.productive[0],
        f"part_time*(heads_today*staying^{{n}}+SUMPRODUCT({{starts.sofar}}*"
        f"staying^({{n}}-{{n.sofar}})*{ramped}))",
    )  # fmt: skip
    yield line(
        "gap", "Gap: required - productive", "FTE", _FTE, team.gap[0], "{exact}-{productive}"
    )
    yield line(
        "uncovered", "Uncovered", "share", Unit.SHARE, team.uncovered[0],
        "IF({exact}>0,MAX(0,MIN(1,{gap}/{exact})),0)",
    )  # fmt: skip
    yield line(
        "uncovered_arr", "Uncovered ARR", "ARR", _MONEY, team.uncovered_arr[0],
        "{arr_close}*{uncovered}",
    )  # fmt: skip
    yield line(
        "arr_lost", "ARR lost for want of service", "ARR a month", _MONEY, team.arr_lost[0],
        f"({lift})*{{uncovered}}/months_per_year",
    )  # fmt: skip
    yield line(
        "managers", "Managers", "heads", Unit.COUNT, team.managers[0],
        f"IF({{heads}}<=span*(1+tie_tolerance),0,{rounded_up('({heads}/span)')})",
    )  # fmt: skip


def _cost(timeline: Timeline) -> Iterator[GridRow]:
    team, case = team_of_live(timeline), timeline.frame.cases.names.index(timeline.live)
    support = "+".join(
        f"{{{key}_arr_close}}*{key}_support"
        for key in map(segment_key, range(len(timeline.opening.names)))
    )
    guard = guard_of(timeline)
    yield heading("Cost")
    yield line(
        "cost_csms", "CSMs", "a month", _MONEY, team.cost_csms[0],
        "{heads}*part_time*csm_cost/months_per_year",
    )  # fmt: skip
    yield line(
        "cost_ramp", "of which ramping", "a month", _MONEY, team.cost_ramp[0],
        "IF({heads}*part_time-{productive}<=whole_tolerance*{heads},0,"
        "({heads}*part_time-{productive})*csm_cost/months_per_year)", None, Look.MUTED,
    )  # fmt: skip
    yield line(
        "cost_hires", "Hires", "a month", _MONEY, team.cost_hires[0],
        "{starts}*hiring_cost*csm_cost",
    )  # fmt: skip
    yield line(
        "cost_managers", "Managers", "a month", _MONEY, team.cost_managers[0],
        "{managers}*manager_cost*csm_cost/months_per_year",
    )  # fmt: skip
    yield total(
        "cost", "Cost of customer success", "a month", _MONEY, team.cost[0],
        "{cost_csms}+{cost_hires}+{cost_managers}",
    )  # fmt: skip
    yield line(
        "cs_share", "Cost of customer success", "of ARR a year", Unit.SHARE,
        guard["cs_cost_share"][case],
        "IF({arr_close}>0,{cost}*months_per_year/{arr_close},0)",
    )  # fmt: skip
    words = np.where(guard["margin_guard"][case], "OK", "LOOK")
    yield line(
        "guard", "Margin guard: support + success", "", Unit.TEXT, words,
        f'IF({support}+{{cost}}*months_per_year<{{arr_close}}*max_share,"OK","LOOK")',
        coloured=("OK", "LOOK"),
    )  # fmt: skip
