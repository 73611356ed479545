"""The names under which CRMs, billing systems and people export each field.

Every field has ranks of names, the surest first: `Account ID` is the id where there is one, a bare
`Id` where there is not. Names are compared by `headers.understood(...).key`.
"""

from __future__ import annotations

from collections.abc import Mapping

from csmcalc.portfolio.book import FIELDS, Field, Kind

Ranks = tuple[tuple[str, ...], ...]

MARKS: tuple[Field, ...] = (
    Field("churned", "Churned (yes/no)", "yes where the account has left", Kind.FLAG),
    Field("active", "Active (yes/no)", "no where the account has left", Kind.FLAG),
    Field("trial", "Trial (yes/no)", "yes where the account is on trial", Kind.FLAG),
    Field("deleted", "Deleted (yes/no)", "yes where the record was deleted", Kind.FLAG),
    Field("churn_date", "Churn date", "the day the account left; empty while it stays", Kind.DATE),
)
"""What lists carry beside the book's fields to say that an account is not to be planned."""

LIST_FIELDS = (*FIELDS, *MARKS)
"""Everything a column of a customer list may be."""

IDS: Ranks = (
    ("account 18 digit id", "case safe id", "case safe account id"),
    (
        *("account id", "customer id", "company id", "client id", "organization id"),
        *("organisation id", "kunden id", "id client"),
    ),
    (
        *("id", "record id", "hs object id", "customer uuid", "external id", "uuid"),
        *("customer external id", "account external id", "external customer id"),
    ),
    (
        *("account number", "account no", "account code", "customer number", "customer no"),
        *("customer code", "customer key", "client number", "client code", "kundennummer"),
        *("kunden nr", "kundennr", "debitor", "debitorennummer", "numero client", "code client"),
    ),
    ("symbol", "ticker"),
)

NAMES: Ranks = (
    (
        *("account name", "customer name", "company name", "client name", "organization name"),
        *("organisation name", "kundenname", "firmenname", "nom du client", "nom client"),
    ),
    (
        *("account", "customer", "company", "client", "organization", "organisation", "kunde"),
        *("firma", "unternehmen", "entreprise", "societe"),
    ),
    ("name", "nom"),
)

TRIAL: Ranks = (("is trial", "trial", "trial flag", "on trial", "in trial", "trialing"),)
DELETED: Ranks = (
    ("is deleted", "deleted", "deleted flag", "geloscht", "supprime"),
    ("fivetran deleted", "archived", "is archived"),
)
ARR: Ranks = (
    (
        *("arr", "annual recurring revenue", "annualized recurring revenue", "arr amount"),
        *("annualised recurring revenue", "current arr", "total arr", "arr current", "arr today"),
        *("recurring revenue annual", "annual recurring revenue amount", "customer arr"),
        *("account arr", "active arr", "live arr", "arr value", "ending arr", "closing arr"),
        *("yearly recurring revenue", "jahrlich wiederkehrender umsatz", "rra"),
        *("revenu recurrent annuel", "annual run rate recurring"),
    ),
    ("carr", "contracted arr", "committed arr", "contracted annual recurring revenue"),
)
ACV: Ranks = (
    (
        *("acv", "annual contract value", "annualized contract value", "acv amount"),
        *("annualised contract value", "current acv", "total acv", "jahresvertragswert"),
        *("valeur annuelle du contrat", "annual subscription value", "contract value per year"),
    ),
)
MRR: Ranks = (
    (
        *("mrr", "monthly recurring revenue", "mrr amount", "current mrr", "total mrr"),
        *("customer mrr", "normalized mrr", "monatlich wiederkehrender umsatz", "mrr value"),
        *("revenu recurrent mensuel", "active mrr", "recurring revenue monthly"),
    ),
    ("monthly charges", "monthly charge", "monthly fee", "monthly subscription fee"),
)
CURRENCY: Ranks = (
    (
        *("currency", "currency code", "currency iso code", "iso currency", "currencyisocode"),
        *("deal currency code", "arr currency", "wahrung", "waehrung", "devise"),
    ),
    (
        *("account currency", "customer currency", "opportunity currency", "deal currency"),
        *("contract currency", "subscription currency", "billing currency", "company currency"),
    ),
)

ALIASES: Mapping[str, Ranks] = {
    "id": IDS,
    "name": NAMES,
    "arr": ARR,
    "acv": ACV,
    "mrr": MRR,
    "status": (
        (
            *("status", "account status", "customer status", "subscription status"),
            *("kundenstatus", "statut", "contract status", "company status", "client status"),
        ),
        ("lifecycle stage", "customer stage", "account stage", "stage", "account type", "type"),
    ),
    "currency": CURRENCY,
    "category": (
        (
            *("category", "customer category", "account category", "segment", "kategorie"),
            *("account segment", "customer segment", "company segment", "categorie"),
            *("customer class", "kundensegment", "account class"),
        ),
    ),
    "tier": (
        (
            *("touch tier", "tier", "service tier", "touch", "touch model", "touch level"),
            *("coverage model", "service level", "engagement model", "success tier", "cs tier"),
            *("csm tier", "cs coverage", "engagement tier", "betreuungsstufe"),
        ),
    ),
    "owner": (
        (
            *("csm", "csm name", "csm owner", "customer success manager", "cs owner", "cs manager"),
            *("success manager", "csm email", "customer success owner", "assigned csm"),
        ),
        (
            *("owner", "owner name", "account owner", "company owner", "customer owner"),
            *("account manager", "kundenbetreuer", "betreuer", "responsable", "verantwortlicher"),
        ),
        ("owner id", "hubspot owner id", "account owner id", "csm id"),
    ),
    "region": (
        ("region", "territory", "geo", "geography", "sales region", "gebiet", "zone"),
        ("country", "country region", "land", "pays", "billing country", "customer country"),
        ("billing country code", "country code", "shipping country"),
    ),
    "language": (
        (
            *("language", "customer language", "preferred language", "service language"),
            *("sprache", "kundensprache", "langue", "account language"),
        ),
    ),
    "skill": (
        ("skill", "skills", "required skill", "required skills", "skill needed", "skills needed"),
    ),
    "start": (
        (
            *("customer since", "client since", "customer start date", "customer start", "since"),
            *("became a customer date", "become a customer date", "kunde seit", "client depuis"),
            *("account start date", "initial start date", "original start date", "go live date"),
        ),
        (
            *("start date", "start", "contract start date", "contract start", "startdatum"),
            *("subscription start date", "subscription start", "signup date", "sign up date"),
            *("signed up", "vertragsbeginn", "date de debut", "activation date", "sign up"),
            *("subscription start date utc", "signup", "onboarding date", "join date"),
        ),
        (
            *("first invoice", "first invoice date", "first order", "first order date"),
            *("first purchase", "first purchase date", "first payment", "first payment date"),
        ),
    ),
    "tenure": (
        (
            *("tenure", "tenure months", "tenure in months", "months as customer"),
            *("customer age months", "account age months", "months since start"),
            *("months active", "months since signup"),
        ),
    ),
    "renewal": (
        (
            *("renewal date", "renewal", "next renewal", "next renewal date", "renews on"),
            *("renewal due", "renewal due date", "verlangerungsdatum", "verlangerung"),
            *("date de renouvellement", "renouvellement"),
        ),
        (
            *("contract end date", "contract end", "subscription end date", "subscription end"),
            *("end date", "expiry date", "expiration date", "vertragsende", "date de fin"),
            *("contract expiry", "term end date", "current term end"),
        ),
    ),
    "growth": (
        (
            *("growth rate", "growth", "arr growth", "arr growth rate", "yoy growth"),
            *("growth yoy", "annual growth", "annual growth rate", "yearly growth", "wachstum"),
            *("wachstumsrate", "croissance", "taux de croissance", "arr growth yoy"),
            *("yoy arr growth", "expected growth", "growth per year"),
        ),
    ),
    "prior_arr": (
        (
            *("prior arr", "prior year arr", "previous arr", "previous year arr", "arr prior"),
            *("last year arr", "arr last year", "arr prior year", "arr previous year", "arr py"),
            *("arr 12 months ago", "arr 12m ago", "arr a year ago", "opening arr", "starting arr"),
            *("beginning arr", "arr vorjahr", "start arr", "arr one year ago", "last years arr"),
        ),
    ),
    "potential": (
        (
            *("potential", "growth potential", "acv multiple", "expected acv multiple"),
            *("arr multiple", "expected arr multiple", "potential multiple", "potenzial"),
            *("expected multiple", "wachstumspotenzial", "potentiel", "acv potential"),
            *("arr potential", "expansion potential", "expansion multiple", "growth multiple"),
        ),
    ),
    "gross_margin": (
        (
            *("gross margin", "gm", "gross margin rate", "gross margin percentage"),
            *("bruttomarge", "marge brute", "subscription gross margin", "gross profit margin"),
        ),
    ),
    "support_cost": (
        (
            *("support cost", "support costs", "annual support cost", "cost of support"),
            *("annual support costs", "supportkosten", "cout du support", "support cost per year"),
            *("support cost annual", "yearly support cost"),
        ),
    ),
    "hours": (
        (
            *("csm hours", "cs hours", "hours per year", "annual hours", "hours a year"),
            *("csm hours per year", "annual csm hours", "csm hours annual", "hours year"),
            *("yearly hours", "service hours per year", "stunden pro jahr", "heures par an"),
        ),
        ("hours", "service hours", "stunden", "heures"),
    ),
    "complexity": (("complexity", "complexity score", "komplexitat", "complexite"),),
    "health": (
        (
            *("health", "health score", "customer health", "customer health score"),
            *("account health", "health status", "health colour", "health color", "csm health"),
            *("csm sentiment", "sante", "gesundheit"),
        ),
    ),
    "risk": (
        ("arr at risk", "revenue at risk", "risk", "churn risk", "renewal risk", "risk level"),
    ),
    "cac": (
        ("cac", "customer acquisition cost", "acquisition cost", "cost of acquisition"),
        ("akquisitionskosten", "cout d acquisition"),
    ),
    "previous_segment": (
        (
            *("previous segment", "last segment", "prior segment", "previous bcg segment"),
            *("bcg segment last time", "segment last quarter", "last bcg segment"),
        ),
    ),
    "churned": (
        (
            *("churned", "churn", "churn flag", "is churned", "has churned", "churned flag"),
            *("is cancelled", "is canceled", "cancelled", "canceled", "gekundigt", "resilie"),
            *("is lost", "lost customer", "lost"),
        ),
    ),
    "active": (
        (
            *("is active", "active", "active customer", "active flag", "is customer", "aktiv"),
            *("is current", "current customer", "actif", "is active customer"),
        ),
    ),
    "trial": TRIAL,
    "deleted": DELETED,
    "churn_date": (
        (
            *("churn date", "churned date", "churned at", "churned on", "cancellation date"),
            *("cancelled at", "canceled at", "cancelled on", "canceled on", "date churned"),
            *("lost date", "kundigungsdatum", "date de resiliation", "customer churn date"),
        ),
    ),
}
"""Field of a customer list -> its names by rank."""

OWN_TURNOVER = (
    *("annual revenue", "company revenue", "account revenue", "jahresumsatz", "umsatz jahr"),
    *("chiffre d affaires annuel", "annual turnover", "company annual revenue"),
)
"""What CRMs call the customer's own turnover: never what the customer pays us."""

NOT_RECURRING = (
    *("amount", "revenue", "total revenue", "total charges", "sales", "total sales", "net sales"),
    *("turnover", "tcv", "total contract value", "net revenue", "net", "gross", "umsatz", "ltv"),
    *("lifetime value", "contract value", "deal value", "deal amount", "chiffre d affaires"),
    *("opportunity amount", "expected revenue", "invoiced", "billings", "bookings", "spend"),
    *("total spend", "value", "montant", "betrag", "recurring revenue"),
)
"""Amounts that may or may not be recurring: only the user knows."""
