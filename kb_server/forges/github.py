"""GitHub, at github.com or in a house of one's own (docs.github.com/rest, version 2022-11-28).

Several files are one commit by the Git database alone: a tree, a commit, a branch (rest/git).
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from kb_server.forges.asking import Api, address, part, path, required, told
from kb_server.forges.models import ForgeError, Missing, Proposal

NAME = "GitHub"
HOME = "https://github.com"


class GitHub:
    """A repository at GitHub."""

    def __init__(self, url: str, repository: str, token: str) -> None:
        """Ask nothing yet."""
        host = urlsplit(url).netloc
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self._api = Api(NAME, "https://api.github.com" if url == HOME else f"{url}/api/v3", repository, headers)
        self._mail = f"users.noreply.{host}"
        self._owner = repository.partition("/")[0]
        self._at = f"/repos/{path(repository)}"

    def head(self, branch: str) -> str:
        """The id of a branch's last commit. Raises Missing."""
        return required(NAME, self._api.get(f"{self._at}/git/ref/heads/{path(branch)}"), "object", "sha")

    def file(self, name: str, ref: str) -> str | None:
        """The text of a file; None where there is none."""
        return text_of(self._contents(name, ref))

    def _contents(self, name: str, ref: str) -> Any:  # noqa: ANN401  -- JSON
        try:
            return self._api.get(f"{self._at}/contents/{path(name)}", ref=ref)
        except Missing:
            return None

    def push(self, proposal: Proposal) -> None:
        """Make the branch with its commit. Raises Taken."""
        base = required(NAME, self._api.get(f"{self._at}/git/commits/{part(proposal.start)}"), "tree", "sha")
        entries = [
            {"path": name, "mode": "100644", "type": "blob", "content": text} for name, text in proposal.files.items()
        ]
        tree = required(NAME, self._api.post(f"{self._at}/git/trees", {"base_tree": base, "tree": entries}), "sha")
        commit = {
            "message": proposal.message,
            "tree": tree,
            "parents": [proposal.start],
            "author": {"name": proposal.author_name, "email": proposal.author_email},
        }
        if committer := whose_token(self._api, self._mail):  # else GitHub takes the author for it
            commit["committer"] = committer
        made = required(NAME, self._api.post(f"{self._at}/git/commits", commit), "sha")
        self._api.post(f"{self._at}/git/refs", {"ref": f"refs/heads/{proposal.branch}", "sha": made})

    def opened(self, branch: str, base: str) -> str:
        """The address of the pull request that is open for a branch, "" for none."""
        found = self._api.get(f"{self._at}/pulls", head=f"{self._owner}:{branch}", base=base, state="open")
        return address(NAME, found[0], "html_url") if isinstance(found, list) and found else ""

    def request(self, proposal: Proposal) -> str:
        """Open the pull request; gives its address. Raises Taken."""
        asked = {"title": proposal.title, "body": proposal.body, "head": proposal.branch, "base": proposal.base}
        return address(NAME, self._api.post(f"{self._at}/pulls", asked), "html_url")


def text_of(found: object) -> str | None:
    """The text of a file in an answer of GitHub's or Gitea's; None where it is no file with text."""
    if told(found, "type") != "file" or told(found, "encoding") != "base64":
        return None
    try:
        return base64.b64decode(told(found, "content")).decode()
    except ValueError:
        return None


def whose_token(api: Api, mail: str) -> Mapping[str, str]:
    """By which name and address the token's owner commits; nothing where the token may not tell."""
    try:
        user = api.get("/user")
    except ForgeError:
        return {}
    login = told(user, "login")
    email = told(user, "email") or f"{login}@{mail}"
    return {"name": told(user, "name") or told(user, "full_name") or login, "email": email} if login else {}
