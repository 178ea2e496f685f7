"""One table from errors to statuses: pages and programs are told the same."""

from __future__ import annotations

import pytest

from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.desk.statuses import JSON, status_of


@pytest.mark.parametrize(
    ("error", "read", "said"),
    [
        (Malformed("x", "y"), 422, 422), (Malformed(JSON, "y"), 400, 400), (Refused("overtaken"), 409, 409),
        (Refused("act_unknown"), 404, 409), (Refused("path_unknown"), 404, 404), (Refused("token_needed"), 401, 401),
        (Refused("once_for_another"), 422, 422), (Refused("office_not_yours"), 403, 403),
        (Refused("sign_in_often"), 429, 429), (Broken("x", "y"), 409, 409), (Unavailable("x", "y"), 503, 503),
        (FileNotFoundError(2, "x"), 503, 503), (ValueError("ours"), 500, 500),
    ],
    ids=str,
)  # fmt: skip
def test_every_error_has_its_status(error: Exception, read: int, said: int) -> None:
    assert (status_of(error), status_of(error, said=True)) == (read, said)
