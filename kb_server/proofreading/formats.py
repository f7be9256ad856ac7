"""Findings for whoever reads them: people, the annotations of GitHub, the Code Quality report of GitLab, a program.

A file's name and a word of a page come from anybody: what a terminal or a runner would take for a command is spelt out.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator

from kb_server.proofreading.mending import Mend
from kb_server.proofreading.models import Finding
from kb_server.proofreading.service import ASKED_FOR, Report

_SEVERITY = {"error": "major", "warning": "minor"}


def text(report: Report) -> str:
    """A line for each finding, one that counts them, and one that tells what need not be done by hand."""
    return "\n".join([*(_line(one) for one in report.findings), summary(report), *_mendable(report)])


def _mendable(report: Report) -> Iterator[str]:
    words = sum(one.rule in ASKED_FOR for one in report.mendable)
    if rest := len(report.mendable) - words:
        yield f"kb fix mends {rest} of them."
    if words:
        yield f"kb fix --spelling mends {_times(words, 'misspelt word')}; look at each."


def _line(one: Finding) -> str:
    place = ":".join(str(part) for part in (one.path, one.line, one.column) if part)
    return _plain(f"{place}: {one.level}: {one.sentence} [{one.rule}]")


def summary(report: Report) -> str:
    """How much was looked at, and what came of it."""
    errors, warnings = report.count("error"), report.count("warning")
    return f"{_times(errors, 'error')} and {_times(warnings, 'warning')} in {_looked_at(report)}."


def _looked_at(report: Report) -> str:
    pages = _times(report.looked_at, "page")
    if not report.base:
        return pages
    removed = (
        f", and {report.removed} that {'was' if report.removed == 1 else 'were'} removed," if report.removed else ""
    )
    since = (
        f"{_plain(report.branch)} ({report.base[:10]})" if report.branch not in {"", report.base} else report.base[:10]
    )
    return f"{pages} that changed{removed} since {since}"


def _times(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def github(report: Report) -> str:
    """Workflow commands, which show at the lines of a pull request (docs.github.com, "Workflow commands")."""
    return "\n".join([*(_command(one, report.prefix) for one in report.findings), summary(report)])


def _command(one: Finding, prefix: str) -> str:
    places = {"file": f"{prefix}{one.path}", "line": one.line, "col": one.column, "title": f"kb check, {one.rule}"}
    said = ",".join(f"{name}={_property(str(value))}" for name, value in places.items() if value)
    return f"::{one.level} {said}::{_data(one.sentence)}"


def _data(said: str) -> str:
    return _plain(said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(said: str) -> str:
    return _data(said).replace(":", "%3A").replace(",", "%2C")


def gitlab(report: Report) -> str:
    """A Code Quality report (docs.gitlab.com, "Code Quality report format"): fingerprints outlive moved lines."""
    seen: Counter[str] = Counter()
    rows = []
    for one in report.findings:
        about = f"{one.path}\0{one.rule}\0{one.message}"
        seen[about] += 1
        rows.append(
            {
                "description": one.sentence,
                "check_name": one.rule,
                "fingerprint": hashlib.sha256(f"{about}\0{seen[about]}".encode("utf-8", "surrogatepass")).hexdigest(),
                "severity": _SEVERITY[one.level],
                "location": {"path": f"{report.prefix}{one.path}", "lines": {"begin": max(1, one.line)}},
            }
        )
    return json.dumps(rows, indent=2)


def as_json(report: Report) -> str:
    """Everything, for a program."""
    rows = [
        {
            "path": f"{report.prefix}{one.path}",
            "line": one.line,
            "column": one.column,
            "rule": one.rule,
            "level": one.level,
            "message": one.message,
            "hint": one.hint,
            "mendable": one.edit is not None,
        }
        for one in report.findings
    ]
    return json.dumps({"since": report.base, "pages": report.looked_at, "findings": rows}, indent=2)


def mended(done: list[Mend], *, dry_run: bool) -> str:
    """A line for each mend."""
    would = "would be mended" if dry_run else "mended"
    told = (
        f"{_times(len(done), 'place')} {would}."
        if done
        else "There is nothing to mend. Words are mended with --spelling."
    )
    return "\n".join([*(_plain(str(one)) for one in done), told])


def _plain(said: str) -> str:
    """On one line, and without what begins a command of GitHub's runner wherever in a line it stands."""
    plain = "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in said)
    return plain.replace("##[", "##\\u005b")


FORMATS: dict[str, Callable[[Report], str]] = {"text": text, "github": github, "gitlab": gitlab, "json": as_json}
