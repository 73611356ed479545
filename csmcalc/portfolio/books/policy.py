"""What books are made by: the section `[books]` of the settings."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from csmcalc.core.setting import setting
from csmcalc.portfolio.books.rules import AnyRule, parse_rules
from csmcalc.portfolio.books.weights import Weights


@dataclass(frozen=True, slots=True)
class Books(Weights):
    """Weights, rules and limits of books; what a weight counts stands in `Weights`."""

    value: float = setting(
        1.0, "hours that pay best (at one price for all) away from the CSM's share of them, where "
        "objective is \"value\"", "points per %", "equal marginal value (Skiera & Albers 1998)",
        title="Value", low=0,
    )  # fmt: skip
    objective: str = setting(
        "balance", "whether even loads alone count, or also that hours go where they pay best",
        "word", "csmcalc: balance until the response to service is judged", title="Objective",
        choices=("balance", "value"),
    )  # fmt: skip
    continuity_by: str = setting(
        "arr", "what is counted where customers change owner", "word", "csmcalc",
        title="Continuity counts", choices=("arr", "customers"),
    )  # fmt: skip
    tolerance: float = setting(
        0.1, "share of its target by which a load may be off before it is named",
        "share", "ARR and customers within 10 % (published practice)",
        title="Tolerance", low=0, high=1,
    )  # fmt: skip
    rules: tuple[str, ...] = setting(
        (), "what must hold of every answer; columns are those of the customer list, amounts in "
        "its currency", "texts", "your own", title="Rules",
        example=(
            "balance arr within 10%",
            "customers at most 60 per CSM",
            "hours at most 90% of capacity",
            "renewals per month at most 20% of a book",
            "keep owner for tier = dedicated",
            "keep at least 80% of arr with today's owner",
            "assign region = DACH to Ana Silva, Ben Carter",
            "assign id = AC-1001 to Ana Silva",
            "keep id = AC-1002 from Ben Carter",
        ),
    )  # fmt: skip

    @property
    def weights(self) -> Weights:
        """The weights that count under the objective."""
        names = [field.name for field in dataclasses.fields(Weights)]
        counted = {name: getattr(self, name) for name in names}
        if self.objective == "balance":
            counted["value"] = 0.0
        return Weights(**counted)

    def parsed(self) -> tuple[AnyRule, ...]:
        """The rules, read; an error names the one that is not understood."""
        return parse_rules(self.rules)
