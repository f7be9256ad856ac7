"""Which forge the settings name, and where on it people edit a file by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from kb_server.config import Settings
from kb_server.forges import gitea, github, gitlab
from kb_server.forges.asking import path as quoted

if TYPE_CHECKING:
    from kb_server.forges.models import Forge

_FORGES: Mapping[str, Callable[[str, str, str], Forge]] = {
    "github": github.GitHub,
    "gitlab": gitlab.GitLab,
    "gitea": gitea.Gitea,
}
_HOMES = {"github": github.HOME, "gitlab": gitlab.HOME}


def forge_of(settings: Settings) -> Forge | None:
    """The forge that may be asked; None where there is none, or no token for it."""
    if not (settings.forge and settings.forge_token):
        return None
    return _FORGES[settings.forge](_home(settings), settings.forge_repository, settings.forge_token)


def path_in(settings: Settings, path: str) -> str:
    """The path in the repository of a file of the wiki."""
    return f"{settings.forge_folder}/{path}" if settings.forge_folder else path


def editor_url(settings: Settings, path: str, *, is_new: bool = False) -> str:
    """Where somebody with an account at the forge edits a file of the wiki; "" where no forge is named."""
    if not settings.forge:
        return ""
    at = f"{_home(settings)}/{quoted(settings.forge_repository)}"
    branch, file = quoted(settings.branch), quoted(path_in(settings, path))
    folder, _, name = file.rpartition("/")
    ways = {
        ("github", False): f"{at}/edit/{branch}/{file}",
        ("github", True): f"{at}/new/{branch}?filename={file}",
        ("gitlab", False): f"{at}/-/edit/{branch}/{file}",
        ("gitlab", True): f"{at}/-/new/{branch}?file_name={file}",
        ("gitea", False): f"{at}/_edit/{branch}/{file}",
        ("gitea", True): f"{at}/_new/{branch}/{folder}?filename={name}",
    }
    return ways[settings.forge, is_new]


def _home(settings: Settings) -> str:
    return settings.forge_url or _HOMES[settings.forge]
