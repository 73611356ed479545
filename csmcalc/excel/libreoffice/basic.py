"""The Basic module that gives Calc one function for every entry of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from csmcalc.catalog import CATALOGUE, Entry
from csmcalc.excel.libreoffice.script import IMPLEMENTATION
from csmcalc.excel.libreoffice.service import LAST_ERROR, VERSION

MODULE = "CsmCalc"
SCRIPT = "csmcalc_functions.py"
WRITTEN_BY = "' Written by csmcalc addin libreoffice; changes are lost with the next installation."

_HEAD = f"""\
{WRITTEN_BY}
Option Explicit
' A Private variable is lost with every cell; finding the script again takes longer than a call.
Global oScript As Object

Private Function CsmCall(request As Variant) As Variant
    ' An error that nobody handles would open a dialog and stop a LibreOffice without a window.
    On Error GoTo Failed
    If IsNull(oScript) Then oScript = CsmScript()
    CsmCall = CsmCells(oScript.invoke(request, Array(), Array()))
    Exit Function
Failed:
    CsmCall = "csmcalc: " & Error()
End Function

Private Function CsmScript() As Object
    ' The loader is always there; the provider of Python macros is a package of its own on Linux.
    Dim oPaths As Object, oLoader As Object, sFile As String
    oPaths = CreateUnoService("com.sun.star.util.PathSubstitution")
    sFile = oPaths.substituteVariables("$(user)/Scripts/python/{SCRIPT}", True)
    oLoader = CreateUnoService("com.sun.star.loader.Python")
    CsmScript = oLoader.activate("{IMPLEMENTATION}", "", sFile, Nothing) _
        .createInstanceWithContext(GetDefaultContext())
End Function

Private Function CsmCells(result As Variant) As Variant
    If Not IsArray(result) Then
        CsmCells = result
        Exit Function
    End If
    Dim r As Long, c As Long, cells As Variant
    ReDim cells(0 To UBound(result), 0 To UBound(result(0))) As Variant
    For r = 0 To UBound(result)
        For c = 0 To UBound(result(0))
            cells(r, c) = result(r)(c)
        Next c
    Next r
    CsmCells = cells
End Function
"""


def module_text(entries: Iterable[Entry] = CATALOGUE) -> str:
    """The Basic of all functions."""
    others = [_function(name, []) for name in (LAST_ERROR, VERSION)]
    return "\n".join([_HEAD, *(_wrapper(entry) for entry in entries), *others])


def module_file(entries: Iterable[Entry] = CATALOGUE) -> bytes:
    """The module as a profile keeps it."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" '
        '"module.dtd">\n'
        '<script:module xmlns:script="http://openoffice.org/2000/script" '
        f'script:name="{MODULE}" script:language="StarBasic">{escape(module_text(entries))}'
        "</script:module>"
    )
    return text.encode("utf-8")


def _wrapper(entry: Entry) -> str:
    return _function(entry.name, [f"p_{argument.name}" for argument in entry.arguments])


def _function(name: str, parameters: list[str]) -> str:
    """One function; all its arguments are optional, for the library says what is missing."""
    head = ", ".join(f"Optional {parameter} As Variant" for parameter in parameters)
    lines = [f"Function {name}({_folded(head)}) As Variant"]
    lines += [f"    If IsMissing({parameter}) Then {parameter} = Empty" for parameter in parameters]
    call = ", ".join([f'"{name}"', *parameters])
    lines += [f"    {name} = CsmCall(Array({_folded(call)}))", "End Function", ""]
    return "\n".join(lines)


def _folded(listed: str) -> str:
    return listed.replace(", ", ", _\n        ")
