"""What every test of the pages may ask for."""

from tests.web.browser import browser, fresh
from tests.web.stage import stage
from tests.web.world import world

__all__ = ["browser", "fresh", "stage", "world"]
