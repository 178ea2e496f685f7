"""Settings for every property test: no time limit for an example, since machines are slow now and then.

Where a submission is judged (CI is set), examples are drawn in the same order each time, so that what is judged is the
change; everywhere else they differ from run to run, and find more.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "comity",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("comity")
