"""What a timeline is told: how customers come and go, how people are hired, which cases exist."""

from __future__ import annotations

from dataclasses import dataclass

from csmcalc.core.setting import entry, setting

_MEDIAN = "published medians: NRR 101 %, GRR 88 %"
MADE_UP = "csmcalc: judged, an illustration; replace it by your own plan"


@dataclass(frozen=True, slots=True)
class Months:
    """The months that are planned, and how customers come and go in them."""

    months: int = setting(
        36, "months that are planned", "months", "csmcalc", title="Months", low=1, high=60
    )
    start: str = setting(
        "next",
        'first month, such as "2027-01"; "next" is the month after the day of the plan',
        "month",
        "csmcalc",
        title="First month",
    )
    fiscal_year_start: int = setting(
        1,
        "month in which the fiscal year begins, 1 = January",
        "month",
        "csmcalc",
        title="Fiscal year begins",
        low=1,
        high=12,
    )
    scenario: str = setting(
        "base", "the scenario that is live", "name", "csmcalc", title="Live scenario"
    )
    new_accounts: float = setting(
        0.15,
        "new accounts in a year (months 1 to 12 of the plan, and so on), as a share of the "
        "accounts at its start",
        "share a year",
        MADE_UP,
        title="New accounts",
        low=0,
        high=20,
    )
    new_acv: float = setting(
        1.0,
        "ARR of a new account, as a multiple of its segment's ARR per account today",
        "multiple",
        "csmcalc",
        title="ARR of a new account",
        low=0,
    )
    churn: float = setting(
        0.10,
        "accounts that leave in a year, with their ARR",
        "share a year",
        _MEDIAN,
        title="Churn",
        low=0,
        high=0.999,
    )
    contraction: float = setting(
        0.02,
        "ARR that those who stay give up in a year, of the ARR at its start; no more than churn "
        "leaves",
        "share a year",
        _MEDIAN,
        title="Contraction",
        low=0,
        high=0.999,
    )
    expansion: float = setting(
        0.10,
        "ARR that those who stay add in a year, of the ARR at its start, without price",
        "share a year",
        _MEDIAN,
        title="Expansion",
        low=0,
        high=20,
    )
    price: float = setting(
        0.03,
        "ARR that price increases add in a year, of the ARR at its start",
        "share a year",
        _MEDIAN,
        title="Price",
        low=0,
        high=20,
    )
    rates_from_list: bool = setting(
        True,
        "whether churn, contraction and expansion are those of the list's last year, where it "
        "tells the prior ARR",
        "true or false",
        "csmcalc",
        title="Rates from the list",
    )


@dataclass(frozen=True, slots=True)
class Hiring:
    """How people are hired, ramp and leave, and what that costs."""

    policy: str = setting(
        "ahead",
        "when to hire: ahead of the need, in arrears, level, or optimal",
        "word",
        "The ratio every customer success management lead should know (Schechter 2015)",
        title="Hiring policy",
        choices=("ahead", "arrears", "level", "optimal"),
    )
    basis: str = setting(
        "workload",
        "which answer the team must meet: the ARR rule, the workload or the value",
        "word",
        "csmcalc",
        title="Required by",
        choices=("rule", "workload", "value"),
    )
    ramp_months: float = setting(
        5.0,
        "months until a new CSM is fully productive",
        "months",
        "published range 3 to 9",
        title="Ramp",
        low=0,
        high=24,
    )
    months_to_fill: float = setting(
        3.0,
        "months from opening a requisition to the first day",
        "months",
        "published range 3 to 6",
        title="Time to fill",
        low=0,
        high=24,
    )
    attrition: float = setting(
        0.15,
        "part of the team that leaves in a year",
        "share a year",
        MADE_UP,
        title="Attrition of CSMs",
        low=0,
        high=0.95,
    )
    part_time: float = setting(
        1.0,
        "full-time share of a CSM on average",
        "FTE",
        "csmcalc: all full time",
        title="FTE of a CSM",
        low=0,
        low_open=True,
        high=1,
    )
    hiring_cost: float = setting(
        0.2,
        "what a hire costs once, as a share of a CSM's loaded cost a year",
        "share",
        MADE_UP,
        title="Cost of a hire",
        low=0,
        high=5,
    )
    manager_cost: float = setting(
        1.3,
        "what a manager costs a year, as a multiple of a CSM's loaded cost",
        "multiple",
        MADE_UP,
        title="Cost of a manager",
        low=0,
        high=10,
    )
    budget: float = setting(
        0.0,
        "most that CSMs and hires may cost in a fiscal year, for the optimal policy; 0 is no limit",
        "currency a year",
        "csmcalc: no limit",
        title="Budget",
        low=0,
    )
    most_starts: int = setting(
        0,
        "most starts in a month, for the optimal policy; 0 is no limit",
        "CSMs",
        "csmcalc: no limit",
        title="Most starts a month",
        low=0,
    )
    paths: int = setting(
        10_000,
        "random paths of attrition",
        "paths",
        "csmcalc",
        title="Paths",
        low=100,
        high=200_000,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the customers of one segment come and go, where they differ from all."""

    segment: str = entry("BCG segment or touch tier", "text", title="Segment")
    new_accounts: float | None = entry(
        "new accounts in a year, of the accounts at its start",
        "share a year",
        title="New accounts",
        default=None,
        low=0,
        high=20,
    )
    new_per_month: float | None = entry(
        "new accounts a month, in place of a rate",
        "accounts",
        title="New a month",
        default=None,
        low=0,
    )
    new_acv: float | None = entry(
        "ARR of a new account, of the segment's today",
        "multiple",
        title="New ACV",
        default=None,
        low=0,
    )
    churn: float | None = entry(
        "accounts that leave in a year",
        "share a year",
        title="Churn",
        default=None,
        low=0,
        high=0.999,
    )
    contraction: float | None = entry(
        "ARR given up in a year",
        "share a year",
        title="Contraction",
        default=None,
        low=0,
        high=0.999,
    )
    expansion: float | None = entry(
        "ARR added in a year", "share a year", title="Expansion", default=None, low=0, high=20
    )
    price: float | None = entry(
        "ARR that price adds in a year",
        "share a year",
        title="Price",
        default=None,
        low=0,
        high=20,
    )


def _factor(of: str) -> float:
    factor: float = entry(of, "multiple", title=of.capitalize(), default=1.0, low=0, high=100)
    return factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A case: by what each driver is multiplied."""

    name: str = entry("how it is called", "text", title="Scenario")
    new_accounts: float = _factor("new accounts")
    new_acv: float = _factor("new ACV")
    churn: float = _factor("churn")
    contraction: float = _factor("contraction")
    expansion: float = _factor("expansion")
    price: float = _factor("price")
    hours: float = _factor("hours of an account")
    attrition: float = _factor("attrition of CSMs")
    ramp: float = _factor("ramp")
    to_fill: float = _factor("time to fill")
    cost: float = _factor("cost of a CSM")


FACTORS = (
    "new_accounts",
    "new_acv",
    "churn",
    "contraction",
    "expansion",
    "price",
    "hours",
    "attrition",
    "ramp",
    "to_fill",
    "cost",
)
"""What a scenario multiplies, in order."""

SCENARIOS: tuple[Scenario, ...] = (
    Scenario(name="base"),
    Scenario(name="upside", new_accounts=1.25, churn=0.8, expansion=1.2),
    Scenario(name="downside", new_accounts=0.6, churn=1.3, expansion=0.7),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A growth lever: what a year's spending on it is judged to change."""

    name: str = entry("how it is called", "text", title="Lever")
    driver: str = entry(
        "what it changes",
        "text",
        title="Driver",
        choices=("new_accounts", "new_acv", "price", "expansion", "churn"),
    )
    change: float = entry(
        "change of the driver: points of a rate, or of the multiple of the ACV",
        "share",
        title="Change",
        low=-1,
        high=5,
    )
    cost: float = entry("what that costs a year", "currency a year", title="Cost a year", low=0)


LEVERS: tuple[Lever, ...] = (
    Lever(name="Acquisition", driver="new_accounts", change=0.01, cost=250_000.0),
    Lever(name="Initial ACV", driver="new_acv", change=0.05, cost=150_000.0),
    Lever(name="Price", driver="price", change=0.01, cost=100_000.0),
    Lever(name="Expansion", driver="expansion", change=0.01, cost=182_000.0),
    Lever(name="Retention", driver="churn", change=-0.01, cost=182_000.0),
)
"""The five growth levers of the second seed; what a dollar buys is judged by csmcalc."""
