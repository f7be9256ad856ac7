"""From `kb publish` of a build with one changed page until readers of a running server find it, on every engine.

python benchmarks/publishing.py [FOLDER]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import serving
import store
import wiki

PAGES = 850  # of about six sections


def seconds(engine: str, config: Path, before: str, after: str) -> tuple[float, float]:
    """How long `kb publish` of the changed build took, and how long it was from its start until a reader found it."""
    with store.opened(engine) as empty:
        (empty.settings.data_dir / "builds").symlink_to(config.parent / "data" / "builds")
        environment = os.environ | serving.environment(empty)
        wiki.kb(environment, "publish", "-f", str(config), before)
        with serving.served(empty) as servers:
            serving.answer(f"{servers[0][1]}api/v1/search?query={serving.WORD}")
            began = time.perf_counter()
            wiki.kb(environment, "publish", "-f", str(config), after)
            done = time.perf_counter() - began
            serving.wait_for_word(servers)
            return done, time.perf_counter() - began


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as name:
        target = Path(name)
        pages = wiki.lay_out(target, folder, PAGES)
        before = wiki.build(target)
        page = next((target / "docs").rglob("*/*.md"))
        page.write_text(f"{page.read_text(encoding='utf-8')}\n\nA {serving.WORD} appears.\n", encoding="utf-8")
        after = wiki.build(target)
        times = {engine: seconds(engine, target / "kb.yml", before, after) for engine in store.ENGINES}
    said = ", ".join(
        f"{engine} {found - done:.2f} s after the {done:.2f} s it took" for engine, (done, found) in times.items()
    )
    print(f"one of {pages} pages changed and published; readers find it: {said}")


if __name__ == "__main__":
    main()
