"""Our VBA module: a wrapper for every function, which turns marks into real Excel errors."""

from __future__ import annotations

from addin.texts import argument_help, summary
from csmcalc import __version__
from csmcalc.catalog import CATALOGUE, Entry, groups

MODULE, XLWINGS = "csmcalc_udfs", "xlwings"
"""What the modules of a workbook's VBA project are called: ours, and that of xlwings."""

_HEAD = f"""\
Attribute VB_Name = "{MODULE}"
' Written by python -m addin.build; do not edit.
Option Explicit
Private Const CSMCALC_VERSION As String = "{__version__}"
Private oPython As Object
"""

_BODY = """\
Public Sub Auto_Open()
    ' Nothing here may show a dialog: help texts and a note in the status bar, no more.
    On Error Resume Next
    CsmDescribeAll
    Dim answer As Variant, wanted As String
    wanted = "csmcalc " & CSMCALC_VERSION & ", xlwings " & XLWINGS_VERSION
    answer = CSM_VERSION()
    If IsError(answer) Then
        Application.StatusBar = "csmcalc: Python does not answer; see csmcalc addin doctor"
    ElseIf answer <> wanted Then
        Application.StatusBar = "csmcalc: " & answer & ", but this workbook needs " & wanted _
            & "; see csmcalc addin doctor"
    End If
End Sub

Private Function CsmCall(ByVal fname As String, ByVal args As Variant) As Variant
    ' XLPy reads its settings from files each time; the object it gives serves many calls.
    Dim isOld As Boolean
    isOld = Not oPython Is Nothing
    On Error GoTo Failed
Again:
    If oPython Is Nothing Then Set oPython = XLPy
    CsmCall = CsmErrors(oPython.CallUDF("csmcalc.excel.udfs", fname, args, ThisWorkbook, _
        Application.Caller))
    Exit Function
Failed:
    Set oPython = Nothing
    If isOld Then
        ' Python may have ended since the last time: it is started once more.
        isOld = False
        Resume Again
    End If
    CsmCall = CVErr(2015)
End Function

Private Function CsmErrors(ByVal result As Variant) As Variant
    Dim r As Long, c As Long
    If Not IsArray(result) Then
        CsmErrors = CsmCell(result)
        Exit Function
    End If
    If CsmHasColumns(result) Then
        For r = LBound(result, 1) To UBound(result, 1)
            For c = LBound(result, 2) To UBound(result, 2)
                result(r, c) = CsmCell(result(r, c))
            Next c
        Next r
    Else
        For c = LBound(result) To UBound(result)
            result(c) = CsmCell(result(c))
        Next c
    End If
    CsmErrors = result
End Function

Private Function CsmHasColumns(ByVal result As Variant) As Boolean
    ' xlwings hands a single row over as an array of one dimension.
    Dim last As Long
    On Error GoTo OneRow
    last = UBound(result, 2)
    CsmHasColumns = True
    Exit Function
OneRow:
    CsmHasColumns = False
End Function

Private Function CsmCell(ByVal content As Variant) As Variant
    ' A mark is the name of an error behind the first private letter, U+E000.
    Dim first As Long
    CsmCell = content
    If VarType(content) <> 8 Then Exit Function
    If Len(content) = 0 Then Exit Function
    first = AscW(content)
    If first < 0 Then first = first + 65536
    If first <> 57344 Then Exit Function
    Select Case Mid(content, 2)
        Case "#NULL!": CsmCell = CVErr(2000)
        Case "#DIV/0!": CsmCell = CVErr(2007)
        Case "#REF!": CsmCell = CVErr(2023)
        Case "#NAME?": CsmCell = CVErr(2029)
        Case "#NUM!": CsmCell = CVErr(2036)
        Case "#N/A": CsmCell = CVErr(2042)
        Case Else: CsmCell = CVErr(2015)
    End Select
End Function

Public Function CSM_LAST_ERROR() As Variant
    Application.Volatile
    CSM_LAST_ERROR = CsmCall("CSM_LAST_ERROR", Array())
End Function

Public Function CSM_VERSION() As Variant
    CSM_VERSION = CsmCall("CSM_VERSION", Array())
End Function
"""


def content() -> bytes:
    """The module as a .bas file; VBA reads no other letters than those of Windows-1252."""
    text = "\n".join([_HEAD, _BODY, *map(_wrapper, CATALOGUE), _descriptions()])
    return text.replace("\n", "\r\n").encode("cp1252", errors="replace")


def _wrapper(entry: Entry) -> str:
    head = ", ".join(
        f"{'Optional ' if argument.is_optional else ''}{argument.name} As Variant"
        for argument in entry.arguments
    )
    names = ", ".join(argument.name for argument in entry.arguments)
    return (
        f"Public Function {entry.name}({head}) As Variant\n"
        f'    {entry.name} = CsmCall("{entry.name}", Array({names}))\n'
        "End Function\n"
    )


def _descriptions() -> str:
    """One Sub a group: VBA limits the size of a procedure and the length of a line."""
    calls = "\n".join(f"    CsmDescribe{group}" for group in groups())
    subs = [f"Private Sub CsmDescribeAll()\n{calls}\nEnd Sub\n"]
    for group, entries in groups().items():
        body = "\n".join(map(_description, entries))
        subs.append(
            f"Private Sub CsmDescribe{group}()\n    On Error Resume Next\n{body}\nEnd Sub\n"
        )
    return "\n".join(subs)


def _description(entry: Entry) -> str:
    texts = ", _\n        ".join(_quoted(argument_help(one)) for one in entry.arguments)
    return (
        f'    Application.MacroOptions Macro:="{entry.name}", _\n'
        f"        Description:={_quoted(summary(entry))}, _\n"
        f'        Category:="csmcalc {entry.group}", ArgumentDescriptions:=Array( _\n'
        f"        {texts})"
    )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
