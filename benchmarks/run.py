"""Every figure the documentation quotes, as Markdown to be pasted there: ``python benchmarks/run.py [FOLDER]``.

FOLDER is any folder of Markdown; without it, seeded text of our own is used, which says nothing about relevance.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = sys.argv[1:2]
TABLES = [["search.py", *FOLDER], *([["relevance.py", *FOLDER]] if FOLDER else [])]
SENTENCES = [
    ["build_share.py", *FOLDER],
    ["publishing.py", *FOLDER],
    ["first_search.py", *FOLDER],
    ["dev_loop.py"],
    ["first_page.py"],
]


def main() -> None:
    for command in TABLES:
        print(f"`{_shown(command)}`\n\n{_said(command)}", flush=True)
    print("| measured | command |\n| --- | --- |")
    for command in SENTENCES:
        print(f"| {_said(command).strip()} | `{_shown(command)}` |", flush=True)


def _said(command: list[str]) -> str:
    return subprocess.run(
        [sys.executable, str(HERE / command[0]), *command[1:]], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _shown(command: list[str]) -> str:
    return f"python benchmarks/{' '.join(command)}"


if __name__ == "__main__":
    main()
