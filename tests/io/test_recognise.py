import pytest

from csmcalc.errors import InputError
from csmcalc.io.naming.recognise import check_told, recognise

CONTRACTS = "contracts"


def fields(*headers, told=None, listing="customers"):
    columns = recognise("list.csv", headers, told or {}, listing)
    return {field: column.title for field, column in columns.by_field.items()}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (  # Salesforce, API names
            ("Id", "Name", "OwnerId", "ARR__c", "Churn_Date__c", "IsDeleted", "CurrencyIsoCode"),
            {
                "id": "Id",
                "name": "Name",
                "owner": "OwnerId",
                "arr": "ARR__c",
                "churn_date": "Churn_Date__c",
                "deleted": "IsDeleted",
                "currency": "CurrencyIsoCode",
            },
        ),
        (  # Salesforce, a report
            ("Account ID", "Account Name", "Account Owner", "Billing Country", "ARR (converted)"),
            {
                "id": "Account ID",
                "name": "Account Name",
                "owner": "Account Owner",
                "region": "Billing Country",
                "arr": "ARR (converted)",
            },
        ),
        (  # HubSpot
            ("Record ID", "Company name", "Company owner", "Lifecycle Stage", "MRR"),
            {
                "id": "Record ID",
                "name": "Company name",
                "owner": "Company owner",
                "status": "Lifecycle Stage",
                "mrr": "MRR",
            },
        ),
        (  # Pipedrive
            ("Organization - ID", "Organization - Name", "Organization - ARR"),
            {
                "id": "Organization - ID",
                "name": "Organization - Name",
                "arr": "Organization - ARR",
            },
        ),
        (  # ChartMogul-like
            ("Customer UUID", "Name", "Customer since", "Status", "MRR", "Country", "Currency"),
            {
                "id": "Customer UUID",
                "name": "Name",
                "start": "Customer since",
                "status": "Status",
                "mrr": "MRR",
                "region": "Country",
                "currency": "Currency",
            },
        ),
        (
            ("Kundennummer", "Kundenname", "ARR in TEUR", "Kunde seit", "Währung", "Betreuer"),
            {
                "id": "Kundennummer",
                "name": "Kundenname",
                "arr": "ARR in TEUR",
                "start": "Kunde seit",
                "currency": "Währung",
                "owner": "Betreuer",
            },
        ),
        (
            ("Code client", "Nom du client", "ARR", "Date de début", "Pays"),
            {
                "id": "Code client",
                "name": "Nom du client",
                "arr": "ARR",
                "start": "Date de début",
                "region": "Pays",
            },
        ),
    ],
)
def test_exports_are_recognised(headers, expected):
    assert fields(*headers) == expected


def test_the_surer_name_wins():
    assert fields("ID", "Account ID", "Account number", "ARR")["id"] == "Account ID"
    assert fields("Country", "Region", "Name", "ARR")["region"] == "Region"


@pytest.mark.parametrize(
    "header",
    [
        "AnnualRevenue",
        "annual_revenue",
        "property_annualrevenue",
        "Amount",
        "Revenue",
        "TotalCharges",
        "TCV",
        "Total contract value",
        "Sales",
        "_fivetran_active",
    ],
)
def test_never_guessed(header):
    assert fields("Id", header) == {"id": "Id"}


def test_a_unit_that_does_not_suit_the_field():
    assert "tenure" not in fields("Id", "Tenure (days)")
    assert fields("Id", "Tenure (years)")["tenure"] == "Tenure (years)"
    assert fields("Id", "Tenure (months)")["tenure"] == "Tenure (months)"
    assert "arr" not in fields("Id", "ARR (per month)")
    assert fields("Id", "Support cost %", "Support cost")["support_cost"] == "Support cost"
    assert "growth" not in fields("Id", "Growth (QoQ)")
    assert "growth" in fields("Id", "Growth (YoY)")


@pytest.mark.parametrize(
    "header",
    [
        *("ARR (target)", "ARR (lost)", "ARR (bn)", "ARR (₹ Lakhs)", "ARR (monthly)", "ARR %"),
        *("ARR (% of total)", "ARR (local currency)", "MRR (annualised)", "ARR ($0.0M)"),
    ],
)
def test_a_remark_or_unit_that_may_change_what_is_paid_is_asked(header):
    assert fields("Id", header) == {"id": "Id"}
    assert fields("Id", header, told={"arr": header})["arr"] == header


def test_brackets_that_say_which_field_it_is():
    assert fields("Id", "ARR", "ARR (last year)")["prior_arr"] == "ARR (last year)"
    assert fields("Customer (ID)", "ARR (converted)", "Health (RAG)", "Start date (UTC)") == {
        "id": "Customer (ID)",
        "arr": "ARR (converted)",
        "health": "Health (RAG)",
        "start": "Start date (UTC)",
    }
    assert "support_cost" not in fields("Id", "ARR", "Support cost (monthly)")


def test_the_question_names_what_only_looks_like_the_arr(lists):
    question = lists.question("ID,ARR (target)\n1,5\n")
    assert '"ARR (target)" may not be what is paid in a year now' in question


def test_two_columns_for_a_needed_field_are_a_question():
    with pytest.raises(InputError, match=r'"ARR", "ARR \(EUR\)" could each be the arr'):
        fields("Id", "ARR", "ARR (EUR)")


def test_two_columns_for_an_optional_field_are_noted():
    columns = recognise("list.csv", ("Id", "ARR", "Health", "Health (2)"))
    assert columns.by_field["health"].title == "Health"
    assert "Health (2)" in columns.notes[0]
    assert columns.unused == ("Health (2)",)


def test_the_users_word_wins():
    assert fields("Id", "ARR", "Net", told={"arr": "Net"})["arr"] == "Net"
    assert fields("Id", "net gbp", told={"arr": "NET GBP"})["arr"] == "net gbp"
    assert fields("Id", "Net (GBP)", told={"arr": "net"})["arr"] == "Net (GBP)"
    assert "health" not in fields("Id", "ARR", "Health", told={"health": ""})


def test_a_column_left_out_does_not_make_rows_of_blanks_a_header(lists):
    text = "Account,ARR,Health,a,b,c\nAcme,5,red,,,\nBolt,7,green,,,\n"
    book = lists.book(text, columns={"health": ""})
    assert book.customers["name"].tolist() == ["Acme", "Bolt"]


def test_a_header_that_is_not_there():
    with pytest.raises(InputError, match=r'no column "Nett" .*did you mean "Net"'):
        fields("Id", "Net", told={"arr": "Nett"})


def test_a_field_that_does_not_exist():
    with pytest.raises(InputError, match='"arrr" is no field; did you mean "arr"'):
        check_told({"arrr": "x"}, ("id", "arr"))


def test_error_words_are_no_headers():
    assert fields("#NAME?", "ARR") == {"arr": "ARR"}


def test_what_is_told_of_contracts_is_spelled_as_on_the_command_line():
    with pytest.raises(InputError, match=r'--column subscriptions\.amount="Deal amount"'):
        fields("Company", "Deal amount", "Contract value", listing=CONTRACTS)
    with pytest.raises(InputError, match=r"asked for as subscriptions\.arr"):
        fields("Company", "ARR", told={"arr": "ARRR"}, listing=CONTRACTS)
    notes = recognise("c.csv", ("Company", "ARR", "Stage", "Phase"), {}, CONTRACTS).notes
    assert "--column subscriptions.stage=" in notes[0]


def test_recognised_columns_have_a_title_for_readers(lists):
    book = lists.book(
        "Account ID,Name,Churned,IsDeleted,Churn date\nA1,Acme,no,no,\n",
        subscriptions="Account ID,MRR,Is won\nA1,5,yes\n",
    )
    titles = {one.field: one.title for one in book.recognised}
    assert titles == {
        "id": "Account id",
        "name": "Account",
        "churned": "Churned (yes/no)",
        "deleted": "Deleted (yes/no)",
        "churn_date": "Churn date",
        "subscriptions.account": "Account, of the contracts",
        "subscriptions.mrr": "MRR, of the contracts",
        "subscriptions.won": "Won (yes/no), of the contracts",
    }


def test_a_column_cannot_be_told_to_mean_two_things(lists):
    told = {"arr": "ARR", "prior_arr": "arr"}
    question = lists.question("ID,ARR\n1,5\n", columns=told)
    assert 'column "ARR" is named as arr and as prior_arr' in question
    both = lists.book("Company,ARR\nAcme,5\n", columns={"id": "Company", "name": "Company"})
    assert both.customers["id"].tolist() == ["Acme"]
