"""Sources that somebody made to harm: each ends in a sentence, soon, and nothing of them is run."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from folders import MKDOCS, Folder

from kb_server.errors import Invalid
from kb_server.proofreading import formats, service

NAUGHTY = Path(__file__).parents[3] / "shared" / "corpora" / "naughty-strings.json"


def sentences(wiki: Folder) -> list[str]:
    return [f"{one.path}: {one.sentence}" for one in wiki.check() if one.rule == "file"]


@pytest.mark.slow
def test_a_file_that_cannot_be_a_page_is_said_and_not_read(wiki: Folder, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("Teh secret\n")
    docs = wiki.put("docs/index.md", "Fine.\n").parent
    with (docs / "large.md").open("wb") as large:
        large.truncate(50_000_000)
    wiki.put("docs/latin.md", "Gr\u00fc\u00dfe\n\u00e9".encode("latin-1"))
    wiki.put("docs/nul.md", "a\n\0b\n")
    (docs / "linked.md").symlink_to(tmp_path / "secret.md")
    (docs / "round").symlink_to(docs)
    (docs / "loop.md").symlink_to("loop.md")
    (docs / "nowhere.md").symlink_to("gone.md")
    os.mkfifo(docs / "pipe.md")
    (docs / "bad\x1b[2Jname.md").write_text("x\n")
    found = sentences(wiki)
    assert [line.partition(": ")[0] for line in found] == [
        "docs/bad\\x1b[2Jname.md",
        "docs/large.md",
        "docs/latin.md",
        "docs/linked.md",
        "docs/loop.md",
        "docs/nowhere.md",
        "docs/nul.md",
        "docs/pipe.md",
        "docs/round",
    ]
    assert "50 MB" in found[1]
    assert "not UTF-8" in found[2]
    assert "NUL" in found[6]
    assert len(wiki.check()) == len(found)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "![" * 50_000,
        "[a](" * 30_000,
        "- a\n" * 30_000,
        "`" * 100_000,
        "<" * 100_000,
        "<!--" * 30_000,
        "*" * 100_000,
        "> " * 50_000,
        "{{" * 50_000,
        "(a)[" * 30_000,
        "a@" * 50_000,
        "+4" * 50_000,
        "A " * 50_000,
        "```\n" * 25_001,
        "[a]: b\n" * 15_000,
        "    a\n\n" * 15_000,
        "“a" * 40_000,
        "1 Aa " * 20_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_a_page_made_to_be_slow_is_not(wiki: Folder, text: str) -> None:
    wiki.put("mkdocs.yml", MKDOCS.replace("{name: material}", "{name: material, language: de}"))  # not codespell's time
    wiki.write(lead="---\nkind: definition\navoid: [hot one]\n---\n", index=f"---\nkind: note\n---\n\n{text}\n")
    began = time.process_time()
    wiki.check()
    assert time.process_time() - began < 3


@pytest.mark.slow
def test_front_matter_that_would_fill_the_memory_is_refused(wiki: Folder) -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    wiki.write(index=f"---\n{bomb}---\n")
    assert ["more in this than anybody" in one.message for one in wiki.check()] == [True]


@pytest.mark.slow
def test_nothing_that_mkdocs_yml_names_is_run(wiki: Folder, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    wiki.put(
        "mkdocs.yml",
        f"site_name: !ENV [NAME, T]\nhooks: [evil.py]\nplugins: [search, evil]\nextra:\n"
        f"  x: !!python/object/apply:os.system ['touch {mark}']\nmarkdown_extensions:\n"
        "  - toc:\n      slugify: !!python/name:evil.slugify\n",
    )
    wiki.put("evil.py", f"open({str(mark)!r}, 'w')\n")
    wiki.write(index="Fine.\n")
    assert wiki.check() == []
    assert not mark.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("docs_dir: ../elsewhere\n", "leads out of the folder"),
        ("docs_dir: gone\n", "no folder gone"),
        ("a: [\n", "mkdocs.yml:2: this is no YAML"),
        ("just words\n", "must hold keys"),
        ("INHERIT: mkdocs.yml\nsite_name: T\ndocs_dir: away\n", "no folder away"),
    ],
)
def test_a_configuration_that_cannot_be_is_one_sentence(wiki: Folder, text: str, said: str) -> None:
    (wiki.home.parent / "elsewhere").mkdir()
    wiki.put("mkdocs.yml", text)
    with pytest.raises(Invalid, match=said):
        wiki.check()


@pytest.mark.slow
def test_words_nobody_should_type_break_nothing(wiki: Folder) -> None:
    if not NAUGHTY.is_file():
        pytest.skip("The shared corpora are not here.")
    for number, text in enumerate(json.loads(NAUGHTY.read_text())):
        wiki.put(f"docs/{number}.md", f"{text}\n\n[{text}]({text})\n- {text}\n".encode("utf-8", "replace"))
    before = {place: place.read_bytes() for place in (wiki.home / "docs").iterdir()}
    report = service.check(wiki.file, everything=True)
    for form in formats.FORMATS.values():
        told = form(report)
        assert told.replace("\n", "").isprintable()
    wiki.fix(dry_run=True, spelling=True)
    assert before == {place: place.read_bytes() for place in before}


@pytest.mark.slow
def test_what_a_page_says_commands_neither_a_terminal_nor_a_runner(wiki: Folder) -> None:
    wiki.write(index="[x](a%0A::set-env\x1b[31m.md)\n\n[y](b,c:d%25.md?##[add-mask]e)\n")
    report = service.check(wiki.file, everything=True)
    commands = formats.github(report).splitlines()[:-1]
    assert len(commands) == len(report.findings) == 2
    assert all(one.startswith("::error file=docs/index.md,line=") for one in commands)
    assert "%250A::set-env" in commands[0]
    for sign in ("\x1b", "##["):
        assert sign not in formats.text(report) + formats.github(report)
