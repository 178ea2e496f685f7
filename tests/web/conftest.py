"""What every test of the pages may ask for."""

from tests.web.stage import stage

__all__ = ["stage"]
