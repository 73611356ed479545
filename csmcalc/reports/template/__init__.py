"""Any workbook as a template: compiled once, filled thousands of times.

An Excel table's name is a data set and its headings are fields; its first row gives style and
formulas. A defined name of one cell is a value. `{{name}}` stands for a value inside a text.
Everything else stays as it is, byte for byte.
"""

from csmcalc.io.files.package import Limits
from csmcalc.reports.template.compile import compile_content, compile_template
from csmcalc.reports.template.findings import Finding, FindingKind, TemplateTable
from csmcalc.reports.template.template import Template, folded

__all__ = [
    "Finding",
    "FindingKind",
    "Limits",
    "Template",
    "TemplateTable",
    "compile_content",
    "compile_template",
    "folded",
]
