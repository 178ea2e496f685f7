"""The chapters: each folder here is one kind of business, found by its place and a stranger to the others."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from comity.core.chapter import Chapter

__all__ = ["all_chapters"]


def all_chapters() -> dict[str, Chapter]:
    """Every chapter that this version knows, by name."""
    folders = sorted(found.name for found in pkgutil.iter_modules(__path__) if found.ispkg)
    chapters: list[Chapter] = [import_module(f"{__name__}.{folder}").CHAPTER for folder in folders]
    return {chapter.name: chapter for chapter in chapters}
