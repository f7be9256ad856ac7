"""GitLab, at gitlab.com or in a house of one's own (docs.gitlab.com/api, v4).

A project is named by its path, a file too, each as one part of the address: every slash is written %2F.
"""

from __future__ import annotations

import base64

from kb_server.forges.asking import Api, address, part, required, told
from kb_server.forges.models import Missing, Proposal

NAME = "GitLab"
HOME = "https://gitlab.com"


class GitLab:
    """A project at GitLab."""

    def __init__(self, url: str, repository: str, token: str) -> None:
        """Ask nothing yet."""
        self._api = Api(NAME, f"{url}/api/v4", repository, {"PRIVATE-TOKEN": token})
        self._at = f"/projects/{part(repository)}"

    def head(self, branch: str) -> str:
        """The id of a branch's last commit. Raises Missing."""
        found = self._api.get(f"{self._at}/repository/branches/{part(branch)}")
        return required(NAME, found, "commit", "id")

    def file(self, name: str, ref: str) -> str | None:
        """The text of a file; None where there is none."""
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

    def opened(self, branch: str, base: str) -> str:
        """The address of the merge request that is open for a branch, "" for none."""
        found = self._api.get(f"{self._at}/merge_requests", source_branch=branch, target_branch=base, state="opened")
        return address(NAME, found[0], "web_url") if isinstance(found, list) and found else ""

    def request(self, proposal: Proposal) -> str:
        """Open the merge request; gives its address. Raises Taken."""
        asked = {
            "source_branch": proposal.branch,
            "target_branch": proposal.base,
            "title": proposal.title,
            "description": proposal.body,
            "remove_source_branch": True,
        }
        return address(NAME, self._api.post(f"{self._at}/merge_requests", asked), "web_url")
