"""Potentials are multiples of today's ACV: neither percentages nor amounts."""

import pytest

from tests.io.test_recognise import fields


@pytest.mark.parametrize(
    "text", ["10x", "10X", "x10", "10 x", "10×", "× 10", "10", "10.0", " 10x ", "10,0x"]
)
def test_a_multiple_and_its_sign(lists, text):
    book = lists.book(f'ID,ARR,Potential\n1,5,"{text}"\n2,5,2.5x\n3,5,\n')
    assert book.customers["potential"].tolist()[:2] == [10, 2.5]
    assert book.customers["potential"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("text", ["50%", "$500", "500,000", "x", "10 boxes", "xx10", "tax10"])
def test_what_is_no_multiple(lists, text):
    content = f'ID,ARR,Potential\n1,5,"{text}"\n2,5,2\n'
    assert [(p.row, p.value, p.wrong) for p in lists.problems(content)] == [
        (2, text, "not a multiple")
    ]


def test_percent_and_currency_formats_are_no_multiples(lists):
    def formats(book):
        book.active["C2"].number_format = "0%"
        book.active["C3"].number_format = "$#,##0"

    rows = [["ID", "ARR", "Potential"], *([n, 5, 2] for n in range(1, 6))]
    problems = lists.problems(lists.workbook(rows, formats))
    assert [(p.row, p.wrong) for p in problems] == [(2, "not a multiple"), (3, "not a multiple")]


def test_a_column_of_other_content_is_not_the_potential(lists):
    book = lists.book("ID,ARR,ACV potential\n1,5,500000\n2,5,700000\n")
    assert not book.has("potential")
    assert any('"ACV potential" looks like potential' in note for note in book.notes)


@pytest.mark.parametrize(
    "header",
    [
        *("Potential", "ACV potential", "Expansion potential", "growth_potential"),
        *("Potential multiple", "ACV multiple", "Expected multiple", "Potential (x)"),
    ],
)
def test_headings(header):
    assert fields("Id", "ARR", header)["potential"] == header


def test_a_potential_in_money_is_no_multiple():
    assert "potential" not in fields("Id", "ARR", "ACV potential (EUR)")
    assert "growth" not in fields("Id", "ARR", "Growth ($)")
    assert "prior_arr" in fields("Id", "ARR", "Prior ARR ($)")
