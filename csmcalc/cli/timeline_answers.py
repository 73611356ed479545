"""What the terminal shows of a timeline."""

from __future__ import annotations

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from csmcalc.cli.answers import console, money_in
from csmcalc.plan.checks import churn_told
from csmcalc.plan.timeline.digest import meaning_of, policy_totals, possible
from csmcalc.plan.timeline.timeline import Timeline

_SHOWN = 12


def show_timeline(timeline: Timeline, written: Path | None) -> None:
    """The year ends, the policies side by side, and the hires to open first."""
    out = console()
    out.print(_years(timeline))
    out.print(_policies(timeline))
    out.print(_requisitions(timeline))
    best = timeline.best
    money = money_in(timeline.plan.book.currency)
    out.print(f"  {escape(meaning_of(timeline))}", soft_wrap=True)
    proven = f"no plan is worth more than {money(best.bound)}; gap {best.gap:.1e}."
    why_not = f"no plan keeps within the limits: {best.why_not}."
    said = escape(why_not) if best.why_not else proven
    out.print(f"  Optimal hiring: {said}", soft_wrap=True)
    for check in churn_told(timeline.plan):
        if not check.ok:
            out.print(f"  [yellow]LOOK[/] {escape(check.finding)}", soft_wrap=True)
    if written:
        out.print(f"\nWritten: {escape(str(written))}", soft_wrap=True)


def _years(timeline: Timeline) -> Table:
    money = money_in(timeline.plan.book.currency)
    table = Table(
        box=SIMPLE_HEAD,
        title=escape(f"{timeline.plan.book.source}: scenario {timeline.live}"),
        title_justify="left",
    )
    table.add_column("Month")
    for heading in ("ARR", "Accounts", "Rule", "Workload", "Value", "Heads", "Productive"):
        table.add_column(heading, justify="right", overflow="fold")
    frame, case = timeline.frame, timeline.frame.cases.names.index(timeline.live)
    team = timeline.team
    last = len(timeline.months) - 1
    for at in [*range(0, last, 6), last]:
        table.add_row(
            f"{timeline.months[at]:%b %Y}",
            money(float(frame.flows.arr_close[case, at].sum())),
            f"{frame.flows.accounts_close[case, at].sum():,.0f}",
            *(f"{frame.demand.csms(basis)[case, at]:,.0f}" for basis in _BASES),
            f"{team.heads[case, at]:,.1f}",
            f"{team.productive[case, at]:,.1f}",
        )
    return table


_BASES = ("rule", "workload", "value")


def _policies(timeline: Timeline) -> Table:
    money = money_in(timeline.plan.book.currency)
    table = Table(box=SIMPLE_HEAD)
    table.add_column("Policy")
    for heading in ("Starts", "Cost", "Uncovered ARR", "ARR lost", "Net value"):
        table.add_column(heading, justify="right", overflow="fold")
    for name, team in possible(timeline).items():
        total = policy_totals(team)
        table.add_row(
            f"[bold]{name}[/]" if name == timeline.policy else name,
            f"{total['starts']:,.0f}",
            *(money(total[key]) for key in ("cost", "uncovered_arr", "arr_lost", "net_value")),
        )
    return table


def _requisitions(timeline: Timeline) -> Table:
    table = Table(box=SIMPLE_HEAD)
    for heading in ("Requisition", "CSMs", "Open by", "Starts", "Productive"):
        table.add_column(heading, justify="right")
    for one in timeline.requisitions[:_SHOWN]:
        table.add_row(
            str(one.number),
            str(one.csms),
            *(f"{day:%b %Y}" for day in (one.opens, one.starts, one.productive)),
        )
    return table
