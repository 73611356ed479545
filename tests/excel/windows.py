"""Windows stood in, so that xlwings' own code for functions in cells runs anywhere.

Only pywin32 is stood in; conversions, `call_udf` and the COM server's `CallUDF` are xlwings'.
Meant for a process of its own: it changes what `import xlwings` gives.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import sys
import types
from typing import Any
from unittest.mock import MagicMock

_MODULES = ("win32api", "win32con", "win32gui", "win32process", "win32event", "winerror")


class Time(dt.datetime):
    """A date as COM hands it over."""


def _module(name: str, **content: Any) -> types.ModuleType:
    module = types.ModuleType(name)
    vars(module).update(content)
    sys.modules[name] = module
    return module


def _unwrap(_: Any) -> None:
    raise ValueError("not one of our own objects")


def _class(name: str) -> type:
    return type(name, (), {})


def stand_in() -> Any:
    """The COM server of xlwings, as Excel's DLL would start it."""
    com_error = type("com_error", (Exception,), {})
    _module("pywintypes", com_error=com_error, TimeType=Time, datetime=Time, IID=str)
    pythoncom = MagicMock(
        VT_ERROR=10, IID_IDispatch="IDispatch", TypeIIDs={"IDispatch": _class("PyIDispatch")}
    )
    pythoncom.__file__ = None
    sys.modules["pythoncom"] = pythoncom
    zone = type("TimeZoneInfo", (dt.tzinfo,), {"utc": staticmethod(lambda: dt.UTC)})
    _module("win32timezone", TimeZoneInfo=zone)
    client = _module(
        "win32com.client",
        **{name: _class(name) for name in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass")},
        **{name: (lambda target, *_, **__: target) for name in ("Dispatch", "DispatchEx")},
        VARIANT=_class("VARIANT"),
        gencache=MagicMock(),
    )
    parts = {
        "dispatcher": _module("win32com.server.dispatcher"),
        "policy": _module("win32com.server.policy", DefaultPolicy=object),
        "util": _module("win32com.server.util", unwrap=_unwrap, wrap=lambda one, *_, **__: one),
        "exception": _module("win32com.server.exception"),
    }
    server = _module("win32com.server", **parts)
    _module("win32com", client=client, server=server)
    sys.modules.update({name: MagicMock() for name in _MODULES})
    for loader in ("windll", "oledll", "PyDLL"):
        setattr(ctypes, loader, MagicMock())
    platform, sys.platform = sys.platform, "win32"
    try:
        import xlwings  # noqa: F401
    finally:
        sys.platform = platform
    from xlwings import com_server

    return com_server.XLPython()


class _TypeInfo:
    iid = "{00020846-0000-0000-C000-000000000046}"

    def GetTypeInfo(self) -> _TypeInfo:  # noqa: N802
        return self

    GetTypeAttr = GetTypeInfo


_SHEET = MagicMock()
"""One for all cells: making a mock takes longer than a call."""


class Cells:
    """A range as Excel hands it to a function."""

    _oleobj_ = _TypeInfo()

    def __init__(self, value: Any) -> None:
        rows = value if isinstance(value, tuple) else ((value,),)
        self.Value = value
        self.Rows = types.SimpleNamespace(Count=len(rows))
        self.Columns = types.SimpleNamespace(Count=len(rows[0]))
        self.Row = self.Column = 1
        self.Worksheet = _SHEET
        self.Address = "$A$1"

    def GetAddress(self, *_: Any, **__: Any) -> str:  # noqa: N802
        return self.Address
