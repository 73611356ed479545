"""Economics: retention, unit economics and the repayment of CAC, as far as the list tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from csmcalc.formulas import lifetime
from csmcalc.formulas.economics import csm_strict_guard
from csmcalc.plan.cells import PLANNED
from csmcalc.plan.plan import Plan
from csmcalc.portfolio.retention import GONE, Bridge
from csmcalc.reports.model import Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.amounts import money_unit
from csmcalc.reports.sheets.letters import criterion
from csmcalc.reports.wording import Phrase, phrase, share

_WIDTHS = (2, 34, 16, 16, 14, 16, 16, 16, 12)


def economics_sheet(plan: Plan) -> Sheet:
    """The sheet of what accounts bring, cost and repay."""
    page = Page("Economics", _WIDTHS)
    row = page.head(
        "Do customers stay, and do they repay what they cost?",
        f"Amounts in {plan.book.currency} a year, per account where it says so",
    )
    row = page.section(row, "What an account brings and costs, by touch tier")
    row = page.table(row, _unit_economics(plan)) + 1
    if plan.bridge:
        row = page.section(row, "From last year's ARR to this year's")
        row = page.table(row, bridge_table(plan, plan.bridge)) + 1
        row = page.section(row, "Retention of last year's accounts, and the lifetime it implies")
        row = page.table(row, _retention(plan, plan.bridge)) + 1
    if plan.book.has("cac"):
        row = page.section(row, "Is CAC repaid?")
        row = page.table(row, _repayment(plan)) + 1
    missing = tuple(_missing(plan))
    if missing:
        row = page.section(row, "What the list does not tell")
        for words in missing:
            page.text(row, FIRST_COLUMN, words, Look.SENTENCE, span=8)
            row += 1
    return page.sheet(printed=(row, len(_WIDTHS)))


def _unit_economics(plan: Plan) -> Table:
    columns = (
        Column("Touch tier"),
        Column("Accounts", Unit.COUNT),
        Column("ARR each", Unit.MONEY),
        Column("Gross margin", Unit.SHARE),
        Column("Cost to serve each", Unit.MONEY),
        Column("Contribution each", Unit.MONEY),
        Column("Contribution margin", Unit.SHARE),
        Column("Guard fails", Unit.COUNT),
    )
    rows = [_tier(str(tier), sums) for tier, sums in plan.by_tier.iterrows()]
    total = plan.by_tier.sum(numeric_only=True)
    return Table("UnitEconomics", columns, tuple(rows), _tier("All", total, Look.TOTAL))


_OF_TIER = f"Customers[Touch tier],{criterion('[@Touch tier]')}"


def _tier(name: str, sums: pd.Series, look: Look = Look.BODY) -> tuple[Cell, ...]:
    count, arr = float(sums["accounts"]), float(sums["arr"])
    cost, contribution = float(sums["cost_to_serve"]), float(sums["contribution"])
    everywhere = look is Look.TOTAL

    def added(column: str) -> str:
        if everywhere:
            return f"SUM(Customers[{column}])"
        return f"SUMIFS(Customers[{column}],{_OF_TIER})"

    def each(total: float) -> float:
        return total / count if count else 0.0

    def of_arr(amount: float) -> float | str:
        return amount / arr if arr else ""

    guarded = 'Customers[Margin guard],"LOOK"'
    counted = "SUM([Accounts])" if everywhere else f"COUNTIFS({_OF_TIER})"
    fails = f"COUNTIFS({guarded})" if everywhere else f"COUNTIFS({_OF_TIER},{guarded})"
    cells = (
        (count, counted, Unit.COUNT),
        (each(arr), f"IF([@Accounts]>0,{added('ARR')}/[@Accounts],0)", Unit.MONEY),
        (
            of_arr(contribution + cost),
            'IF([@ARR each]>0,([@Cost to serve each]+[@Contribution each])/[@ARR each],"")',
            Unit.SHARE,
        ),
        (each(cost), f"IF([@Accounts]>0,{added('Cost to serve')}/[@Accounts],0)", Unit.MONEY),
        (
            each(contribution),
            f"IF([@Accounts]>0,{added('Contribution')}/[@Accounts],0)",
            Unit.MONEY,
        ),
        (
            of_arr(contribution),
            'IF([@ARR each]>0,[@Contribution each]/[@ARR each],"")',
            Unit.SHARE,
        ),
        (float(sums["unguarded"]), fails, Unit.COUNT),
    )
    label = Cell(name, look=look if everywhere else Look.STRONG)
    return (label, *(Cell(value, formula, unit, look) for value, formula, unit in cells))


def _bridge_formulas(plan: Plan) -> dict[str, str | None]:
    """What each step of the bridge adds up."""
    if plan.book.full:
        lost = (f'SUMIFS(Customers[Prior ARR],Customers[In plan],"{reason}")' for reason in GONE)
        untold = 'Customers[Prior ARR],"",Customers[Days as customer],">"&days_per_year'
        return {
            "kept": f'SUMIFS(Customers[Prior ARR],Customers[In plan],"{PLANNED}")',
            "churn": "+".join(lost),
            "contraction": '-SUMIF(Customers[Kept change],"<0")',
            "expansion": 'SUMIF(Customers[Kept change],">0")',
            "new": 'arr_planned-SUMIFS(Customers[ARR],Customers[Prior ARR],">0")-bridge_untold',
            "untold": f"SUMIFS(Customers[ARR],{untold})",
        }
    kept = "(Customers[Prior ARR]>0)"
    change = "(Customers[ARR]-Customers[Prior ARR])"
    return {
        "kept": f"SUMPRODUCT({kept}*Customers[Prior ARR])",
        "churn": _gone(plan, "SUMIFS(Left_out[Prior ARR],", ""),
        "contraction": f"SUMPRODUCT({kept}*({change}<0)*-{change})",
        "expansion": f"SUMPRODUCT({kept}*({change}>0)*{change})",
        "new": "SUM(Customers[New ARR])",
        "untold": "SUM(Customers[Untold ARR])",
    }


def bridge_table(plan: Plan, bridge: Bridge) -> Table:
    """The steps from the ARR of a year ago to today's."""
    of = _bridge_formulas(plan)
    steps = (
        ("ARR a year ago", bridge.start, "bridge_kept+bridge_churn", "bridge_start", "counted"),
        (
            "of which of accounts kept",
            bridge.start - bridge.churn,
            of["kept"],
            "bridge_kept",
            "part of it",
        ),
        ("Churn", bridge.churn, of["churn"], "bridge_churn", "lost"),
        (
            "Contraction",
            bridge.contraction,
            of["contraction"],
            "bridge_contraction",
            "lost",
        ),
        (
            "Expansion",
            bridge.expansion,
            of["expansion"],
            "bridge_expansion",
            "added",
        ),
        ("New", bridge.new, of["new"], "bridge_new", "added"),
        (
            "Older accounts, prior ARR not told",
            bridge.untold,
            of["untold"],
            "bridge_untold",
            "added",
        ),
    )
    unit = money_unit(value for _, value, *_ in steps)
    rows = tuple(
        (
            Cell(title, look=Look.MUTED if way == "part of it" else Look.STRONG),
            Cell(value, formula, unit, name=name),
            Cell(way, look=Look.MUTED),
        )
        for title, value, formula, name, way in steps
    )
    end = "bridge_start-bridge_churn-bridge_contraction+bridge_expansion+bridge_new+bridge_untold"
    total = (
        Cell("ARR planned", look=Look.TOTAL),
        Cell(bridge.end, end, unit, Look.TOTAL),
        Cell(None, look=Look.TOTAL),
    )
    columns = (Column("Step"), Column("ARR", unit), Column("Direction"))
    return Table("Bridge", columns, rows, total)


def _gone(plan: Plan, before: str, after: str) -> str | None:
    """A sum or count over the accounts lost since a year ago; a plain 0 where none was left out."""
    excluded = plan.book.excluded
    if not len(excluded) or "prior_arr" not in excluded:
        return None
    return "+".join(f'{before}Left_out[Reason],"{reason}"{after})' for reason in GONE)


@dataclass(frozen=True, slots=True)
class _Lifetime:
    """What the retention of last year's accounts implies for the average account."""

    churn: float
    years: float
    simple: float
    discounted: float


def _lifetime_of(plan: Plan, bridge: Bridge) -> _Lifetime | None:
    churn = 1 - bridge.grr
    if churn <= 0:
        return None
    count = len(plan.accounts)
    arpa = plan.arr / count
    gross = float((plan.accounts["arr"] * plan.accounts["gross_margin"]).sum()) / plan.arr
    discount = plan.settings.margin.discount
    return _Lifetime(
        churn,
        float(lifetime.csm_lifetime(churn)),
        float(lifetime.csm_ltv(arpa, gross, churn)),
        float(lifetime.csm_ltv_discounted(arpa, gross, churn, discount)),
    )


def _retention(plan: Plan, bridge: Bridge) -> Table:
    lost = _gone(plan, "COUNTIFS(", ',Left_out[Prior ARR],">0"')
    rows = [
        (
            "Gross revenue retention",
            bridge.grr,
            "1-(bridge_churn+bridge_contraction)/bridge_start",
            Unit.SHARE,
            "grr",
            "never above 100 %",
        ),
        (
            "Net revenue retention",
            bridge.nrr,
            "grr+bridge_expansion/bridge_start",
            Unit.SHARE,
            "nrr",
            "with expansion, without new accounts",
        ),
        (
            "Logo retention",
            bridge.logo_retention,
            "accounts_kept/accounts_before",
            Unit.SHARE,
            None,
            "accounts kept / accounts a year ago",
        ),
        (
            "Accounts a year ago",
            float(bridge.accounts_at_start),
            "accounts_kept" + (f"+{lost}" if lost else ""),
            Unit.COUNT,
            "accounts_before",
            "with ARR a year ago",
        ),
        (
            "Accounts kept",
            float(bridge.accounts_kept),
            'COUNTIF(Customers[Prior ARR],">0")',
            Unit.COUNT,
            "accounts_kept",
            "still served",
        ),
    ]
    implied = _lifetime_of(plan, bridge)
    if implied:
        margin = "SUMPRODUCT(Customers[ARR],Customers[Gross margin])/accounts_planned"
        rows += [
            ("Lifetime", implied.years, "1/(1-grr)", Unit.FTE, None, "years, 1 / (1 - GRR)"),
            (
                "LTV per account, simple",
                implied.simple,
                f"{margin}/(1-grr)",
                Unit.MONEY,
                None,
                "gross margin / revenue churn",
            ),
            (
                "LTV per account, discounted",
                implied.discounted,
                f"{margin}/(discount+1-grr)",
                Unit.MONEY,
                "ltv",
                "gross margin / (discount + revenue churn)",
            ),
        ]
    columns = (Column("Measure"), Column("Value", Unit.PLAIN), Column("How", span=4))
    return Table(
        "Retention",
        columns,
        tuple(
            (
                Cell(title, look=Look.STRONG),
                Cell(value, formula, unit, name=name),
                Cell(how, look=Look.MUTED),
            )
            for title, value, formula, unit, name, how in rows
        ),
    )


def _repayment(plan: Plan) -> Table:
    """Contribution against CAC of the accounts whose CAC is known, by segment or by tier."""
    named = "Segment" if plan.has_growth else "Touch tier"
    labels = plan.by_segment.index if plan.has_growth else plan.by_tier.index
    group = plan.accounts["segment" if plan.has_growth else "tier"]
    known = plan.accounts["cac"].notna()
    lines = [
        (str(label), _Repaid.of(plan, known & (group == label)), f"Customers[{named}],[@{named}],")
        for label in labels
    ]
    lines.append(("All", _Repaid.of(plan, known), ""))
    unit = money_unit(amount for _, repaid, _ in lines for amount in (repaid.cac, repaid.earned))
    has_start = plan.book.has("start")
    columns = (
        Column(named),
        Column("Accounts with CAC", Unit.COUNT),
        Column("CAC", unit),
        Column("Contribution a year", unit),
        Column("Payback months", Unit.FTE),
        Column("Strict guard"),
        Column("Accounts in time", Unit.COUNT),
        *([Column("Repaid by now", Unit.COUNT)] if has_start else []),
    )
    rows = [_repaid_line(label, repaid, where, unit, has_start) for label, repaid, where in lines]
    return Table("Repayment", columns, tuple(rows[:-1]), rows[-1])


@dataclass(frozen=True, slots=True)
class _Repaid:
    """How far some accounts have repaid their CAC."""

    accounts: int
    cac: float
    earned: float
    holds: bool
    in_time: int
    by_now: int

    @classmethod
    def of(cls, plan: Plan, chosen: pd.Series) -> _Repaid:
        accounts = plan.accounts[chosen]
        cac, earned = float(accounts["cac"].sum()), float(accounts["contribution"].sum())
        return cls(
            accounts=len(accounts),
            cac=cac,
            earned=earned,
            holds=csm_strict_guard(earned, cac, plan.settings.margin.payback_years),
            in_time=sum(verdict is True for verdict in accounts["strict_guard"]),
            by_now=sum(verdict is True for verdict in accounts["cac_repaid"]),
        )


def _repaid_line(
    label: str, repaid: _Repaid, where: str, unit: Unit, has_start: bool
) -> tuple[Cell, ...]:
    look = Look.BODY if where else Look.TOTAL
    any_known = repaid.accounts > 0
    months = "never" if repaid.earned <= 0 else repaid.cac / repaid.earned * 12
    cells: list[tuple[float | str, str, Unit]] = [
        (float(repaid.accounts), f'COUNTIFS({where}Customers[CAC],"<>")', Unit.COUNT),
        (repaid.cac, f'SUMIFS(Customers[CAC],{where}Customers[CAC],"<>")', unit),
        (repaid.earned, f'SUMIFS(Customers[Contribution],{where}Customers[CAC],"<>")', unit),
        (
            months if any_known else "",
            'IF([@Accounts with CAC]=0,"",IF([@Contribution a year]<=0,"never",'
            "[@CAC]/[@Contribution a year]*12))",
            Unit.FTE,
        ),
        (
            ("OK" if repaid.holds else "LOOK") if any_known else "",
            'IF([@Accounts with CAC]=0,"",IF([@Contribution a year]>='
            '[@CAC]/payback_years*(1-tie_tolerance),"OK","LOOK"))',
            Unit.TEXT,
        ),
        (float(repaid.in_time), f'COUNTIFS({where}Customers[Strict guard],"OK")', Unit.COUNT),
    ]
    if has_start:
        by_now = f'COUNTIFS({where}Customers[CAC repaid],"Repaid")'
        cells.append((float(repaid.by_now), by_now, Unit.COUNT))
    name = Cell(label, look=Look.STRONG if where else look)
    return (name, *(_repaid_cell(value, formula, of, look) for value, formula, of in cells))


def _repaid_cell(value: float | str, formula: str, unit: Unit, look: Look) -> Cell:
    words = ("OK", "LOOK") if unit is Unit.TEXT else ()
    return Cell(value, formula, unit, look, coloured=words)


def _missing(plan: Plan) -> Iterator[Phrase | str]:
    margin = plan.settings.margin
    if not plan.bridge:
        yield (
            "·  Retention: with the prior-year ARR of each account, churned ones included, this "
            "sheet shows GRR, NRR and lifetime value"
        )
    if not plan.book.has("cac"):
        yield "·  CAC: with a CAC column it shows whether accounts repay what it cost to win them"
    if not plan.book.has("gross_margin"):
        gross = share("gross_margin", margin.gross_margin, 1)
        yield phrase("·  Gross margin: ", gross, " is assumed for every account")
    if not plan.book.has("support_cost"):
        support = share("support_share", margin.support_share, 1)
        yield phrase("·  Support cost: ", support, " of ARR is assumed for every account")
