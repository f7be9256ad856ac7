"""GitLab, at gitlab.com or in a house of one's own (docs.gitlab.com/api, v4).

A project is named by its path, a file too, each as one part of the address: every slash is written %2F.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from kb_server.forges.answers import listed, number, part_of, required, told
from kb_server.forges.asking import Api, part
from kb_server.forges.models import CLOSED, MERGED, OPEN, Missing, Proposal, Request

NAME = "GitLab"
HOME = "https://gitlab.com"
_STATES: Mapping[str, str] = {"opened": OPEN, "locked": OPEN, "merged": MERGED}
"""A merge request is locked while it is being merged."""


class GitLab:
    """A project at GitLab."""

    def __init__(self, url: str, repository: str, token: str) -> None:
        """Ask nothing yet."""
        self.requests_at = f"{url}/{repository}/-/merge_requests/"
        self._api = Api(NAME, f"{url}/api/v4", repository, {"PRIVATE-TOKEN": token})
        self._at = f"/projects/{part(repository)}"

    def head(self, branch: str) -> str:
        """The id of a branch's last commit. Raises Missing."""
        found = self._api.get(f"{self._at}/repository/branches/{part(branch)}")
        return required(NAME, found, "commit", "id")

    def file(self, name: str, ref: str) -> str | None:
        """The text of a file; None where there is none. Of a link it is the path that the link has."""
        try:
            found = self._api.get(f"{self._at}/repository/files/{part(name)}", ref=ref)
            return base64.b64decode(told(found, "content")).decode()
        except (Missing, ValueError):
            return None

    def push(self, proposal: Proposal) -> None:
        """Make the branch with its commit; the committer is whose the token is. Raises Taken."""
        actions = [
            {"action": "create" if name in proposal.new else "update", "file_path": name, "content": text}
            for name, text in proposal.files.items()
        ]
        self._api.post(
            f"{self._at}/repository/commits",
            {
                "branch": proposal.branch,
                "start_sha": proposal.start,
                "commit_message": proposal.message,
                "author_name": proposal.author_name,
                "author_email": proposal.author_email,
                "actions": actions,
            },
        )

    def requested(self, branch: str, base: str) -> Request | None:
        """The merge request for a branch: the one that is open, else the latest; None for none."""
        of = {"source_branch": branch, "target_branch": base, "state": "all", "scope": "all", "per_page": "100"}
        found = self._api.get(f"{self._at}/merge_requests", **of)
        ours = [_request(one) for one in listed(NAME, found) if _is_ours(one, branch, base)]
        return next((one for one in ours if one.state == OPEN), ours[0] if ours else None)

    def look(self, number: int) -> Request:
        """A merge request by its number. Raises Missing."""
        return _request(self._api.get(f"{self._at}/merge_requests/{number}"))

    def request(self, proposal: Proposal) -> Request:
        """Open the merge request. Raises Taken."""
        asked = {
            "source_branch": proposal.branch,
            "target_branch": proposal.base,
            "title": proposal.title,
            "description": proposal.body,
            "remove_source_branch": True,
        }
        return _request(self._api.post(f"{self._at}/merge_requests", asked))


def _request(found: object) -> Request:
    return Request(number(NAME, found, "iid"), _STATES.get(told(found, "state"), CLOSED))


def _is_ours(found: object, branch: str, base: str) -> bool:
    """Whether a merge request is of this project's own branch: everybody may have one of that name in a fork."""
    is_own = part_of(found, "source_project_id") == part_of(found, "target_project_id")
    return is_own and (told(found, "source_branch"), told(found, "target_branch")) == (branch, base)
