"""Comity runs the standing machinery that states set up when they sign a memorandum of understanding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from comity.client import Client

__version__ = "0.1.0"

__all__ = ["Client"]


def __getattr__(name: str) -> Any:
    """`comity.Client`, which needs `httpx`: loaded only where it is asked for."""
    if name == "Client":
        from comity.client import Client  # noqa: PLC0415 -- see above

        return Client
    raise AttributeError(f"module 'comity' has no attribute {name!r}")
