"""The names under which people keep their list of CSMs."""

from __future__ import annotations

from collections.abc import Mapping

from csmcalc.io.naming.aliases import Ranks

CSM_ALIASES: Mapping[str, Ranks] = {
    "name": (
        ("csm", "csm name", "owner", "customer success manager", "account manager"),
        ("name", "full name", "employee", "team member", "mitarbeiter", "nom"),
    ),
    "hours": (
        (
            *("hours", "capacity", "capacity hours", "hours per year", "annual hours"),
            *("customer hours", "available hours", "stunden", "heures", "hours a year"),
        ),
    ),
    "fte": (("fte", "fte share", "full time equivalent", "share", "vza", "etp"),),
    "ramp": (
        ("ramp", "ramp share", "ramp status", "productivity", "ramp factor"),
        ("ramped", "ramp up"),
    ),
    "region": (
        ("region", "regions", "territory", "country", "countries", "regionen", "regions served"),
    ),
    "language": (("language", "languages", "sprachen", "sprache", "langues", "langue"),),
    "skill": (("skill", "skills", "product", "products", "expertise", "competences"),),
    "segment": (
        ("segment", "segments", "segments served", "tier", "tiers", "category", "categories"),
    ),
    "cost": (("cost", "loaded cost", "annual cost", "cost per year", "kosten", "cout"),),
}
