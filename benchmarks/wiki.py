"""A wiki of many pages to measure with: the Markdown of any folder, or seeded pages. Nothing of it is kept."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
import corpus
from processes import KB

PLAIN = """\
site_name: Measured
docs_dir: docs
theme:
  name: material
  font: false
  features: [navigation.tabs, navigation.prune]
markdown_extensions:
  - admonition
  - attr_list
  - tables: {{use_align_attribute: true}}
  - pymdownx.superfences
plugins:
  - search
{kb}
"""


def lay_out(target: Path, folder: Path | None, pages: int = 900) -> int:
    """Write a wiki's sources into `target`, with `plain.yml` and `kb.yml`; gives the number of pages."""
    docs = target / "docs"
    if folder:
        _copy(folder, docs)
    else:
        _seed(docs, pages)
    (docs / "index.md").exists() or (docs / "index.md").write_text("# Home\n\nStart here.\n")
    (docs / "search.md").write_text("---\nkb_shell: search\n---\n\n# Search\n")
    for name in ("plain", "kb"):
        (target / f"{name}.yml").write_text(PLAIN.format(kb="  - kb" if name == "kb" else ""))
    return sum(1 for _ in docs.rglob("*.md"))


def build(target: Path) -> str:
    """Build the wiki of `kb.yml`; gives the build's id."""
    environment = os.environ | {"KB_DATA_DIR": str(target / "data")}
    return kb(environment, "build", "--no-strict", "-f", str(target / "kb.yml"))


def kb(environment: Mapping[str, str], *command: str) -> str:
    """Run `kb`; gives what it says."""
    done = subprocess.run([*KB, *command], env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _copy(folder: Path, docs: Path) -> None:
    for source in folder.rglob("*.md"):
        if source.is_file() and not any(part.startswith(".") for part in source.relative_to(folder).parts):
            target = docs / source.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(OSError):
                shutil.copyfile(source, target)


def _seed(docs: Path, pages: int) -> None:
    by_page: dict[str, list[str]] = {}
    for draft in corpus.seeded(pages * 6):
        heading = f"## {draft.title}\n\n" if draft.ref.rpartition("#")[2] else f"# {draft.title}\n\n"
        by_page.setdefault(draft.page_id, []).append(heading + draft.text + "\n")
    for number, (page, sections) in enumerate(list(by_page.items())[:pages]):
        path = docs / f"part-{number % 30}" / f"{page.replace('/', '-')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(sections))
