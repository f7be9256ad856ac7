"""The figures of speed and size, as Markdown to be pasted: ``make bench``, ``python benchmarks/run.py [FOLDER]``.

FOLDER is any folder of Markdown; without it, seeded text of our own is used, which says nothing about relevance. What
takes hours, wants other folders or a machine to itself has commands of its own; they are named at the end.
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

APART = {
    "make bench-relevance FOLDER=…": "how well search finds what is known to be there (also here, with FOLDER)",
    "make bench-slow": "reading beside 1,500 slow clients, and a publication meanwhile",
    "make bench-talk": "conversations beside those of Isso",
    "make bench-suggestions": "lists, board and the like with 10,000 suggestions, on both databases",
    "make bench-definitions": "build, pages, lists, clock and publishing with 2,000 definitions in 10,000 pages",
    "make bench-duplicates DATA=…": "whether what was asked before is shown while it is asked again",
    "make bench-check FOLDER=…": "how long `kb check` takes on 900 pages",
    "make bench-follow": "how soon a merge is live under `kb follow`",
    "make bench-impact REPO=…": "whether what `kb impact` says of real commits comes about when they are published",
    "make bench-history": "where old links of a public wiki lead today (history.md)",
    "make bench-meaning REPO=…": "how often changes change no meaning, and whether wording only is safe (meaning.md)",
    "make bench-anchors": "what becomes of passages in the histories of public wikis (passages.md)",
    "make torture": "killed while publishing, indexing and writing, on each engine and database",
    "make torture-mail": "killed while people write and mail goes out",
}
"""Figures of the documentation that are not measured here, by their commands."""


def main() -> None:
    for command in TABLES:
        print(f"`{_shown(command)}`\n\n{_said(command)}", flush=True)
    print("| measured | command |\n| --- | --- |")
    for command in SENTENCES:
        print(f"| {_said(command).strip()} | `{_shown(command)}` |", flush=True)
    print("\nNot measured here:\n")
    for by_itself, what in APART.items():
        print(f"- {what}: `{by_itself}`")


def _said(command: list[str]) -> str:
    return subprocess.run(
        [sys.executable, str(HERE / command[0]), *command[1:]], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def _shown(command: list[str]) -> str:
    return f"python benchmarks/{' '.join(command)}"


if __name__ == "__main__":
    main()
