"""Files made to hurt a reader: each is refused with one message, nothing is unpacked blindly."""

import io
import re
import zipfile

import pytest

from tests.io.conftest import FILES
from tests.io.test_workbook import ROWS, in_sheet, rewritten

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]>"""


def with_part(name, change):
    return lambda parts: {**parts, name: change(parts[name])}


@pytest.mark.parametrize(
    "part",
    ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "_rels/.rels"],
)
def test_a_billion_laughs(lists, part):
    path = rewritten(
        lists.workbook(ROWS),
        with_part(
            part,
            lambda data: BOMB + data.partition(b"?>")[2] if b"?>" in data[:60] else BOMB + data,
        ),
    )
    assert "declares a document type" in lists.question(path)


def test_a_zip_bomb(lists):
    path = rewritten(lists.workbook(ROWS), lambda parts: parts)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"<sst>" + b" " * (80 << 20))
    assert "would unpack to" in lists.question(path)


def test_a_part_that_is_larger_than_it_says(lists):
    path = lists.workbook(ROWS)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    size = info.file_size.to_bytes(4, "little")
    lie = (info.file_size // 2).to_bytes(4, "little")
    central = data.rindex(size)
    data[central : central + 4] = lie
    path.write_bytes(bytes(data))
    assert "sheet1.xml is damaged" in lists.question(path)


def test_a_value_far_away(lists):
    path = lists.workbook(ROWS, lambda book: book.active.cell(1_048_576, 16_384, "x"))
    question = lists.question(path)
    assert "scattered from A1 to XFD1048576" in question


def test_formatted_cells_far_away_are_no_content(lists):
    change = in_sheet(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    )
    assert len(lists.book(rewritten(lists.workbook(ROWS), change)).customers) == 2


def test_cells_without_references_in_far_rows(lists):
    cells = b"<c><v>1</v></c>" * 16_000
    change = in_sheet(b"</sheetData>", b'<row r="1048576">' + cells + b"</row></sheetData>")
    assert "scattered" in lists.question(rewritten(lists.workbook(ROWS), change))


def test_unclosed_cells_take_no_time(lists):
    change = in_sheet(b"</sheetData>", b'<c t="e"><f>' * 200_000 + b"</sheetData>")
    lists.question(rewritten(lists.workbook(ROWS), change))


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("xl/workbook.xml", "table of contents is missing"),
        ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml is missing"),
        ("_rels/.rels", "table of contents is missing"),
    ],
)
def test_a_missing_part(lists, missing, message):
    def change(parts):
        return {name: data for name, data in parts.items() if name != missing}

    assert message in lists.question(rewritten(lists.workbook(ROWS), change))


def test_missing_shared_texts(lists):
    change = in_sheet(b't="inlineStr"><is><t>Acme</t></is>', b't="s"><v>0</v>')
    path = rewritten(lists.workbook(ROWS), change)
    with zipfile.ZipFile(path) as archive:
        rels = archive.read("xl/_rels/workbook.xml.rels")
    if b"sharedStrings" not in rels:
        assert "texts of the workbook is missing" in lists.question(path)


def test_damaged_xml(lists):
    path = rewritten(lists.workbook(ROWS), in_sheet(b"</sheetData>", b"<row></sheetDat"))
    assert "damaged" in lists.question(path)


def test_two_parts_of_one_name(lists):
    path = lists.workbook(ROWS)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    assert "two parts named xl/workbook.xml" in lists.question(path)


def test_other_zip_archives(lists):
    for names, message in (
        (["content.xml", "mimetype"], "OpenDocument"),
        (["Index/Document.iwa"], "Apple Numbers"),
        (["list.csv"], "unpack it first"),
        (["xl/worksheets/sheet1.xml"], "table of contents is missing"),
    ):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in names:
                archive.writestr(name, b"x")
        assert message in lists.question(buffer.getvalue(), name="list.xlsx")


def test_text_named_xlsx(lists):
    assert "is not an Excel workbook" in lists.question("ID,ARR\n1,5\n", name="list.xlsx")


def test_a_worksheet_in_utf_16(lists):
    def change(parts):
        name = "xl/worksheets/sheet1.xml"
        text = (
            parts[name].decode().partition("?>")[2]
            if b"?>" in parts[name][:60]
            else parts[name].decode()
        )
        return {**parts, name: ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")}

    assert "UTF-16" in lists.question(rewritten(lists.workbook(ROWS), change))


@pytest.mark.parametrize("claim", ["4294967295", "18446744073709551615", "1000000000"])
def test_more_texts_claimed_than_there_are(lists, claim):
    path = FILES / "messy" / "corrupt__MalformedSSTCount.xlsx"

    def change(parts):
        name = "xl/sharedStrings.xml"
        return {**parts, name: re.sub(rb'(ount)="\d+"', rb'\1="%s"' % claim.encode(), parts[name])}

    copy = lists.folder / "copy.xlsx"
    copy.write_bytes(path.read_bytes())
    assert "claims more texts than it holds" in lists.question(rewritten(copy, change))


@pytest.mark.parametrize(
    "cell",
    [b'<c r="ZZZZ1">', b'<c r="A99999999">', b'<c r = "AAAAA7">', b'<x-y.z:c r="-1">', b'<c r="">'],
)
def test_cells_outside_of_any_sheet(lists, cell):
    change = in_sheet(b"</sheetData>", b"<row>" + cell + b"<v>1</v></c></row></sheetData>")
    assert "damaged" in lists.question(rewritten(lists.workbook(ROWS), change))


def test_a_far_cell_however_its_tag_is_written(lists):
    for tag in (b'<c  s="0" r="XFD1048576">', b"<c\n r = 'XFD1048576'>"):
        change = in_sheet(b"</sheetData>", b"<row>" + tag + b"<v>1</v></c></row></sheetData>")
        assert "scattered" in lists.question(rewritten(lists.workbook(ROWS), change))


def test_thousands_of_sheets(lists):
    name = "xl/workbook.xml"
    relations = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    entry = b'<sheet name="s%d" sheetId="%d" r:id="rId1" xmlns:r="' + relations + b'"/>'
    sheets = b"".join(entry % (i, i) for i in range(5, 3000))
    change = with_part(name, lambda data: data.replace(b"</sheets>", sheets + b"</sheets>"))
    assert "sheets; say which one" in lists.question(rewritten(lists.workbook(ROWS), change))


def test_more_styles_than_excel_allows(lists):
    styles = b'<xf numFmtId="44"/>' * 70_000
    change = with_part(
        "xl/styles.xml", lambda data: data.replace(b"</cellXfs>", styles + b"</cellXfs>")
    )
    assert "cell styles" in lists.question(rewritten(lists.workbook(ROWS), change))


def test_a_part_in_an_encoding_that_does_not_exist(lists):
    change = with_part(
        "xl/workbook.xml",
        lambda data: (
            b'<?xml version="1.0" encoding="nonsense"?>' + data.partition(b"?>")[2]
            if data.startswith(b"<?xml")
            else b'<?xml version="1.0" encoding="nonsense"?>' + data
        ),
    )
    assert "xl/workbook.xml is damaged" in lists.question(rewritten(lists.workbook(ROWS), change))


def test_rows_that_all_have_too_many_fields(lists):
    problems = lists.problems("ID,ARR\n" + "1,5,6,7,8,9,10,11,12\n" * 1000)
    assert len(problems) == 1000


@pytest.mark.parametrize("name", ["list\udcff.csv", "li\x01st.csv"])
def test_a_file_called_what_no_workbook_can_hold(lists, name):
    assert lists.book("ID,ARR\n1,5\n", name=name).source.count("\N{REPLACEMENT CHARACTER}") == 1
