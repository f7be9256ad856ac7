"""Every figure the documentation quotes, measured one after the other.

    python benchmarks/run.py [FOLDER]

FOLDER is any folder of Markdown; without it, seeded text of our own is used.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = sys.argv[1:2]
COMMANDS = (
    ["build_share.py", *FOLDER],
    ["first_search.py", *FOLDER],
    ["search.py", *FOLDER, "--sections", "5000"],
    ["dev_loop.py"],
    ["first_page.py"],
)


def main() -> None:
    for name, *words in COMMANDS:
        print(f"\n{name} {' '.join(words)}".rstrip(), flush=True)
        subprocess.run([sys.executable, str(HERE / name), *words], check=True)


if __name__ == "__main__":
    main()
