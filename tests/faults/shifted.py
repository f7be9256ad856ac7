"""`kb` with a wrong clock: ``python shifted.py HOURS publish …``."""

from __future__ import annotations

import datetime as dt
import sys
import time

HOURS = dt.timedelta(hours=int(sys.argv.pop(1)))
right = time.time


class Shifted(dt.datetime):
    """What `datetime` is on such a machine."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Shifted:
        moment = super().now(tz) + HOURS
        return cls.fromtimestamp(moment.timestamp(), tz)


time.time = lambda: right() + HOURS.total_seconds()
dt.datetime = Shifted  # type: ignore[misc]  # before anybody takes it

from writing import serve_notes  # noqa: E402  -- and it lies beside this script

from kb_server.cli import main  # noqa: E402

serve_notes()
main()
