import datetime as dt

import pytest

from csmcalc.portfolio.book import Reason

ACCOUNTS = "Account ID,Name\nA1,Acme\nA2,Beta\nA3,Gamma\n"


def arr(book):
    return {
        **dict(zip(book.customers["id"], book.customers["arr"], strict=True)),
        **dict(zip(book.excluded["id"], book.excluded["arr"], strict=True)),
    }


def test_summed_over_what_is_active(lists):
    book = lists.book(
        ACCOUNTS,
        subscriptions=(
            "Account ID,ARR,Start date,End date\n"
            "A1,100,2025-01-01,\n"
            "A1,50,2026-01-01,2026-12-31\n"
            "A1,7,2024-01-01,2026-09-01\n"
            "A1,9,2026-09-02,\n"
            "A2,20,2026-09-01,2027-01-01\n"
        ),
    )
    assert arr(book) == {"A1": 150, "A2": 20, "A3": 0}
    assert book.excluded["reason"].tolist() == [Reason.NO_REVENUE]
    assert [str(day)[:10] for day in book.customers["start"]] == ["2024-01-01", "2026-09-01"]
    assert {r.field for r in book.recognised} >= {"id", "subscriptions.account"}


@pytest.mark.parametrize(
    ("columns", "row", "expected"),
    [
        ("MRR", "10", 120),
        ("ACV", "10", 10),
        ("Amount", "10", 10),
        ("Amount,Interval", "10,month", 120),
        ("Amount,Billing frequency", "10,Quarterly", 40),
        ("Amount,Interval", "10,year", 10),
        ("Amount,Interval", "10,Semi-Annual", 20),
        ("Amount,Interval", "10,per_month", 120),
        ("Amount,Interval", "10,every 2 years", 5),
        ("Amount,Term months", "30,36", 10),
        ("Amount,Term", "30,36 months", 10),
        ("Amount,Contract term", "30,3 years", 10),
        ("Amount,Term (years)", "30,3", 10),
        ("Amount,Interval,Interval count", "10,month,3", 40),
        ("Amount,Interval,Interval count", "10,months,12", 10),
        ("Amount,Billing cycle", "10,Half-yearly", 20),
        ("ARR,MRR", "7,10", 7),
        ("ARR,MRR", ",10", 120),
    ],
)
def test_what_a_contract_brings_in_a_year(lists, columns, row, expected):
    contracts = f"Customer ID,Start date,{columns}\nA1,2026-01-01,{row}\n"
    assert arr(lists.book(ACCOUNTS, subscriptions=contracts))["A1"] == expected


@pytest.mark.parametrize(
    ("columns", "row", "counts"),
    [
        ("Status", "active", True),
        ("Status", "past_due", True),
        ("Status", "trialing", False),
        ("Status", "canceled", False),
        ("Status", "purple", True),
        ("Is Trial", "TRUE", False),
        ("IsDeleted", "true", False),
        ("IsWon,IsClosed", "true,true", True),
        ("IsWon,IsClosed", "false,true", False),
        ("IsWon,IsClosed", "false,false", False),
        ("Stage", "Closed Won", True),
        ("Stage", "Closed Lost", False),
        ("Stage", "Negotiation/Review", False),
        ("deal_pipeline_stage_id", "closedwon", True),
        ("Stage", "Closed won (Sales Pipeline)", True),
        ("Stage", "6 - Closed Won", True),
        ("Stage", "Closed lost (Sales Pipeline)", False),
    ],
)
def test_trials_lost_open_and_deleted_do_not_count(lists, columns, row, counts):
    blank = "," * columns.count(",")
    won = {"IsWon,IsClosed": "true,true", "Stage": "Won", "deal_pipeline_stage_id": "closedwon"}
    contracts = (
        f"Account ID,Close date,Amount,{columns}\n"
        f"A1,2026-01-01,10,{row}\n"
        f"A2,2026-01-01,5,{won.get(columns, blank)}\n"
    )
    assert arr(lists.book(ACCOUNTS, subscriptions=contracts))["A1"] == (10 if counts else 0)


@pytest.mark.parametrize(
    ("status", "counts"),
    [("Won", True), ("Open", False), ("Lost", False), ("Negotiation", False), ("", False)],
)
def test_a_status_that_says_how_deals_went(lists, status, counts):
    contracts = (
        "Account ID,Value,Won time,End date,Status\n"
        f"A1,10,2026-01-01,2027-01-01,{status}\nA2,5,2026-01-01,,Won\nA3,7,,2027-01-01,Lost\n"
    )
    book = lists.book(ACCOUNTS, subscriptions=contracts)
    assert arr(book) == {"A1": 10 if counts else 0, "A2": 5, "A3": 0}


def test_an_open_subscription_runs(lists):
    contracts = "Account ID,ARR,Status\nA1,10,Open\nA2,5,past_due\nA3,7,Lost\n"
    assert arr(lists.book(ACCOUNTS, subscriptions=contracts)) == {"A1": 10, "A2": 5, "A3": 0}


@pytest.mark.parametrize("header", ["Stage", "Status"])
def test_deals_of_which_none_is_won_are_a_question(lists, header):
    contracts = f"Account ID,Value,Close date,{header}\nA1,10,2026-01-01,Closed lost\n"
    question = lists.question(ACCOUNTS, subscriptions=contracts)
    assert f'in "{header}" says that a deal is won ("Closed lost")' in question


def test_a_cancelled_subscription_runs_until_its_end(lists):
    contracts = (
        "Account ID,ARR,Start date,End date,Status\n"
        "A1,10,2026-01-01,2026-12-31,cancelled\n"
        "A2,10,2026-01-01,2026-05-31,cancelled\n"
    )
    assert arr(lists.book(ACCOUNTS, subscriptions=contracts)) == {"A1": 10, "A2": 0, "A3": 0}


def test_deals_without_an_end_run_for_the_usual_term(lists):
    contracts = (
        "AccountId,Amount,CloseDate,StageName\n"
        "A1,10,2025-09-02,Closed Won\n"
        "A2,20,2025-09-01,Closed Won\n"
    )
    book = lists.book(ACCOUNTS, subscriptions=contracts)
    assert arr(book) == {"A1": 10, "A2": 0, "A3": 0}
    assert any("run for 12 months" in note for note in book.notes)
    book = lists.book(ACCOUNTS, subscriptions=contracts, deal_term_months=24)
    assert arr(book) == {"A1": 10, "A2": 20, "A3": 0}


def test_contracts_that_add_up_to_less_than_nothing_are_a_problem(lists):
    contracts = "Account ID,Amount\nA1,10\nA1,-30\nA2,20\nA2,-5\nA3,-5\nA3,5\n"
    problems = lists.problems(ACCOUNTS, subscriptions=contracts)
    assert [(p.row, p.value, p.wrong) for p in problems] == [
        (2, "A1", "its contracts add up to -20.00 a year")
    ]
    book = lists.book(ACCOUNTS, subscriptions=contracts, skip_bad_rows=True)
    assert arr(book) == {"A1": -20, "A2": 15, "A3": 0}


def test_accounts_that_are_not_in_the_list(lists):
    contracts = "Account ID,ARR\nA1,10\nX1,20\nX1,5\nX2,7\n"
    book = lists.book(ACCOUNTS, subscriptions=contracts)
    note = next(note for note in book.notes if "not in the list" in note)
    assert "3 active contracts of 2 accounts" in note
    assert "32 a year" in note
    assert book.arr_in_file == 10


@pytest.mark.parametrize(
    "contracts",
    [
        "Account Name,ARR\nACME,10\n",
        "Customer,ARR\nacme,10\n",
        "Account ID,ARR\nA1.0,10\n",
    ],
)
def test_joined_by_what_matches(lists, contracts):
    assert arr(lists.book(ACCOUNTS, subscriptions=contracts))["A1"] == 10


def test_salesforce_ids_of_two_lengths(lists):
    book = lists.book(
        "Id,Name\n001500000012345AAB,Acme\n",
        subscriptions="AccountId,ARR\n001500000012345,10\n",
    )
    assert book.customers["arr"].tolist() == [10]


@pytest.mark.parametrize(
    ("contracts", "message"),
    [
        ("Foo,ARR\nA1,10\n", "no column says whose contracts they are"),
        ("Account ID,Foo\nA1,10\n", "no column holds their value"),
        ("Account ID,ARR\nB1,10\n", 'such as "B1", those of the list such as "A1"'),
        ("Account ID,ARR,End date\nA1,10,2020-01-01\n", "of 1 contract, none is active"),
        ("Account ID,Amount,Stage\nA1,10,Negotiation\n", "says that a deal is won"),
        ("Account ID,ARR\nA1,1.234\n", "--decimal"),
        ("", "is empty"),
    ],
)
def test_the_one_right_question(lists, contracts, message):
    question = lists.question(ACCOUNTS, subscriptions=contracts)
    assert message in question
    assert question.startswith("contracts.csv")


def test_columns_of_the_contracts_told_by_the_user(lists):
    told = {"subscriptions.account": "Who", "subscriptions.arr": "Value"}
    book = lists.book(ACCOUNTS, subscriptions="Who,Value\nA1,10\n", columns=told)
    assert arr(book)["A1"] == 10
    assert "is no field" in lists.question(
        ACCOUNTS, subscriptions="Who,Value\n", columns={"subscriptions.foo": "x"}
    )


def test_problems_of_both_files_in_one_pass(lists):
    accounts = "Account ID,Health\nA1,x\nA1,y\nA2,\n"
    contracts = "Account ID,ARR,Start date\nA1,ten,2026-01-01\nA2,,2026-01-01\nA2,5,2026-01-01\n"
    problems = lists.problems(accounts, subscriptions=contracts)
    assert [(p.row, p.column) for p in problems] == [
        (3, "Account ID"),
        (2, "contracts.csv: ARR"),
        (3, "contracts.csv: ARR"),
    ]
    book = lists.book(accounts, subscriptions=contracts, skip_bad_rows=True)
    assert arr(book) == {"A1": 0, "A2": 5}
    assert len(book.problems) == 3


def test_mixed_currencies(lists):
    contracts = "Account ID,ARR,Currency\nA1,10,EUR\nA2,5,USD\nA3,5,EUR\n"
    problems = lists.problems(ACCOUNTS, subscriptions=contracts)
    assert [(p.row, p.value) for p in problems] == [(3, "USD")]
    lapsed = "Account ID,ARR,Currency,End date\nA1,10,EUR,\nA2,5,USD,2020-01-01\n"
    assert lists.book(ACCOUNTS, subscriptions=lapsed).currency == "EUR"


def test_the_lists_own_revenue_is_left_aside(lists):
    book = lists.book(
        "Account ID,ARR,Start date\nA1,oops,2026-01-01\n",
        subscriptions="Account ID,ARR\nA1,10\n",
    )
    assert book.customers["arr"].tolist() == [10]
    assert "ARR" in book.unused
    assert any('"ARR" is not used' in note for note in book.notes)


def test_a_missing_file(lists, tmp_path):
    assert "no such file" in lists.question(ACCOUNTS, subscriptions=tmp_path / "none.csv")


def test_starts_of_the_list_win(lists):
    book = lists.book(
        "Account ID,Customer since\nA1,2020-05-05\n",
        subscriptions="Account ID,ARR,Start date\nA1,10,2026-01-01\n",
        as_of=dt.date(2026, 9, 1),
    )
    assert str(book.customers["start"][0])[:10] == "2020-05-05"


STRIPE = (
    "id,Customer ID,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Start (UTC),"
    "Ended At (UTC)\n"
    'sub_1,A1,Pro,1,eur,month,"99.00",active,2024-01-05 09:12,2024-01-05 09:12,\n'
    'sub_2,A2,Pro,1,eur,year,"1,200.00",trialing,2026-08-25 09:12,2026-08-25 09:12,\n'
    'sub_3,A1,Addon,{},eur,month,"10.00",past_due,2024-01-05 09:12,2024-01-05 09:12,\n'
    'sub_4,A3,Pro,1,eur,month,"10.00",canceled,2024-01-05 09:12,2024-01-05 09:12,2024-05-05 09:12\n'
)


def test_a_stripe_export(lists):
    book = lists.book(ACCOUNTS, subscriptions=STRIPE.format(1))
    assert arr(book) == {"A1": 12 * 109, "A2": 0, "A3": 0}
    assert book.currency == "EUR"


def test_the_price_of_one_or_of_all(lists):
    contracts = STRIPE.format(2)
    question = lists.question(ACCOUNTS, subscriptions=contracts)
    assert '--column subscriptions.quantity="Quantity"' in question
    told = {"subscriptions.quantity": "Quantity"}
    book = lists.book(ACCOUNTS, subscriptions=contracts, columns=told)
    assert arr(book)["A1"] == 12 * 119
    book = lists.book(ACCOUNTS, subscriptions=contracts, columns={"subscriptions.quantity": ""})
    assert arr(book)["A1"] == 12 * 109


CANCELLED = (
    "id,Customer ID,Amount,Interval,Status,Start (UTC),Current Period End (UTC),Canceled At (UTC),"
    "Cancel At Period End,Cancel At (UTC),Ended At (UTC)\n"
    "s,A1,10,year,{status},2025-01-05,{period_end},{canceled_at},{flag},{cancel_at},{ended_at}\n"
    "t,A2,5,year,active,2025-01-05,2026-12-05,,false,,\n"
)


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        # asked for in August, runs to the end of the period, of the notice, or has ended
        ({"canceled_at": "2026-08-01", "period_end": "2026-12-31", "flag": "true"}, True),
        ({"canceled_at": "2026-08-01", "period_end": "2026-12-31"}, True),
        ({"canceled_at": "2026-08-01", "period_end": "2026-08-31"}, False),
        ({"canceled_at": "2026-08-01", "cancel_at": "2026-10-01"}, True),
        ({"canceled_at": "2026-08-01", "cancel_at": "2026-08-20"}, False),
        (
            {
                "canceled_at": "2026-08-01",
                "cancel_at": "2026-10-01",
                "period_end": "2026-08-31",
            },
            True,
        ),
        (
            {"canceled_at": "2026-08-01", "period_end": "2026-12-31", "ended_at": "2026-08-02"},
            False,
        ),
        # never ended by the day it was asked for alone
        ({"canceled_at": "2026-08-01"}, True),
        ({"canceled_at": "2026-08-01", "status": "past_due"}, True),
        ({"canceled_at": "2026-08-01", "status": "purple"}, True),
        # but ended where the status says so, or says nothing
        ({"canceled_at": "2026-08-01", "status": "canceled"}, False),
        (
            {"canceled_at": "2026-08-01", "status": "canceled", "period_end": "2026-12-31"},
            False,
        ),
        ({"canceled_at": "2026-08-01", "status": ""}, False),
        ({"status": "canceled", "period_end": "2026-12-31"}, True),
        ({"status": "canceled"}, False),
        # the period of what nobody cancelled renews
        ({"period_end": "2026-08-31"}, True),
        ({"period_end": "2026-08-31", "flag": "true"}, False),
    ],
)
def test_a_subscription_runs_until_its_cancellation_takes_effect(lists, row, counts):
    blank = dict.fromkeys(("period_end", "canceled_at", "flag", "cancel_at", "ended_at"), "")
    contracts = CANCELLED.format(**{**blank, "status": "active", **row})
    assert arr(lists.book(ACCOUNTS, subscriptions=contracts))["A1"] == (10 if counts else 0)


def test_contracts_that_run_on_are_noted(lists):
    blank = dict.fromkeys(("period_end", "flag", "cancel_at", "ended_at"), "")
    content = CANCELLED.format(**blank, status="active", canceled_at="2026-08-01")
    notes = lists.book(ACCOUNTS, subscriptions=content).notes
    assert any("active by its status, 1 contract runs on" in note for note in notes)
    blank["period_end"] = "2026-12-31"
    content = CANCELLED.format(**blank, status="active", canceled_at="2026-08-01")
    notes = lists.book(ACCOUNTS, subscriptions=content).notes
    assert any('1 contract runs until "Current Period End (UTC)"' in note for note in notes)


def test_the_users_word_on_what_the_end_is(lists):
    blank = dict.fromkeys(("period_end", "flag", "cancel_at", "ended_at"), "")
    content = CANCELLED.format(**blank, status="active", canceled_at="2026-08-01")
    told = {"subscriptions.end": "Canceled At (UTC)"}
    assert arr(lists.book(ACCOUNTS, subscriptions=content, columns=told))["A1"] == 0


def test_a_cancellation_without_a_status_is_the_end(lists):
    contracts = "Account ID,ARR,Cancellation date\nA1,10,2026-08-01\nA2,10,2026-10-01\n"
    assert arr(lists.book(ACCOUNTS, subscriptions=contracts)) == {"A1": 0, "A2": 10, "A3": 0}


def test_what_may_be_a_slip_in_contracts_is_said(lists):
    book = lists.book(
        ACCOUNTS,
        subscriptions=(
            "Account ID,ARR,Start date,End date\n"
            "A1,100,2025-01-01,\nA1,100,2025-01-01,\nA2,5,2025-02-01,2025-01-01\n"
        ),
    )
    assert arr(book) == {"A1": 200, "A2": 0, "A3": 0}
    notes = "\n".join(book.notes)
    assert "1 row like one before in every cell (row 3); each counts" in notes
    assert "1 contract ending before the start (row 4); never active" in notes


def test_contracts_that_are_all_wrong_are_shown_as_problems(lists):
    problems = lists.problems(ACCOUNTS, subscriptions="Account ID,ARR\nA1,-5\nA2,1e300\n")
    assert [(p.row, p.value) for p in problems] == [(2, "-5"), (3, "1e300")]


def test_contracts_without_a_row(lists):
    question = lists.question(ACCOUNTS, subscriptions="Account ID,ARR\n")
    assert "has a header row but no rows below it" in question
