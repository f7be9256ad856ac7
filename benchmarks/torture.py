"""Kill with SIGKILL what publishes and what indexes, many times, on every engine and database: ``make torture``.

After each kill a server is started, which has to serve one build whole, with all its texts and no others, every one of
them found, and an index that agrees with them. Then people talk on it, and it is killed meanwhile: every comment that
was acknowledged has to be there after the next start, once, with its document and its line in the log, and counted.
It stops at the first store that does not stand it, with exit code 1; the same --seed and --times do the same again, as
far as moments of time can be repeated.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
import postgres
from faults.torture import Killed, Torture

from kb_server.config import ENGINES, Settings

DATABASES = ("sqlite", "postgresql")


def main() -> None:
    options = _options()
    sound = True
    for database, engine in itertools.product(options.database or DATABASES, options.engine or ENGINES):
        sound = _torture(database, engine, options) and sound
    print(f"load of this machine: {os.getloadavg()[0]:.1f}")
    sys.exit(0 if sound else 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50, help="kills for each engine on each database")
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--engine", action="append", choices=ENGINES, help="this one alone; may be given twice")
    parser.add_argument("--database", action="append", choices=DATABASES, help="the same")
    parser.add_argument("--verbose", action="store_true", help="a line for every kill")
    return parser.parse_args()


def _torture(database: str, engine: str, options: argparse.Namespace) -> bool:
    """Whether one engine on one database has stood it."""
    started, rounds = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="kb-torture-") as folder, _address(database, Path(folder)) as url:
        settings = Settings(data_dir=Path(folder, "data"), database_url=url, search_engine=engine)
        try:
            torture = Torture(settings, random.Random(options.seed))
            for number in range(options.times):
                rounds.append(torture.round(number=number))
                if options.verbose:
                    print(f"  {number + 1:3} {rounds[-1].what}, {rounds[-1].said} comments", flush=True)
            torture.look_once_more()
        except Exception:  # noqa: BLE001  -- whatever it was, it is what was looked for
            traceback.print_exc()
            print(f"FAILED: {engine} on {database}, kill {len(rounds) + 1}, seed {options.seed}", flush=True)
            return False
    _print(f"{engine} on {database}", rounds, time.monotonic() - started)
    return True


@contextmanager
def _address(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder / 'data' / 'kb.sqlite3'}"
        return
    with postgres.running(durable=True) as server:
        yield server.url("postgres")


def _print(name: str, rounds: list[Killed], seconds: float) -> None:
    kinds = Counter(", ".join(killed.what.split(", ")[:1]) + _where(killed.what) for killed in rounds)
    published = sum(killed.published for killed in rounds)
    print(f"{name}: {len(rounds)} kills, all consistent, nothing missing, audits clean ({seconds:.0f} s)")
    print(f"  the new build came of {published}, the old one stayed of {len(rounds) - published}")
    print(
        f"  as many kills while people talk: {sum(killed.said for killed in rounds)} comments acknowledged, all there"
    )
    for kind, count in sorted(kinds.items()):
        print(f"  {count:4} {kind}")
    sys.stdout.flush()


def _where(what: str) -> str:
    return ", at a random moment" if " ms" in what else ", at a named place"


if __name__ == "__main__":
    main()
