"""Words that stand for no owner, and for a segment of the matrix."""

import pytest

from csmcalc.formulas.bcg import SEGMENTS
from csmcalc.io.cells.placeholders import is_no_owner
from csmcalc.io.cells.words import State, segment_of, state_of
from csmcalc.portfolio.segments import NO_VERDICT

NOBODY = (
    *("Unassigned", "UNASSIGNED", "(unassigned)", "[Unassigned]", "Not assigned", "No owner"),
    *("None", "--None--", "TBD", "TBA", "t.b.d.", "n/a", "N.A.", "na", "-", "--", "–", "?", "???"),
    *("House Account", "House", "Queue", "Default", "System", "(blank)", "Open", "Vacant", "..."),
    *("No CSM", "to be hired", "nicht zugewiesen", "non attribué", "<unknown>", "Open position"),
)


@pytest.mark.parametrize("word", NOBODY)
def test_words_for_nobody(word):
    assert is_no_owner(word)


@pytest.mark.parametrize(
    "word",
    [
        "Ann",
        "Bo",
        "Øyvind",
        "李",
        "Ann House",
        "Naomi",
        "ops@acme.com",
        "17",
        "Team A",
        "Tba Smith",
    ],
)
def test_words_for_somebody(word):
    assert not is_no_owner(word)


def test_placeholders_are_no_owners(lists):
    book = lists.book("ID,ARR,CSM\n1,5,Ann\n2,5,TBD\n3,5,unassigned\n4,5,\n5,5,tbd\n6,5,TBD\n")
    assert book.customers["owner"].isna().tolist() == [False, True, True, True, True, True]
    notes = [note for note in book.notes if "no owner" in note]
    assert notes == [
        'list.csv: column "CSM": "TBD", "unassigned", "tbd" (4 accounts) read as no owner'
    ]


def test_a_list_whose_owners_are_all_placeholders(lists):
    book = lists.book("ID,ARR,Owner\n1,5,Queue\n2,5,Queue\n")
    assert not book.has("owner")


@pytest.mark.parametrize(
    ("word", "segment"),
    [
        *((name, name) for name in SEGMENTS),
        *((name.upper(), name) for name in SEGMENTS),
        *((f"{name}s", name) for name in SEGMENTS),
        ("cash-cow", "Cash Cow"),
        ("CashCow", "Cash Cow"),
        ("cash_cows", "Cash Cow"),
        ("cow", "Cash Cow"),
        ("Cows", "Cash Cow"),
        ("dog", "Poor Dog"),
        ("DOGS", "Poor Dog"),
        ("poor dogs", "Poor Dog"),
        ("?", "Question Mark"),
        ("question-mark", "Question Mark"),
        ("Enterprise", None),
        ("", None),
    ],
)
def test_words_for_a_segment(word, segment):
    assert segment_of(word) == segment


def test_previous_segments_are_read_into_their_names(lists):
    book = lists.book(
        f"ID,ARR,Previous segment\n1,5,dogs\n2,5,STAR\n3,5,\n4,5,n/a\n5,5,{NO_VERDICT}\n"
    )
    segments = book.customers["previous_segment"]
    assert segments[:2].tolist() == ["Poor Dog", "Star"]
    assert segments[2:].isna().all()


def test_an_unknown_segment_is_a_problem(lists):
    content = "ID,ARR,Previous segment\n1,5,Star\n2,x,puppy\n3,5,unicorn\n4,5,#N/A\n"
    problems = [p for p in lists.problems(content) if p.column == "Previous segment"]
    assert [(p.row, p.value) for p in problems] == [(3, "puppy"), (4, "unicorn"), (5, "#N/A")]
    assert problems[0].wrong == "no segment of the matrix"
    allowed = "write Star, Cash Cow, Question Mark or Poor Dog, or leave the cell empty"
    assert problems[0].remedy == allowed
    assert len(lists.problems(content)) == 4


def test_segments_of_another_kind_are_not_the_matrix(lists):
    content = "ID,ARR,Previous segment\n1,5,Mid-Market\n2,5,SMB\n"
    book = lists.book(content)
    assert "previous_segment" not in book.customers
    assert '"Mid-Market", "SMB"' in book.notes[0]
    told = {"previous_segment": "Previous segment"}
    assert len(lists.problems(content, columns=told)) == 2


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Cancelled - nonpayment", State.CHURNED),
        ("Churned: price", State.CHURNED),
        ("Churned (2025)", State.CHURNED),
        ("3. Churned", State.CHURNED),
        ("1 - Active", State.ACTIVE),
        ("Customer - Direct", State.ACTIVE),
        ("Active (auto-renew)", State.ACTIVE),
        ("Not a customer", State.PROSPECT),
        ("Churn risk", None),
        ("Lost & found", None),
        ("Trial/Paid", None),
        ("Partner", None),
        ("1", None),
        ("-", None),
    ],
)
def test_states_with_numbers_and_remarks(word, state):
    assert state_of(word) is state
