"""The change as a patch: `git am` takes it in, with who made it, wherever the repository is."""

from __future__ import annotations

from datetime import datetime
from email.header import Header
from email.utils import format_datetime

from kb_server.suggestions.applying.putting import Put

AROUND = 3
"""Lines before and after a change that are in the patch, so that git finds the place."""


def patch(change: Put, message: str, name: str, email: str, at: datetime) -> str:
    """A mail as `git format-patch` writes it."""
    title, _, rest = message.partition("\n")
    head = [
        f"From {'0' * 40} Mon Sep 17 00:00:00 2001",
        f"From: {_header(name)} <{email}>",
        f"Date: {format_datetime(at)}",
        f"Subject: {_header(f'[PATCH] {title}')}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    files = "".join(_file(path, change.old.get(path), text) for path, text in sorted(change.files.items()))
    return "\n".join(head) + f"\n\n{rest.strip()}\n---\n\n{files}-- \nkb\n"


def _header(text: str) -> str:
    """A text as a header of a mail may have it (RFC 2047), on one line."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=10_000).encode()


def _file(path: str, old: str | None, new: str) -> str:
    """What becomes of one file."""
    is_new = old is None
    head = f"diff --git a/{path} b/{path}\n" + ("new file mode 100644\n" if is_new else "")
    name = f"{path}\t" if " " in path else path
    head += ("--- /dev/null\n" if is_new else f"--- a/{name}\n") + f"+++ b/{name}\n"
    return head + _hunk(_lines(old or ""), _lines(new))


def _lines(text: str) -> list[str]:
    """The lines with their ends: those of Markdown alone, for git knows no others."""
    return [line for line in text.replace("\n", "\n\0").split("\0") if line]


def _hunk(old: list[str], new: list[str]) -> str:
    """All that differs as one piece: the least there could be may take very long to find."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    end = next((at for at in range(most - start) if old[-1 - at] != new[-1 - at]), most - start)
    first, last = max(start - AROUND, 0), max(end - AROUND, 0)
    ranges = f"-{_range(first, len(old) - last)} +{_range(first, len(new) - last)}"
    lines = [
        *(_line(" ", line) for line in old[first:start]),
        *(_line("-", line) for line in old[start : len(old) - end]),
        *(_line("+", line) for line in new[start : len(new) - end]),
        *(_line(" ", line) for line in old[len(old) - end : len(old) - last]),
    ]
    return f"@@ {ranges} @@\n" + "".join(lines)


def _range(start: int, end: int) -> str:
    """Where lines are, as unified diffs count: nothing stands after the line before it."""
    return f"{start + 1 if end > start else start},{end - start}"


def _line(sign: str, line: str) -> str:
    return f"{sign}{line}" if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"
