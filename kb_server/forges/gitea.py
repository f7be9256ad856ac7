"""Gitea and Forgejo, which have one interface (docs.gitea.com/api, v1): from 1.20 on it takes several files at once.

A commit goes onto the newest one of a branch, so each file is named with the blob that was read: where it is another
by now, the forge refuses.
"""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlsplit

from kb_server.forges.alike import request_of, text_of, whose_token
from kb_server.forges.answers import required, told
from kb_server.forges.asking import Api, part, path
from kb_server.forges.models import Missing, Proposal, Request, Taken
from kb_server.words import t

NAME = "Gitea"


class Gitea:
    """A repository at a Gitea or Forgejo."""

    def __init__(self, url: str, repository: str, token: str) -> None:
        """Ask nothing yet."""
        self.requests_at = f"{url}/{repository}/pulls/"
        self._api = Api(NAME, f"{url}/api/v1", repository, {"Authorization": f"token {token}"})
        self._mail = f"noreply.{urlsplit(url).hostname}"
        self._at = f"/repos/{path(repository)}"

    def head(self, branch: str) -> str:
        """The id of a branch's last commit. Raises Missing."""
        return required(NAME, self._api.get(f"{self._at}/branches/{path(branch)}"), "commit", "id")

    def file(self, name: str, ref: str) -> str | None:
        """The text of a file; None where there is none."""
        found = self._contents(name, ref)
        return text_of(found) if told(found, "type") == "file" else None

    def _contents(self, name: str, ref: str) -> Any:  # noqa: ANN401  -- JSON
        try:
            return self._api.get(f"{self._at}/contents/{path(name)}", ref=ref)
        except Missing:
            return None

    def push(self, proposal: Proposal) -> None:
        """Make the branch with its commit. Raises Taken."""
        author = {"name": proposal.author_name, "email": proposal.author_email}
        change = {
            "branch": proposal.base,
            "new_branch": proposal.branch,
            "message": proposal.message,
            "author": author,
            "committer": whose_token(self._api, self._mail) or author,
            "files": [self._operation(proposal, name, text) for name, text in proposal.files.items()],
        }
        self._api.post(f"{self._at}/contents", change)

    def _operation(self, proposal: Proposal, name: str, text: str) -> dict[str, str]:
        change = {"path": name, "content": base64.b64encode(text.encode()).decode()}
        if name in proposal.new:
            return change | {"operation": "create"}
        sha = told(self._contents(name, proposal.start), "sha")
        if not sha:
            raise Taken(t("forge.no_file", forge=NAME, path=name))
        return change | {"operation": "update", "sha": sha}

    def requested(self, branch: str, base: str) -> Request | None:
        """The pull request for a branch; None for none. Of several, Gitea does not say which one it shows."""
        try:
            return request_of(NAME, self._api.get(f"{self._at}/pulls/{part(base)}/{path(branch)}"))
        except Missing:
            return None

    def look(self, number: int) -> Request:
        """A pull request by its number. Raises Missing."""
        return request_of(NAME, self._api.get(f"{self._at}/pulls/{number}"))

    def request(self, proposal: Proposal) -> Request:
        """Open the pull request. Raises Taken."""
        asked = {"title": proposal.title, "body": proposal.body, "head": proposal.branch, "base": proposal.base}
        return request_of(NAME, self._api.post(f"{self._at}/pulls", asked))
