"""Whatever is done to a file, it gives a book or a message."""

import contextlib
import io
import zipfile

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csmcalc.errors import CsmcalcError
from tests.io.conftest import read

CSV = (
    b"Account ID,Name,ARR,Start date,Status,Gross margin\n"
    b'A1,Acme,100.5,2024-01-01,active,80%\nA2,"Be, ta","1,200.50",13/02/2024,churned,0.7\n'
)
TOKENS = [
    b",",
    b";",
    b"\n",
    b'"',
    b"\0",
    b"\xff",
    b"1.234",
    b"(",
    b"%",
    b"1e400",
    b"#N/A",
    b"Total",
]
XML_TOKENS = [
    b"<",
    b">",
    b'"',
    b"&lol;",
    b'r="',
    b't="e"',
    b"<c ",
    b"</c>",
    b"<f>",
    b"99999999",
    b"XFD1048576",
    b"\xff",
    b"\0",
]

edits = st.lists(
    st.tuples(
        st.floats(0, 1), st.sampled_from(["insert", "delete", "change"]), st.integers(0, 255)
    ),
    min_size=1,
    max_size=5,
)


def edited(content, edits, tokens):
    data = bytearray(content)
    for where, what, value in edits:
        position = int(where * (len(data) - 1)) if data else 0
        if what == "insert":
            data[position:position] = tokens[value % len(tokens)]
        elif what == "delete":
            del data[position : position + 1 + value % 20]
        elif data:
            data[position] = value
    return bytes(data)


def workbook():
    book = openpyxl.Workbook()
    for row in (["Account ID", "Name", "ARR"], ["A1", "Acme", 100.5], ["A2", "Beta", "1,200"]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


WORKBOOK = workbook()
PARTS = [
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/styles.xml",
]
patiently = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


@patiently
@given(edits)
def test_an_edited_csv(tmp_path, edits):
    with contextlib.suppress(CsmcalcError):
        read(edited(CSV, edits, TOKENS), tmp_path)


@patiently
@given(edits, st.sampled_from(PARTS))
def test_an_edited_part_of_a_workbook(tmp_path, edits, part):
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(WORKBOOK)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, edited(content, edits, XML_TOKENS) if name == part else content)
    with contextlib.suppress(CsmcalcError):
        read(buffer.getvalue(), tmp_path, name="list.xlsx")


@patiently
@given(edits)
def test_an_edited_archive(tmp_path, edits):
    with contextlib.suppress(CsmcalcError):
        read(edited(WORKBOOK, edits, XML_TOKENS), tmp_path, name="list.xlsx")


@patiently
@given(st.binary(max_size=400))
def test_random_bytes(tmp_path, content):
    with contextlib.suppress(CsmcalcError):
        read(content, tmp_path)


@patiently
@given(st.text(max_size=400))
def test_random_text(tmp_path, content):
    with contextlib.suppress(CsmcalcError):
        read("ID,ARR\n1,5\n" + content, tmp_path)
