"""``kb check`` where one line of 900 pages changed, and on all of them: ``python benchmarks/check.py [FOLDER]``.

FOLDER is any folder of Markdown in place of seeded text of our own. Each figure is the best of five, of the whole
program as somebody types it: wall time, and a processor's time, which a busy machine does not change.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wiki import KB, lay_out

PAGES = 1_120  # as many drafts as make about 900 pages
TIMES = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        count = lay_out(home, Path(sys.argv[1]) if sys.argv[1:] else None, PAGES)
        (home / "kb.yml").rename(home / "mkdocs.yml")
        _commit(home)
        page = next((home / "docs").rglob("*.md"))
        page.write_text(
            page.read_text(encoding="utf-8") + "\nTeh last line, and a [link](gone.md).\n", encoding="utf-8"
        )
        print(f"| `kb check`, {count} pages | wall | processor |\n| --- | ---: | ---: |")
        for name, words in {"one line changed": (), "everything (`--all`)": ("--all",)}.items():
            wall, processor = min(_spent(home, *words) for _ in range(TIMES))
            print(f"| {name} | {wall:.1f} s | {processor:.1f} s |", flush=True)


def _commit(home: Path) -> None:
    as_somebody = ("-c", "user.name=B", "-c", "user.email=b@example.com")
    for words in (
        ("init", "--quiet", "-b", "main"),
        ("add", "--all"),
        (*as_somebody, "commit", "--quiet", "-m", "All"),
    ):
        subprocess.run(["git", *words], cwd=home, check=True)


def _spent(home: Path, *words: str) -> tuple[float, float]:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([*KB, "check", *words], cwd=home, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 1, done.stderr
    assert "gone.md" in done.stdout
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
