from __future__ import annotations

from csmcalc.reports.wording import Phrase, counted, money, number, phrase, when


def test_a_phrase_is_a_formula_beside_its_words() -> None:
    made = phrase("About ", number("n", 1234.5), ' "so"')
    assert made.formula == '"About "&FIXED(n,0)&" ""so"""'
    assert made.value == 'About 1,235 "so"'


def test_numbers_round_half_up_as_excel_does() -> None:
    assert number("x", 0.5).value == "1"
    assert number("x", 2.25, 1).value == "2.3"
    assert number("x", -1.5).value == "-2"
    assert number("x", 1.005, 2).value == "1.01"


def test_money_is_short_and_chooses_its_unit_in_the_cell_too() -> None:
    assert money("x", 35_679_900, "USD").value == "$35.7M"
    assert money("x", 31e9, "USD").value == "$31.0B"
    assert money("x", 982_108, "EUR").value == "€1.0M"
    assert money("x", 45_000, "JPY").value == "¥45k"
    assert money("x", 171.4, "SEK").value == "SEK 171"
    formula = money("x", 171.4, "USD").formula
    assert 'IF(ABS(x)>=950000,FIXED(ABS(x)/1000000,1)&"M",' in formula


def test_a_minus_stands_before_the_sign() -> None:
    assert money("x", -148_071, "JPY").value == "-¥148k"
    assert money("x", -0.4, "USD").value == "$0"
    assert money("x", -0.6, "USD").value == "-$1"
    assert money("x", -0.6, "USD").formula.startswith('IF(ROUND(x,0)<0,"-","")&"$"&')


def test_a_count_has_its_noun_in_the_right_number() -> None:
    assert counted("n", 1, "account").value == "1 account"
    assert counted("n", 2000, "account").value == "2,000 accounts"
    assert counted("n", 1, "book has", "books have").value == "1 book has"
    assert counted("n", 0, "account").formula == 'FIXED(n,0)&IF(n=1," account"," accounts")'


def test_a_choice_of_words_follows_its_condition() -> None:
    made = when("a>0", False, "more", phrase("not ", Phrase("B1", "more")))
    assert made.formula == 'IF(a>0,"more","not "&B1)'
    assert made.value == "not more"
