import datetime as dt

import numpy as np
import pytest

from csmcalc.portfolio.book import Reason


def reasons(book):
    return dict(zip(book.excluded["id"], book.excluded["reason"], strict=True))


def found(problems):
    return [(p.row, p.column, p.value) for p in problems]


def test_a_plain_list(lists):
    book = lists.book(
        "Account ID,Account Name,ARR (EUR),Owner,Customer since,Growth,Gross margin,Health,Notes\n"
        "A1,Acme,1200.50,Ann,2024-01-31,12%,0.81,green,x\n"
        "A2,Beta,0,Bob,2025-02-28,,,,y\n"
        "A3,Gamma,300,,,-5%,75%,,z\n"
    )
    assert book.currency == "EUR"
    assert book.customers["arr"].tolist() == [1200.5, 300.0]
    assert book.customers["growth"].tolist() == [0.12, -0.05]
    assert book.customers["gross_margin"].tolist() == [0.81, 0.75]
    assert book.customers["start"].dt.date.tolist()[0] == dt.date(2024, 1, 31)
    assert book.customers["start"].isna().tolist() == [False, True]
    assert book.customers["owner"].isna().tolist() == [False, True]
    assert reasons(book) == {"A2": Reason.NO_REVENUE}
    assert book.unused == ("Notes",)
    assert {r.field: r.header for r in book.recognised}["arr"] == "ARR (EUR)"
    assert book.has("health")
    assert not book.has("region")
    assert book.arr_in_file == 1500.5


def test_all_problems_in_one_pass(lists):
    content = (
        "Account ID,Name,ARR,Start date,Gross margin,Health\n"
        "A1,Acme,100,2024-01-01,0.8,\n"
        "A2,Beta,abc,2024-01-01,0.8,\n"
        ",,5,2024-01-01,0.8,\n"
        "A4,Delta,,2024-01-01,0.8,\n"
        "A5,Eps,-5,2024-01-01,0.8,\n"
        "A1,Again,7,2024-01-01,0.8,\n"
        "A7,Eta,7,2031-01-01,0.8,\n"
        "A8,Theta,7,soon,0.8,\n"
        "A9,Iota,7,2024-01-01,80 apples,\n"
        "A10,Kappa,7,2024-01-01,130%,\n"
        "A11,Lambda,7,2024-01-01,0.8,#N/A\n"
    )
    problems = lists.problems(content)
    assert found(problems) == [
        (3, "ARR", "abc"),
        (4, "Account ID", ""),
        (5, "ARR", ""),
        (6, "ARR", "-5"),
        (7, "Account ID", "A1"),
        (8, "Start date", "2031-01-01"),
        (9, "Start date", "soon"),
        (10, "Gross margin", "80 apples"),
        (11, "Gross margin", "130%"),
        (12, "Health", "#N/A"),
    ]
    assert all(p.wrong and p.remedy for p in problems)
    assert problems[4].wrong == "the same id as row 2"
    book = lists.book(content, skip_bad_rows=True)
    assert book.customers["id"].tolist() == ["A1"]
    assert len(book.problems) == 10
    assert set(book.excluded["reason"]) == {Reason.BAD_ROW}
    assert book.arr_in_file == 100 + 5 - 5 + 7 * 6


def test_revenue_of_those_who_left_may_be_blank(lists):
    book = lists.book(
        "ID,ARR,Status\n1,5,Active\n2,,Churned\n3,7,Cancelled\n4,,Trial\n5,,Prospect\n6,9,deleted\n"
        "7,3,\n8,2,Purple\n"
    )
    assert book.customers["id"].tolist() == ["1", "7", "8"]
    assert reasons(book) == {
        "2": Reason.CHURNED,
        "3": Reason.CHURNED,
        "4": Reason.TRIAL,
        "5": Reason.PROSPECT,
        "6": Reason.DELETED,
    }
    assert any('"Purple" (1 row, first row' in note for note in book.notes)


def test_flags_beside_each_other(lists):
    book = lists.book(
        "ID,ARR,churn_flag,is_trial,isDeleted,Active,Churn date\n"
        "1,5,No,FALSE,0,Yes,\n"
        "2,5,Yes,TRUE,0,Yes,\n"
        "3,5,no,true,0,Yes,\n"
        "4,5,yes,false,1,Yes,\n"
        "5,5,No,False,0,No,\n"
        "6,5,,,,,2026-08-31\n"
        "7,5,,,,,2026-09-30\n"
    )
    assert book.customers["id"].tolist() == ["1", "7"]
    assert list(reasons(book).values()) == [
        Reason.CHURNED,
        Reason.TRIAL,
        Reason.DELETED,
        Reason.CHURNED,
        Reason.CHURNED,
    ]


def test_an_unclear_flag_is_a_problem(lists):
    problems = lists.problems("ID,ARR,Churned\n1,5,no\n2,5,perhaps\n")
    assert found(problems) == [(3, "Churned", "perhaps")]


def test_a_status_column_without_states_is_not_used(lists):
    book = lists.book("ID,ARR,Type\n1,5,Direct\n2,6,Channel\n")
    assert len(book.customers) == 2
    assert "Type" in book.unused
    assert any('"Type"' in note for note in book.notes)


def test_revenue_from_acv_and_mrr(lists):
    book = lists.book("ID,ARR,ACV,MRR\n1,100,7,7\n2,,50,7\n3,,,10\n")
    assert book.customers["arr"].tolist() == [100, 50, 120]
    assert len([note for note in book.notes if "take" in note]) == 2
    assert lists.book("ID,MRR\n1,10\n").customers["arr"].tolist() == [120]


def test_an_unreadable_arr_is_not_replaced_by_the_mrr(lists):
    assert found(lists.problems("ID,ARR,MRR\n1,x,10\n2,5,1\n")) == [(2, "ARR", "x")]


def test_id_and_name_stand_in_for_each_other(lists):
    book = lists.book("Company,ARR\nAcme,5\nBeta,6\n")
    assert book.customers["id"].tolist() == ["Acme", "Beta"]
    book = lists.book("Account ID,Name,ARR\n1,,5\n2,Beta,6\n")
    assert book.customers["name"].tolist() == ["1", "Beta"]
    book = lists.book("Account ID,Name,ARR\n,Acme,5\n,Beta,6\n")
    assert book.customers["id"].tolist() == ["Acme", "Beta"]
    assert lists.problems("Name,ARR\nAcme,5\nAcme,6\n")[0].wrong == "the same name as row 2"


def test_ids_that_were_turned_into_floats(lists):
    book = lists.book("CustomerID,ARR\n17850.0,5\n12346.0,6\n")
    assert book.customers["id"].tolist() == ["17850", "12346"]
    assert lists.book("ID,ARR\nv1.0,5\n2.0,6\n").customers["id"].tolist() == ["v1.0", "2.0"]


@pytest.mark.parametrize(
    "total",
    [
        *("Total,,15", "Total,,999", "Grand Total:,,15", "Summe,,15", ",Total,15"),
        *("Total,Total,15", ",,15"),
    ],
)
def test_a_row_of_totals_is_no_account(lists, total):
    content = f"ID,Name,ARR\n1,Acme,5\n2,Beta,10\n{total}\n"
    problems = lists.problems(content)
    assert [(p.row, p.wrong) for p in problems] == [(4, "a row of totals, not an account")]
    book = lists.book(content, skip_bad_rows=True)
    assert book.arr_in_file == 15
    assert len(book.excluded) == 0


def test_subtotals_of_a_grouped_report_are_no_accounts(lists):
    content = "CSM,Name,ARR\nAnn,A,5\n,B,10\nSubtotal Ann,,15\nBob,C,7\nSubtotal,,7\nTotal,,22\n"
    problems = lists.problems(content)
    assert [(p.row, p.column) for p in problems] == [(4, "Name"), (6, "Name"), (7, "Name")]
    assert {p.wrong for p in problems} == {"a row of totals, not an account"}
    book = lists.book(content, skip_bad_rows=True)
    assert book.arr_in_file == 22


def test_a_total_is_shown_where_it_stands(lists):
    problem = lists.problems("ID,Name,ARR\n1,Acme,5\n2,Beta,10\nTotal,,15\n")[0]
    assert (problem.column, problem.value) == ("ID", "Total")
    assert lists.problems("ID,Name,ARR\n1,A,5\n,,9\n")[0].wrong == "no id"


def test_a_company_whose_id_is_a_word_for_sums(lists):
    """Allstate is ALL at the stock exchange."""
    book = lists.book("Symbol,Name,ARR\nAFL,Aflac,5\nALL,Allstate,7\nSUM,Summit,9\n")
    assert book.customers["name"].tolist() == ["Aflac", "Allstate", "Summit"]


def test_a_company_named_total(lists):
    book = lists.book("ID,Name,ARR\n1,Acme,5\n2,Total,7\n")
    assert book.customers["name"].tolist() == ["Acme", "Total"]


def test_start_from_tenure(lists):
    book = lists.book("ID,ARR,tenure\n1,5,0\n2,5,12\n3,5,\n4,5,1.4\n", as_of=dt.date(2026, 3, 31))
    days = [str(day)[:10] for day in book.customers["start"]]
    assert days == ["2026-03-31", "2025-03-31", "NaT", "2026-02-28"]


@pytest.mark.parametrize(
    ("header", "tenures", "unit"),
    [
        ("Tenure", ("1 year", "18 months", "1 yr 6 mo"), "months"),
        ("Tenure (years)", ("1", "1.5", "18 months"), "years"),
    ],
)
def test_tenure_with_its_unit(lists, header, tenures, unit):
    rows = "".join(f"{row},5,{tenure}\n" for row, tenure in enumerate(tenures))
    book = lists.book(f"ID,ARR,{header}\n{rows}", as_of=dt.date(2026, 3, 31))
    days = [str(day)[:10] for day in book.customers["start"]]
    assert days == ["2025-03-31", "2024-09-30", "2024-09-30"]
    assert any(f'"{header}" is read as {unit}' in note for note in book.notes)


def test_units_in_the_header(lists):
    book = lists.book("ID,ARR (k€)\n1,1.5\n2,20\n")
    assert book.customers["arr"].tolist() == [1500, 20000]
    assert book.currency == "EUR"
    assert any("multiplied by 1,000" in note for note in book.notes)


def test_an_optional_column_of_other_content_is_left_out(lists):
    book = lists.book("ID,ARR,Potential\n1,5,high\n2,5,low\n")
    assert "potential" not in book.customers
    assert any('"Potential" looks like potential' in note for note in book.notes)
    assert len(lists.problems("ID,ARR,P\n1,5,high\n", columns={"potential": "P"})) == 1


def test_missing_numbers_are_blanks(lists):
    book = lists.book("ID,ARR,Hours,Growth\n1,5,n/a,-\n2,5,3,10%\n")
    assert np.isnan(book.customers["hours"][0])
    assert np.isnan(book.customers["growth"][0])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Name,Foo\nAcme,5\n", "no column was recognised as recurring revenue"),
        ("Foo,ARR\nAcme,5\n", "no column was recognised as the account id or name"),
        ("Foo,Bar\nAcme,5\n", "and none as recurring revenue"),
        ("Id,AnnualRevenue\n1,5\n", "customer's own annual revenue"),
        ("Id,Amount\n1,5\n", '"Amount" may or may not be recurring'),
        ("ID,ARR\n1,0\n2,0\n", "no recurring revenue: 2"),
        ("ID,ARR,Status\n1,5,churned\n", "churned: 1"),
    ],
)
def test_questions(lists, content, message):
    assert message in lists.question(content)


def test_a_column_told_by_the_user(lists):
    book = lists.book("Id,AnnualRevenue\n1,5\n", columns={"arr": "annualrevenue"})
    assert book.customers["arr"].tolist() == [5]
    assert "told by --column" in {r.how for r in book.recognised}
    assert '"arrr" is no field' in lists.question("Id,ARR\n1,5\n", columns={"arrr": "ARR"})


def test_control_characters_do_not_reach_the_book(lists):
    assert "control byte" in lists.question(b"ID,Name,ARR\n1,Ac\x07me,5\n")
    book = lists.book(b"ID,Na\x0bme,ARR\n1,Ac\x0bme \x0c,5\n\x1a")
    assert book.customers["name"].tolist() == ["Ac me"]
    path = lists.workbook([["ID", "Name", "ARR"], [1, "Ac_x0001_me", 5]])
    assert lists.book(path).customers["name"][0] in ("Ac me", "Ac_x0001_me")


def test_most_cells_failed_is_no_other_content(lists):
    problems = lists.problems("ID,ARR,Hours\n1,5,#N/A\n2,5,#N/A\n3,5,\n")
    assert [(p.row, p.value) for p in problems] == [(2, "#N/A"), (3, "#N/A")]


def test_a_text_longer_than_a_cell_holds(lists):
    problems = lists.problems(f"ID,Name,ARR\n1,{'x' * 40_000},5\n")
    assert "32,767" in problems[0].wrong
    assert len(problems[0].value) < 100


def test_a_salesforce_report(lists):
    book = lists.book(
        '"Account Owner","Account Name","Account ID","ARR Currency","ARR","Renewal Date","Type"\n'
        '"Ann","Acme, Inc.","0015500000Xyy06","USD","120,000.00","12/31/2026","Customer"\n'
        '"Bob","Beta","0015500000Xyy07","USD","8,500.00","3/4/2027","Customer - Direct"\n'
        '"Bob","Gamma","0015500000Xyy08","USD","","","Prospect"\n'
        '\n"Customers report"\n"Copyright (c) salesforce.com, inc."\n"Generated By: Ann"\n'
    )
    assert book.customers["arr"].tolist() == [120_000, 8_500]
    assert [str(day)[:10] for day in book.customers["renewal"]] == ["2026-12-31", "2027-03-04"]
    assert reasons(book) == {"0015500000Xyy08": Reason.PROSPECT}
    assert "the footer from row 6 on" in book.notes[0]


def test_an_accounting_format(lists):
    content = 'Account,ARR,Support cost\nAcme," $ 12,000.00 "," $ -   "\nBeta," $ (500.00)",\n'
    assert found(lists.problems(content)) == [(3, "ARR", "$ (500.00)")]
    book = lists.book(content, skip_bad_rows=True)
    assert book.customers["support_cost"].tolist() == [0]


@pytest.mark.parametrize(
    ("header", "word", "planned"),
    [
        ("Status", "Active", True),
        ("Account status", "Customer", True),
        ("Is active", "yes", True),
        ("Churned", "no", True),
        ("Status", "Churned", False),
        ("Status", "", False),
        ("Is active", "", False),
        ("Churned", "yes", False),
        ("Lifecycle stage", "customer", False),
        ("Type", "Customer", False),
    ],
)
def test_a_status_beside_a_past_churn_date(lists, header, word, planned):
    content = (
        f"ID,ARR,{header},Churn date\n1,5,{word},2026-08-01\n2,5,{word},\n3,5,Yes,2026-12-01\n"
    )
    if header not in ("Churned", "Is active"):
        content = content.replace("Yes", "Active")
    elif header == "Churned":
        content = content.replace("3,5,Yes", "3,5,no")
    book = lists.book(content)
    assert ("1" in book.customers["id"].tolist()) == planned
    note = 'list.csv: 1 account is active by the status in spite of a past "Churn date"'
    assert any(note in one for one in book.notes) == planned
