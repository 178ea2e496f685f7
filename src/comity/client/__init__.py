"""A node's API for programs in Python: what can be said and asked, typed, with the four errors.

from comity import Client
with Client("https://node.example", "comity_...") as node:
    said = node.say("meetings", "accept-date", answers=["TUR/9"])
    node.ask(said.docket, "dates", on=date(2024, 8, 15))
"""

from __future__ import annotations

from comity.client.client import Client
from comity.client.line import told

__all__ = ["Client", "told"]
