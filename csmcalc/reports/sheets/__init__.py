"""The sheets of the plan's workbook, one module each: a plan in, a sheet as data out."""
