"""The plugin's share of a build: plain Material and Material with `kb`, in turn, on the same pages, in one run.

python benchmarks/build_share.py [FOLDER]
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import wiki

PAIRS = 3


def processor_seconds(target: Path, name: str) -> float:
    """Processor time of one build: on a shared machine it is steadier than the clock."""
    before = _spent()
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "-q",
        "-f",
        str(target / f"{name}.yml"),
        "-d",
        str(target / f"site-{name}"),
    ]
    subprocess.run(command, check=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, stderr=subprocess.DEVNULL)
    return _spent() - before


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as name:
        target = Path(name)
        pages = wiki.lay_out(target, folder)
        pairs = [(processor_seconds(target, "plain"), processor_seconds(target, "kb")) for _ in range(PAIRS)]
    share = statistics.median(kb / plain - 1 for plain, kb in pairs)
    plain, kb = (statistics.median(values) for values in zip(*pairs, strict=True))
    print(f"build of {pages} pages: plain {plain:.1f} s, with kb {kb:.1f} s: {share:+.0%} (median of {PAIRS} pairs)")


if __name__ == "__main__":
    main()
