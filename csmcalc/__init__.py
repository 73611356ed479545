"""How many customer success managers do we need, and which customers should each own?"""

__version__ = "0.1.0"
