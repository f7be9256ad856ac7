"""What is tried by chance is tried on a machine of any speed: no example and no making of one is too slow."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

NAME = "patient"


def patiently() -> None:
    """Have it so, unless a test says otherwise."""
    settings.register_profile(NAME, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile(NAME)
