"""The one ordered list of the functions, from which command line, docs and Excel are derived.

A function is added here by its name in its group; all else is read off the function itself: the
signature gives names, defaults and kinds, the docstring gives the texts, units and examples.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, TypeAlias

from csmcalc import formulas
from csmcalc.core.arguments import Day, Number, Switch, TableOf, shown
from csmcalc.core.columns import Parameter
from csmcalc.core.formula import specification

Kind: TypeAlias = Literal["number", "share", "flag", "date", "text", "table"]

_GROUPS: dict[str, tuple[Callable[..., Any], ...]] = {
    "Ratio": (
        formulas.csm_ratio,
        formulas.csm_implied_ratio,
        formulas.csm_max_arr,
        formulas.csm_headroom,
        formulas.csm_accounts_ratio,
        formulas.csm_accounts_per_csm,
        formulas.csm_new_arr_needed,
        formulas.csm_scaled_target,
    ),
    "Capacity": (
        formulas.csm_effective_hours,
        formulas.csm_loaded_cost,
        formulas.csm_cost_per_hour,
        formulas.csm_account_hours,
        formulas.csm_activity_hours,
        formulas.csm_hours_per_account,
        formulas.csm_complexity,
        formulas.csm_onboarding_factor,
        formulas.csm_blended_load,
        formulas.csm_book_size,
        formulas.csm_workload_fte,
        formulas.csm_utilisation,
        formulas.csm_cost_to_serve,
        formulas.csm_tier_min_arr,
    ),
    "Hiring": (
        formulas.csm_ramp_factor,
        formulas.csm_ramped_fte,
        formulas.csm_year1_delivered,
        formulas.csm_attrition_period,
        formulas.csm_hire_by,
        formulas.csm_managers,
        formulas.csm_hiring_plan,
    ),
    "Retention": (
        formulas.csm_grr,
        formulas.csm_nrr,
        formulas.csm_logo_retention,
        formulas.csm_renewal_rate,
        formulas.csm_save_rate,
        formulas.csm_convert_churn,
        formulas.csm_detection_rate,
        formulas.csm_arr_end,
        formulas.csm_quick_ratio,
    ),
    "Economics": (
        formulas.csm_lifetime,
        formulas.csm_ltv,
        formulas.csm_ltv_discounted,
        formulas.csm_ltv_net,
        formulas.csm_ltv_growth,
        formulas.csm_ltv_cohort,
        formulas.csm_cac,
        formulas.csm_cac_ratio,
        formulas.csm_cac_payback,
        formulas.csm_ltv_cac,
        formulas.csm_magic_number,
        formulas.csm_contribution,
        formulas.csm_margin_guard,
        formulas.csm_breakeven_grr,
        formulas.csm_breakeven_expansion,
        formulas.csm_indifference_grr,
        formulas.csm_strict_guard,
        formulas.csm_hire_case,
    ),
    "Segments": (
        formulas.bcg_segment,
        formulas.bcg_threshold,
        formulas.bcg_distance,
        formulas.bcg_action,
        formulas.csm_tier,
        formulas.csm_nine_box,
    ),
    "Optimum": (
        formulas.csm_response,
        formulas.csm_adbudg,
        formulas.csm_adbudg_fit,
        formulas.csm_adbudg_lsq,
        formulas.csm_optimal_headcount,
        formulas.csm_value_curve,
        formulas.csm_service_hours,
        formulas.csm_next_value,
        formulas.csm_rule_gap,
    ),
    "Balance": (
        formulas.csm_balance_cv,
        formulas.csm_gini,
        formulas.csm_max_min,
        formulas.csm_outside,
        formulas.csm_weighted_mean,
        formulas.csm_assign,
    ),
}


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument as help shows it."""

    name: str
    text: str
    unit: str
    kind: Kind
    default: float | bool | str | None
    is_optional: bool
    is_range: bool

    @property
    def signature(self) -> str:
        """The argument as it stands in the function's signature.

        >>> Argument("band", "half-width", "share", "share", 0, True, False).signature
        '[band=0]'
        """
        if not self.is_optional:
            return self.name
        return f"[{self.name}={self.default_text}]" if self.default_text else f"[{self.name}]"

    @property
    def default_text(self) -> str:
        """The default as a person writes it, a third as 1/3; empty when there is none."""
        if self.default is None:
            return ""
        text = shown(self.default)
        if len(text) <= 12 or not isinstance(self.default, float):
            return text
        fraction = Fraction(self.default).limit_denominator(100)
        return str(fraction) if float(fraction) == self.default else text


@dataclass(frozen=True)
class Entry:
    """One function of the catalogue; its texts are read when they are asked for."""

    group: str
    function: Callable[..., Any]

    @cached_property
    def name(self) -> str:
        """The name in a workbook."""
        return self.function.__name__.upper()

    @cached_property
    def spills(self) -> bool:
        """Whether the result is a row of several cells."""
        return specification(self.function).spills

    @cached_property
    def arguments(self) -> tuple[Argument, ...]:
        """The arguments in order."""
        texts = dict(_arguments(self._sections["Args"]))
        return tuple(
            _argument(parameter, *texts[parameter.name])
            for parameter in specification(self.function).parameters
        )

    @property
    def signature(self) -> str:
        """Name and arguments, optional ones in brackets with their defaults."""
        return f"{self.name}({', '.join(argument.signature for argument in self.arguments)})"

    @property
    def summary(self) -> str:
        """What the function gives, in one line."""
        return self._sections["Summary"]

    @property
    def equation(self) -> str:
        """How it is computed, in the words of its arguments."""
        return self._sections["Equation"]

    @property
    def returns(self) -> str:
        """What the result is."""
        return _text_and_unit(self._sections["Returns"])[0]

    @property
    def unit(self) -> str:
        """The unit of the result."""
        return _text_and_unit(self._sections["Returns"])[1]

    @property
    def errors(self) -> str:
        """Which Excel errors it gives, and when."""
        return self._sections["Errors"]

    @property
    def source(self) -> str:
        """Where the definition comes from."""
        return self._sections["Source"]

    @property
    def example(self) -> str:
        """Calls with their results, as a Python session."""
        return self._sections["Example"]

    @cached_property
    def _sections(self) -> dict[str, str]:
        return _sections(inspect.getdoc(self.function) or "")


def _argument(parameter: Parameter, text: str, unit: str) -> Argument:
    return Argument(
        name=parameter.name,
        text=text,
        unit=unit,
        kind=_kind(parameter),
        default=parameter.default,
        is_optional=not parameter.required,
        is_range=parameter.group is not None,
    )


def _kind(parameter: Parameter) -> Kind:
    match parameter.domain:
        case Number() as number:
            return "share" if number.is_share else "number"
        case Switch():
            return "flag"
        case Day():
            return "date"
        case TableOf():
            return "table"
        case _:
            return "text"


def _sections(docstring: str) -> dict[str, str]:
    """A formula's docstring taken apart; its shape is the one of `csm_ratio`."""
    text, _, example = docstring.partition("\n>>> ")
    parts = re.split(r"\n\n(Args|Returns|Errors|Source):\s*", text.rstrip())
    summary, _, equation = parts[0].partition("\n\n")
    sections = {"Summary": summary, "Equation": equation, "Example": f">>> {example}"}
    for title, body in zip(parts[1::2], parts[2::2], strict=True):
        sections[title] = body if title == "Args" else " ".join(body.split())
    return sections


_AS_IN = re.compile(r"as in (\w+)\.?")


def _arguments(section: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Text and unit of each argument; those told in another formula's docstring are looked up."""
    for line in re.split(r"\n\s*(?=\w+(?:, \w+)*:\s)", "\n" + section.strip())[1:]:
        names, _, text = " ".join(line.split()).partition(": ")
        elsewhere = _AS_IN.fullmatch(text)
        told: dict[str, tuple[str, str]] = {}
        if elsewhere:
            other = inspect.getdoc(getattr(formulas, elsewhere[1])) or ""
            told = dict(_arguments(_sections(other)["Args"]))
        for name in names.split(", "):
            yield name, told[name] if elsewhere else _text_and_unit(text)


def _text_and_unit(line: str) -> tuple[str, str]:
    text, _, unit = line.removesuffix(".").rpartition("; ")
    return text, unit


CATALOGUE: tuple[Entry, ...] = tuple(
    Entry(group, function) for group, functions in _GROUPS.items() for function in functions
)
"""Every function, in the order in which it is shown."""


def groups() -> dict[str, list[Entry]]:
    """The entries by group, in order."""
    grouped: dict[str, list[Entry]] = {group: [] for group in _GROUPS}
    for entry in CATALOGUE:
        grouped[entry.group].append(entry)
    return grouped


def find(name: str) -> Entry | None:
    """The entry of that name, in any case."""
    wanted = name.strip().upper()
    return next((entry for entry in CATALOGUE if entry.name == wanted), None)
