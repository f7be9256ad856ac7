"""Words of following the trusted branch: what of a merge that could not be published is told."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "merge.kind": "Not live",
    "merge.told.own": "Your change cannot be published: {title}",
    "merge.told.broke": "A change by {name} cannot be published: {title}",
    "merge.broken": "Commit {commit} on {branch} ({title}) cannot be built. What was live before still is. It said:",
    "merge.broken.what": (
        "Mend it on {branch}, or take the change back there: the next commit is built by itself. On your own machine "
        "“kb build” says the same."
    ),
    "merge.problem.broken": (
        "Commit {commit} on {branch} cannot be built since {at}; what was live before still is. Waiting for you has "
        "what the build said."
    ),
    "merge.problem.trouble": "{branch} cannot be followed. {why}",
    "merge.problem.doctor": "kb doctor tells why.",
    "merge.problem.late": "{branch} is not followed any more: it was looked at last at {at}. Start kb follow.",
}
