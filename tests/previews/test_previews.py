"""What is on a branch is seen by members as it would read, is made by nothing of its own, and is published never."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from following.conftest import CONFIG, Hub
from previews.conftest import Branches
from stores import on_alone
from talking import As

from kb_server.config import Settings
from kb_server.db import Database
from kb_server.db.schema import metadata

pytestmark = [pytest.mark.slow, on_alone("sqlite")]
Look = Callable[[], None]
ASIDE = {"meta", "sessions", "browsers"}


def stored(database: Database) -> dict[str, list[object]]:
    """Everything the store knows, but how following stands."""
    with database.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table)).all()]
            for table in metadata.sorted_tables
            if table.name not in ASIDE
        }


def test_a_branch_is_seen_as_it_would_read_and_the_store_hears_nothing_of_it(
    branches: Branches, look: Look, as_: As, database: Database, settings: Settings
) -> None:
    branches.push("main", talk="---\nid: talk\n---\n# Talk\n\n## Say\n\nWhat we say.\n")
    look()
    sam = as_("sam")
    assert "No branch of the wiki" in sam.get("/preview/").text
    before = stored(database)
    branches.push(
        "words/new-home", "Better\n\nCloses: S-1", talk="# Talk\n\n## Say\n\nBetter.\n", new="# Quokka\n\nNew.\n"
    )
    branches.push("wrong", index="---\nkind: nonsense\n---\n# Home\n")
    look()
    assert stored(database) == before
    listed = sam.get("/preview/").text
    assert '<a href="/preview/words/new-home/talk/"><bdi>Talk</bdi></a>' in listed
    seen = sam.get("/preview/words/new-home/talk/").text
    assert "Better." in seen
    assert not [what for what in ("kb-ask", "talk/talk/", "kb-account", "<script", "<form action") if what in seen]
    wrong = sam.get("/preview/wrong/").text
    assert "docs/index.md:2: there is no kind &#39;nonsense&#39;" in wrong
    assert str(settings.data_dir) not in wrong
    assert "What we say." in sam.get("/talk/").text
    assert sam.finds("quokka") == []
    assert sam.get("/p/new/").status_code == 404
    assert len(list((settings.data_dir / "builds").iterdir())) == 1


def test_whatever_a_branch_holds_nothing_of_it_runs_or_reaches_outside(
    hub: Hub, branches: Branches, look: Look, as_: As, tmp_path: Path
) -> None:
    ran = tmp_path / "ran"
    (tmp_path / "secret.md").write_text("canary\n")
    past = branches.past
    (past.folder / "mkdocs.yml").write_text(f"{CONFIG}markdown_extensions: [pymdownx.snippets]\nextra_css: [own.css]\n")
    (past.docs / "own.css").write_text("/* ours */")
    hub.push()
    past.git("checkout", "-q", "-b", "hostile")
    program = f"open({str(ran)!r}, 'w').close()\n"
    (past.folder / "hook.py").write_text(program)
    (past.folder / "looks").mkdir()
    (past.folder / "looks" / "main.html").write_text("{{ 1/0 }}")
    hostile = CONFIG.replace("font: false", "font: false, custom_dir: looks")
    (past.folder / "mkdocs.yml").write_text(f"{hostile}hooks: [hook.py]\nsite_description: canary\n")
    (past.folder / "teams.yml").write_text("admins: [sam]\npeople:\n  sam: {name: Canary, email: sam@example.com}\n")
    (past.folder / ".gitattributes").write_text("*.md filter=lfs\n")
    (past.docs / "own.css").write_text(".kb-previewed { display: none }")
    (past.docs / "evil.js").write_text("alert(1)")
    (past.docs / "evil.html").write_text("<script src=evil.js></script>")
    (past.docs / "linked.md").symlink_to(tmp_path / "secret.md")
    (past.docs / "up").symlink_to(tmp_path)
    (past.docs / "json").mkdir()  # what Python would find before its own, were it looked for here
    (past.docs / "json" / "__init__.py").write_text(program)
    (past.folder / "json.py").write_text(program)
    form = '<form action="/sign-out/" method="post"><button>Go on</button></form>'
    branches.push("hostile", page=f'# Page\n\n--8<-- "../../../secret.md"\n\n--8<-- "{tmp_path}/secret.md"\n\n{form}\n')
    look()
    sam = as_("sam")
    seen = sam.get("/preview/hostile/page/")
    assert seen.status_code == 200, sam.get("/preview/hostile/").text
    assert "canary" not in seen.text.lower()
    assert "form-action 'none'" in seen.headers["Content-Security-Policy"]
    assert "sandbox" in seen.headers["Content-Security-Policy"]
    assert sam.get("/preview/hostile/own.css").text == "/* ours */"
    for name in ("evil.js", "evil.html", "linked/", "up/secret/", "json/__init__.py"):
        assert sam.get(f"/preview/hostile/{name}").status_code == 404, name
    assert not ran.exists()
