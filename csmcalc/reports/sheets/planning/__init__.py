"""The sheets of the planning workbook that no report has: inputs, customers to be pasted, books."""
