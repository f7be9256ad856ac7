"""Which of the files in the docs folder may be part of the site.

MkDocs follows links and copies what they lead to, so whoever may add a link to a wiki could publish any file of the
machine that builds it. And what the server needs of a build lies in a folder of its own that pages must not write into.
"""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from kb_server.wiki import bounds
from kb_server.wiki.problems import Problem

from .reading import home, shown_path
from .text import times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files

NAMED = 3  # files the warning names
OUTSIDE = (
    "{count} left out, because a link leads there out of the docs folder, in a circle, or nowhere: {files}. Bring the "
    "files themselves into the docs folder."
)


def leave_out(files: Files, config: MkDocsConfig) -> list[str]:
    """Take what only links bring in from the files of the site; gives a warning if there was any.

    A link within the docs folder, or to another Markdown file of the wiki (README.md), is as good as a file.
    """
    docs, wiki = Path(config.docs_dir).resolve(), home(config)
    listed = _of_the_docs(files, config)
    out = [file for file in listed if not bounds.is_within(Path(file.abs_src_path or ""), docs, wiki)]
    for file in out:
        files.remove(file)
    shown = ", ".join(bounds.readable(shown_path(file, config)) for file in out[:NAMED]) + (" …" if out[NAMED:] else "")
    return [OUTSIDE.format(count=times(len(out), "file is", "files are"), files=shown)] if out else []


def endless(config: MkDocsConfig) -> list[Problem]:
    """Links in which MkDocs would look for files without an end."""
    docs = Path(config.docs_dir)
    shown = (f"{docs.name}/{link.relative_to(docs).as_posix()}" for link in bounds.endless(docs))
    message, mend = "this link leads to a folder it lies in, and so to no end", "Take it out."
    return [Problem(bounds.readable(one), None, message, mend) for one in shown]


def keep_back(files: Files, config: MkDocsConfig) -> None:
    """Take what Material's blog reads for itself, who writes with what is known of them, from the files of the site.

    By its usual name, with a point before, MkDocs leaves it out already.
    """
    blogs = (plugin.config for plugin in config.plugins.values() if "authors_file" in getattr(plugin, "config", ()))
    names = {posixpath.normpath(blog["authors_file"].format(blog=blog["blog_dir"])) for blog in blogs}
    for file in [file for file in _of_the_docs(files, config) if file.src_uri in names]:
        files.remove(file)


def problems(files: Files, config: MkDocsConfig) -> list[Problem]:
    """What is wrong with the names of files."""
    named = (bounds.of_name(shown_path(file, config), file.dest_uri) for file in _of_the_docs(files, config))
    return [problem for problem in named if problem]


def _of_the_docs(files: Files, config: MkDocsConfig) -> Iterator[File]:
    return (file for file in files if file.src_dir == config.docs_dir and not file.generated_by)
