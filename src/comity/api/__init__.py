"""JSON over HTTP for every act and every question: what a program needs of a node.

from comity.api import app
asgi = app(house)              every path begins with /api/v1; `asgi.close()` when it is no longer asked
"""

from __future__ import annotations

from comity.api.app import Api, app

__all__ = ["Api", "app"]
