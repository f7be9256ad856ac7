"""Properties of builds that no single page shows."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs_builds import Builder, Built

CASES = Path(__file__).parent / "cases"


@pytest.mark.slow
@pytest.mark.parametrize("case", ["definition", "base-path", "diagrams"])
def test_the_same_wiki_gives_the_same_bytes(case: str, built: Builder, tmp_path: Path) -> None:
    home = shutil.copytree(
        CASES / case, tmp_path / case
    )  # away from this repository, where somebody may commit meanwhile
    first, second = built(home, name="first"), built(home, name="second")
    names = sorted(path.relative_to(first.site) for path in first.site.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(second.site) for path in second.site.rglob("*") if path.is_file())
    changing = {"sitemap.xml", "sitemap.xml.gz"}  # MkDocs writes the day into them
    for name in (name for name in names if name.name not in changing):
        assert (first.site / name).read_bytes() == (second.site / name).read_bytes(), name


@pytest.mark.slow
def test_no_link_brings_a_file_from_outside_into_the_site(
    wiki: Callable[..., Path], built: Builder, tmp_path: Path
) -> None:
    home = wiki({"index.md": "# A", "b.md": "# B"})
    docs = home / "docs"
    (home / "README.md").write_text("# Read me")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "key.md").write_text("# secret")
    (tmp_path / "secrets" / "key.txt").write_text("secret")
    for name, target in {
        "key.txt": tmp_path / "secrets" / "key.txt",
        "key.md": tmp_path / "secrets" / "key.md",
        "folder": tmp_path / "secrets",
        "config.txt": home / "mkdocs.yml",
        "gone.md": tmp_path / "gone.md",
        "read-me.md": Path("../README.md"),
        "again.md": Path("b.md"),
    }.items():
        (docs / name).symlink_to(target)
    result = built(home)
    assert not result.stopped
    (warning,) = result.lines("WARNING")
    assert "left out, because a link leads there" in warning
    assert "docs/config.txt, docs/gone.md, docs/key.md" in warning
    found = [path for path in result.site.rglob("*") if path.is_file()]
    assert not [path for path in found if "secret" in path.read_text(encoding="utf-8", errors="replace")]
    assert not (result.site / "config.txt").exists()
    assert "Read me" in result.text("read-me/index.html")
    assert ">B<a class" in result.text("again/index.html")


@pytest.mark.parametrize("target", ["/", "..", "../.."])
def test_a_link_without_an_end_stops_the_build_before_anybody_follows_it(
    target: str, wiki: Callable[..., Path], built: Builder
) -> None:
    home = wiki({"index.md": "# A", "more/b.md": "# B"})
    (home / "docs" / "more" / "round").symlink_to(target)
    assert "docs/more/round: this link leads to a folder it lies in" in "\n".join(built(home).lines("ERROR"))


@pytest.mark.parametrize("name", ["_kb/shells/search.html", "_kb/gzip/index.html", "_kb.md", "_kb/index.md"])
def test_no_page_is_written_into_what_the_server_keeps_for_itself(
    name: str, wiki: Callable[..., Path], built: Builder
) -> None:
    result = built(wiki({"index.md": "# A", name: "{{ 7 * 7 }}"}))
    assert f"docs/{name}: '_kb' is a name that kb needs for itself" in "\n".join(result.lines("ERROR"))


@pytest.mark.parametrize("name", ["a\nb.md", "a\x1b[31mb.md", "a\udcffb.md"])
def test_a_name_nobody_can_read_stops_the_build(name: str, wiki: Callable[..., Path], built: Builder) -> None:
    result = built(wiki({"index.md": "# A", name: "# B"}))
    assert "the name has a character nobody can read" in "\n".join(result.lines("ERROR"))


def test_a_title_may_show_what_a_script_looks_like(wiki: Callable[..., Path], built: Builder) -> None:
    result = built(wiki({"index.md": "# Never write `<img src=x onerror=alert(1)>`"}))
    assert not result.stopped
    assert "<img src=x" not in result.text("index.html")
    assert result.page("docs/index.md")["title"] == "Never write <img src=x onerror=alert(1)>"


def test_a_folder_named_like_a_script_stops_the_build(wiki: Callable[..., Path], built: Builder) -> None:
    result = built(wiki({"index.md": "# A", "<svg-onload=alert(1)>/index.md": "# B"}))
    assert "onload=alert(1)>/index.md:1: the page's name has a script" in "\n".join(result.lines("ERROR"))


def test_a_missing_drawing_program_stops_the_build_with_a_sentence(
    wiki: Callable[..., Path], built: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mermaidx", None)
    page = "---\ntitle: x\n---\n\n```mermaid\nflowchart LR\n  a --> b\n```\n"
    result = built(wiki({"index.md": page}, more="markdown_extensions: [pymdownx.superfences]"))
    assert result.stopped
    assert "docs/index.md:6: the diagram needs the package mermaidx. Fix: Install the package mermaidx" in "\n".join(
        result.lines("ERROR")
    )


@pytest.mark.slow
def test_a_diagram_is_drawn_once_and_a_slip_in_one_tried_once(
    wiki: Callable[..., Path], built: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = "---\ntitle: x\n---\n\n```mermaid\nflowchart LR\n  a --> b\n```\n\n```mermaid\nflowchat\n```\n"
    home = wiki({"index.md": page}, more="markdown_extensions: [pymdownx.superfences]")
    first = built(home)
    monkeypatch.setitem(sys.modules, "mermaidx", None)  # whoever needs it now stops the build
    second = built(home)
    assert not second.stopped
    assert first.lines("WARNING") == second.lines("WARNING") != []
    assert first.text("index.html") == second.text("index.html")


@pytest.mark.slow
def test_a_definition_relies_on_its_binding_parts_only(wiki: Callable[..., Path], built: Builder) -> None:
    def binding(text: str, example: str, picture: str = "a") -> str:
        page = f"---\nkind: definition\n---\n# X\n\n## Definition\n\n{text} ![p](p.svg)\n\n## Examples\n\n{example}\n"
        home = wiki({"index.md": page, "p.svg": f"<svg>{picture}</svg>", "other.md": "# Other\n"})
        return str(built(home).page("docs/index.md")["binding"])

    first = binding("A [lead](other.md)  is *here*.", "One.")
    assert binding("A [lead](other.md) is **here**.", "Two.") == first
    assert binding("A [lead](index.md) is here.", "One.") != first
    assert binding("A [lead](other.md) is there.", "One.") != first
    assert binding("A [lead](other.md) is here.", "One.", picture="b") != first


def test_our_style_sheet_comes_before_the_sites_own(built: Builder) -> None:
    html = built(CASES / "own-templates").text("index.html")
    assert html.index("/kb.css") < html.index("own.css")


def test_nothing_is_fetched_from_another_address(built: Builder) -> None:
    html = built(CASES / "stock").text("index.html")
    assert 'src="http' not in html
    assert 'rel="stylesheet" href="http' not in html


@pytest.mark.slow
def test_a_build_of_changed_pages_only_still_knows_the_others(
    wiki: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_DATA_DIR", str(tmp_path / "data"))
    texts = {"index.md": "# Start\n\n[Lead](lead.md)\n", "lead.md": "# Lead\n", "old.md": "# Old\n"}
    home, result = wiki(texts), Built(tmp_path / "site")

    def build_changed(*, first: bool = False) -> list[tuple[str, list[str]]]:
        config = load_config(str(home / "mkdocs.yml"), site_dir=str(result.site))
        if first:
            config.plugins.on_startup(command="serve", dirty=True)
        build(config, dirty=True)
        return [(page["id"], page["links"]) for page in result.manifest["pages"]]

    assert build_changed(first=True) == [("home", ["lead"]), ("lead", []), ("old", []), ("search-results", [])]
    (home / "docs" / "old.md").unlink()
    (home / "docs" / "lead.md").write_text("# Lead\n\n[Start](index.md)\n")
    later = (result.site / "lead" / "index.html").stat().st_mtime + 5
    os.utime(home / "docs" / "lead.md", (later, later))
    assert build_changed() == [("home", ["lead"]), ("lead", ["home"]), ("search-results", [])]


@pytest.mark.parametrize("name", ["authors.yml", ".authors.yml"])
def test_what_is_known_of_a_blogs_authors_is_not_published_as_a_file(
    wiki: Callable[..., Path], built: Builder, name: str
) -> None:
    pages = {
        "index.md": "# A",
        "blog/index.md": "# Blog",
        f"blog/{name}": "authors:\n  sam: {name: Sam, description: Sells, avatar: sam.png, url: 'mailto:sam@secret'}\n",
        "blog/posts/one.md": "---\ndate: 2026-01-01\nauthors: [sam]\n---\n# One\n\nText.",
    }
    blog = f"{{blog: {{authors_file: '{{blog}}/{name}'}}}}"
    home = wiki(pages, more=f"plugins: [search, {blog}, kb]\nexclude_docs: '!.authors.yml'")
    config = (home / "mkdocs.yml").read_text().replace("plugins: [search, kb]\n", "")
    (home / "mkdocs.yml").write_text(config)
    result = built(home)
    assert not result.stopped, result.said
    assert "Sam" in result.text("blog/2026/01/01/one/index.html")
    assert not list(result.site.rglob("*authors.yml"))
