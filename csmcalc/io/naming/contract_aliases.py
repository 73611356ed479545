"""The names under which billing systems and CRMs export contracts: subscriptions and deals."""

from __future__ import annotations

from collections.abc import Mapping

from csmcalc.io.naming.aliases import ACV, ARR, CURRENCY, DELETED, IDS, MRR, NAMES, TRIAL, Ranks

CONTRACT_ALIASES: Mapping[str, Ranks] = {
    "account": (
        IDS[0],
        (*IDS[1], "associated company id", "associated company ids", "primary company id"),
        (
            *("customer", "account", "company", "client", "associated company", "kunde"),
            *("organization", "organisation"),
        ),
        (*NAMES[0], "associated company primary"),
        (*IDS[3], "customer uuid", "customer external id", "account external id"),
    ),
    "arr": ARR,
    "mrr": MRR,
    "acv": ACV,
    "amount": (
        ("annual amount", "annual value", "yearly amount", "annual price", "amount per year"),
        (
            *("amount", "deal amount", "opportunity amount", "contract value", "deal value"),
            *("amount in company currency", "value", "plan amount", "price", "betrag", "montant"),
        ),
    ),
    "interval": (
        (
            *("billing interval", "interval", "plan interval", "billing frequency"),
            *("billing period", "billing cycle", "billing term", "plan interval unit"),
            *("invoice frequency", "invoicing frequency", "payment frequency"),
        ),
    ),
    "interval_count": (
        (
            *("interval count", "plan interval count", "billing interval count"),
            *("plan interval length", "billing period count", "interval length"),
        ),
    ),
    "quantity": (("quantity", "qty", "menge", "quantite", "units", "anzahl"),),
    "term": (
        (
            *("term", "term months", "contract term", "contract term months", "term in months"),
            *("subscription term", "laufzeit", "duration months", "contract length months"),
        ),
    ),
    "start": (
        (
            *("start date", "start", "subscription start date", "subscription start"),
            *("contract start date", "contract start", "service start date", "startdatum"),
            *("start date utc", "started at", "vertragsbeginn", "date de debut", "starts on"),
            *("start utc", "activated at", "activated on", "activation date"),
        ),
        (
            *("close date", "closed date", "won date", "close won date", "closed won date"),
            *("won time", "won on", "deal won time"),
        ),
        ("term start date", "term start"),
        ("created", "created utc", "created date utc"),
    ),
    "end": (
        (
            *("end date", "end", "subscription end date", "subscription end", "contract end date"),
            *("contract end", "service end date", "ended at", "ended at utc", "vertragsende"),
            *("expiry date", "expiration date", "date de fin", "ends on", "churn date"),
            *("ends at", "ended on", "expires at", "expires on", "expired at"),
        ),
        ("term end date", "term end"),
    ),
    "cancel_at": (
        (
            *("cancel at", "cancel at utc", "cancels at", "cancels on", "cancellation effective"),
            *("cancellation effective date", "effective cancellation date"),
        ),
    ),
    "canceled_at": (
        (
            *("canceled at", "cancelled at", "canceled at utc", "cancelled at utc", "canceled on"),
            *("cancelled on", "cancellation date", "cancellation requested", "date canceled"),
            *("cancellation requested at", "canceled date", "cancelled date", "date cancelled"),
        ),
    ),
    "period_end": (
        (
            *("current period end", "current period end utc", "current period ends at"),
            *("current term end", "current term end date", "paid through", "paid through date"),
        ),
    ),
    "at_period_end": (("cancel at period end", "cancels at period end", "cancel at term end"),),
    "status": (("status", "subscription status", "contract status", "deal status", "statut"),),
    "stage": (
        (
            *("stage", "stage name", "deal stage", "opportunity stage", "phase"),
            *("pipeline stage", "deal pipeline stage id", "deal stage id"),
        ),
    ),
    "won": (("is won", "won", "is closed won", "hs is closed won", "closed won", "gewonnen"),),
    "closed": (("is closed", "closed", "hs is closed", "is deal closed"),),
    "trial": TRIAL,
    "deleted": DELETED,
    "currency": CURRENCY,
}
"""Field of a file of subscriptions or deals -> its names by rank."""
