"""GitHub, at github.com or in a house of one's own (docs.github.com/rest, version 2022-11-28).

Several files are one commit by the Git database alone: a tree, a commit, a branch (rest/git). What is there is read
from it too: of a link the interface for contents shows the file it leads to, and it has none above a megabyte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from kb_server.forges.alike import request_of, text_of, whose_token
from kb_server.forges.answers import listed, part_of, required, told
from kb_server.forges.asking import Api, part, path
from kb_server.forges.models import OPEN, ForgeError, Missing, Proposal, Request, Taken
from kb_server.words import t

NAME = "GitHub"
HOME = "https://github.com"
FILE, PROGRAM = "100644", "100755"


class GitHub:
    """A repository at GitHub."""

    def __init__(self, url: str, repository: str, token: str) -> None:
        """Ask nothing yet."""
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {token}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        self.requests_at = f"{url}/{repository}/pull/"
        self._api = Api(NAME, interface(url), repository, headers)
        self._mail = f"users.noreply.{urlsplit(url).netloc}"
        self._repository = repository
        self._at = f"/repos/{path(repository)}"
        self._trees: dict[str, Mapping[str, object]] = {}
        self._roots: dict[str, str] = {}

    def head(self, branch: str) -> str:
        """The id of a branch's last commit. Raises Missing."""
        return required(NAME, self._api.get(f"{self._at}/git/ref/heads/{path(branch)}"), "object", "sha")

    def file(self, name: str, ref: str) -> str | None:
        """The text of a file; None where there is none."""
        try:
            entry = self._entry(name, ref if re.fullmatch(r"[0-9a-f]{40,64}", ref) else self.head(ref))
        except Missing:
            return None
        if told(entry, "mode") not in (FILE, PROGRAM):
            return None
        return text_of(self._api.get(f"{self._at}/git/blobs/{part(required(NAME, entry, 'sha'))}"))

    def push(self, proposal: Proposal) -> None:
        """Make the branch with its commit. Raises Taken."""
        entries = [self._changed(proposal, name, text) for name, text in proposal.files.items()]
        asked = {"base_tree": self._root(proposal.start), "tree": entries}
        commit = {
            "message": proposal.message,
            "tree": required(NAME, self._api.post(f"{self._at}/git/trees", asked), "sha"),
            "parents": [proposal.start],
            "author": {"name": proposal.author_name, "email": proposal.author_email},
        }
        if committer := whose_token(self._api, self._mail, numbered=True):  # else GitHub takes the author for it
            commit["committer"] = committer
        made = required(NAME, self._api.post(f"{self._at}/git/commits", commit), "sha")
        self._api.post(f"{self._at}/git/refs", {"ref": f"refs/heads/{proposal.branch}", "sha": made})

    def _changed(self, proposal: Proposal, name: str, text: str) -> Mapping[str, str]:
        """The entry of a file in the new tree: it stays what it is, and nothing else becomes one."""
        mode = told(self._entry(name, proposal.start), "mode")
        if (mode == "") != (name in proposal.new) or mode not in ("", FILE, PROGRAM):
            raise Taken(t("forge.no_file", forge=NAME, path=name))
        return {"path": name, "mode": mode or FILE, "type": "blob", "content": text}

    def _root(self, commit: str) -> str:
        """The tree of a commit."""
        if commit not in self._roots:
            found = self._api.get(f"{self._at}/git/commits/{part(commit)}")
            self._roots[commit] = required(NAME, found, "tree", "sha")
        return self._roots[commit]

    def _entry(self, name: str, commit: str) -> object:
        """What has this path in a commit, None for nothing. A link on the way to it is no folder."""
        *folders, last = name.split("/")
        tree = self._root(commit)
        for folder in folders:
            found = self._tree(tree).get(folder)
            if told(found, "type") != "tree":
                return None
            tree = required(NAME, found, "sha")
        return self._tree(tree).get(last)

    def _tree(self, sha: str) -> Mapping[str, object]:
        """A folder's entries by their names. Raises ForgeError."""
        if sha not in self._trees:
            found = self._api.get(f"{self._at}/git/trees/{part(sha)}")
            if part_of(found, "truncated"):
                raise ForgeError(t("forge.large", forge=NAME))
            self._trees[sha] = {told(one, "path"): one for one in listed(NAME, found, "tree")}
        return self._trees[sha]

    def requested(self, branch: str, base: str) -> Request | None:
        """The pull request for a branch: the one that is open, else the latest; None for none."""
        owner = self._repository.partition("/")[0]
        found = self._api.get(f"{self._at}/pulls", head=f"{owner}:{branch}", base=base, state="all")
        ours = [request_of(NAME, one) for one in listed(NAME, found) if self._is_ours(one, branch, base)]
        return next((one for one in ours if one.state == OPEN), ours[0] if ours else None)

    def _is_ours(self, found: object, branch: str, base: str) -> bool:
        """Whether a pull request is of this repository's own branch: a filter that is not understood is left out."""
        of = told(found, "head", "repo", "full_name").casefold()
        return (told(found, "head", "ref"), told(found, "base", "ref"), of) == (
            branch,
            base,
            self._repository.casefold(),
        )

    def look(self, number: int) -> Request:
        """A pull request by its number. Raises Missing."""
        return request_of(NAME, self._api.get(f"{self._at}/pulls/{number}"))

    def request(self, proposal: Proposal) -> Request:
        """Open the pull request. Raises Taken."""
        asked = {"title": proposal.title, "body": proposal.body, "head": proposal.branch, "base": proposal.base}
        return request_of(NAME, self._api.post(f"{self._at}/pulls", asked))


def interface(url: str) -> str:
    """Where GitHub is asked: it has hosts of its own for that, and a server in one's own house has a path."""
    host = urlsplit(url).netloc
    return f"https://api.{host}" if url == HOME or host.endswith(".ghe.com") else f"{url}/api/v3"
