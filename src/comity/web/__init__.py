"""Pages for a node's own people and for the public: drawn on the server, usable without a script, in three languages.

app = application(House(node, accounts, clock, zone))          an ASGI application
"""

from __future__ import annotations
