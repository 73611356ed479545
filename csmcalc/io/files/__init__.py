"""Any file to one raw table, nothing interpreted yet."""
