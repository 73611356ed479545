"""How much service is worth giving: hull, sweep, exact core, response curves, certificate, shocks.

Pure mathematics over arrays: customers are rows, hours and value are numbers. What a customer, a
segment or a currency is, the layers above know.
"""
