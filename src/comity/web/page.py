"""One address of the pages: its path, what is done there, and who may come.

Page("/m/{mechanism:str}/record/{party:str}", log)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from comity.web.visit import Answer, Visit

__all__ = ["Page"]


class Page(NamedTuple):
    """An address, with its path as Litestar writes it. A place in the path is found in `visit.path`.

    methods: GET (with HEAD) or POST. public: nobody need be signed in. cacheable: what it answers is the same for
    everybody, so it sets its own cache headers and no cookies. slow: it may wait long for something that is no drawing.
    """

    path: str
    work: Callable[[Visit], Answer]
    methods: Sequence[str] = ("GET",)
    public: bool = False
    cacheable: bool = False
    slow: bool = False
