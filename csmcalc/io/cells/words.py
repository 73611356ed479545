"""Words for the state of an account, for a segment of the matrix, and yes or no."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from csmcalc.formulas.bcg import SEGMENTS
from csmcalc.io.cells.headers import without_accents


class State(StrEnum):
    """What a status word says of an account or a subscription."""

    ACTIVE = "active"
    CHURNED = "churned"
    TRIAL = "trial"
    PROSPECT = "prospect"
    DELETED = "deleted"


_STATES: Mapping[State, tuple[str, ...]] = {
    State.ACTIVE: (
        *("active", "customer", "live", "won", "closed won", "closedwon", "current", "paying"),
        *("existing", "existing customer", "active customer", "onboarding", "in onboarding"),
        *("implementation", "adoption", "renewal", "renewed", "renewing", "expansion", "at risk"),
        *("past due", "unpaid", "green", "yellow", "red", "healthy", "evangelist", "aktiv"),
        *("bestandskunde", "kunde", "gewonnen", "actif", "client", "gagne", "subscribed"),
        *(
            "non renewing",
            "customer direct",
            "customer channel",
            "paid",
            "in contract",
            "under contract",
            "open",
        ),
        *(
            "new",
            "new customer",
            "go live",
            "growth",
            "nurture",
            "retained",
            "activated",
            "ongoing",
        ),
    ),
    State.CHURNED: (
        *("churned", "churn", "cancelled", "canceled", "lost", "inactive", "closed", "ended"),
        *("closed lost", "closedlost", "former", "former customer", "ex customer", "terminated"),
        *("expired", "lapsed", "left", "past customer", "lost customer", "non renewed", "ex"),
        *("not renewed", "incomplete expired", "gekundigt", "verloren", "inaktiv", "resilie"),
        *("perdu", "inactif", "ancien client", "deactivated", "disabled", "offboarded", "gone"),
        *("ehemalig", "churned customer", "lost to competitor", "discontinued", "full churn"),
        *("no longer a customer", "closed account", "account closed", "out of business"),
    ),
    State.TRIAL: (
        *("trial", "trialing", "trialling", "pilot", "evaluation", "poc", "proof of concept"),
        *("free trial", "in trial", "on trial", "freemium", "free", "demo", "test", "testphase"),
        *("essai", "evaluating", "eval", "sandbox"),
    ),
    State.PROSPECT: (
        *("prospect", "lead", "opportunity", "subscriber", "marketing qualified lead", "mql"),
        *("sales qualified lead", "sql", "marketingqualifiedlead", "salesqualifiedlead"),
        *("not a customer", "non customer", "no customer", "kein kunde", "competitor"),
        *("draft", "in approval", "in approval process", "pending activation", "not started"),
        *("pending acceptance", "scheduled", "upcoming"),
        *(
            "prospective",
            "interessent",
            "target",
            "suspect",
            "potential customer",
            "qualified",
            "future",
            "incomplete",
        ),
    ),
    State.DELETED: (
        *("deleted", "archived", "merged", "removed", "duplicate", "geloscht", "supprime"),
    ),
}
_WON = frozenset(
    {
        *("won", "closed won", "closedwon", "closed", "signed", "contract signed", "customer"),
        *("active", "live", "gewonnen", "abgeschlossen gewonnen", "gagne", "completed", "booked"),
    }
)
_OUTCOMES = frozenset(
    {
        *("won", "closed won", "closedwon", "gewonnen", "abgeschlossen gewonnen", "gagne"),
        *("closed lost", "closedlost", "abgeschlossen verloren"),
    }
)
_STATE_OF = {word: state for state, words in _STATES.items() for word in words}
_SEPARATORS = re.compile(r"[\s_\-–/.()]+")
_REMARK = re.compile(r"\s+[-–]\s.*|:.*|\s*\(.*", re.S)
_NUMBERED = re.compile(r"^\d+\s*%?[\s.):_\-–]+(?=\S)")

_YES = frozenset(
    {"yes", "y", "true", "t", "1", "x", "ja", "j", "oui", "o", "si", "wahr", "vrai", "✓"}
)
_NO = frozenset({"no", "n", "false", "f", "0", "nein", "non", "falsch", "faux"})


def plain(word: str) -> str:
    """A word or two with case, accents and punctuation set aside.

    >>> plain(" Semi-Annual "), plain("Jährlich")
    ('semi annual', 'jahrlich')
    """
    return _SEPARATORS.sub(" ", without_accents(word)).strip()


def state_of(word: str) -> State | None:
    """The state a status word stands for; None for a word nobody agreed on.

    >>> state_of("Closed-Lost"), state_of("2 - Trialing"), state_of("Purple")
    (<State.CHURNED: 'churned'>, <State.TRIAL: 'trial'>, None)
    >>> state_of("Cancelled - non-payment"), state_of("Customer - Direct")
    (<State.CHURNED: 'churned'>, <State.ACTIVE: 'active'>)
    """
    return next(filter(None, map(_STATE_OF.get, _forms(word))), None)


def is_won(stage: str) -> bool:
    """Whether the stage of a deal says that it is won; any other stage is lost or still open.

    >>> is_won("6 - Closed Won"), is_won("Closed won (Pipeline)"), is_won("Negotiation/Review")
    (True, True, False)
    """
    return not _WON.isdisjoint(_forms(stage))


def is_outcome(word: str) -> bool:
    """Whether a word says how a deal went: it stands in columns of deals, not of subscriptions.

    >>> is_outcome("Won"), is_outcome("Active"), is_outcome("Lost")
    (True, False, False)
    """
    return not _OUTCOMES.isdisjoint(_forms(word))


def _forms(word: str) -> tuple[str, str]:
    """A word without its number in a pick list, and the same without what is remarked behind it."""
    text = _NUMBERED.sub("", without_accents(word).strip())
    return plain(text), plain(_REMARK.sub("", text))


_SEGMENT_OF = {
    # People say "cash cow" and "dog": a segment by its whole name and by its last word.
    form: name
    for name in SEGMENTS
    for form in (name.lower().replace(" ", ""), name.lower().rpartition(" ")[2])
}


def segment_of(word: str) -> str | None:
    """The segment of the matrix that a word stands for; None for any other word.

    >>> segment_of("cash-cows"), segment_of("Dog"), segment_of("?"), segment_of("Enterprise")
    ('Cash Cow', 'Poor Dog', 'Question Mark', None)
    """
    plain = _SEPARATORS.sub("", without_accents(word).replace("?", "questionmark"))
    return _SEGMENT_OF.get(plain) or _SEGMENT_OF.get(plain.removesuffix("s"))


def yes_or_no(word: str) -> bool | None:
    """Whether a word means yes; None for any other word.

    >>> yes_or_no("TRUE"), yes_or_no("Nein"), yes_or_no("perhaps")
    (True, False, None)
    """
    plain = without_accents(word).strip()
    if plain in _YES:
        return True
    return False if plain in _NO else None
