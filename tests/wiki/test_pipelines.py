"""The pipelines that `kb init` writes: they can be read, give strangers nothing, and the one for plain git works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from foretold import CONFIG, TEAMS
from pasts import Past

from kb_server.cli.program import kb
from kb_server.wiki import pipelines

ROOT = Path(__file__).parents[2]
ALL = [(kind, name) for kind, names in pipelines.FILES.items() for name in names]


def parsed(kind: str, name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load(pipelines.text(kind, name))
    return found


def steps(workflow: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    return (step for job in workflow["jobs"].values() for step in job["steps"])


def is_shell(script: str) -> bool:
    return subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0


@pytest.mark.parametrize("name", pipelines.FILES["github"])
def test_on_github_what_strangers_write_is_never_a_part_of_a_program(name: str) -> None:
    workflow = parsed("github", name)
    for step in steps(workflow):
        assert is_shell(step.get("run", ""))
        assert "${{" not in step.get("run", ""), "it comes by the environment, where it is a text"
        assert re.fullmatch(r"actions/[\w-]+@v\d+", step.get("uses", "actions/none@v1"))


def test_on_github_the_changes_own_pipeline_may_only_read_and_the_other_takes_no_source_of_it() -> None:
    check, impact = parsed("github", "check.yml"), parsed("github", "impact.yml")
    assert set(check[True]) == {"pull_request", "push"}, "YAML reads `on` as true"
    assert check["permissions"] == {"contents": "read"}
    assert "secrets" not in pipelines.text("github", "check.yml")
    assert all(
        step["with"]["persist-credentials"] is False for step in steps(check) if "checkout" in step.get("uses", "")
    )
    assert set(impact[True]) == {"workflow_run"}
    assert impact["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert not any("checkout" in step.get("uses", "") for step in steps(impact))
    assert impact[True]["workflow_run"]["workflows"] == [check["name"]]


def test_on_gitlab_the_token_is_only_where_nothing_of_the_change_is_run() -> None:
    jobs = parsed("gitlab", "gitlab-ci.yml")
    texts = {name: str(job) for name, job in jobs.items()}
    assert [name for name, text in texts.items() if "KB_NOTES_TOKEN" in text] == ["note"]
    assert jobs["note"]["variables"]["GIT_STRATEGY"] == "none"
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in jobs["note"]["rules"][0]["if"]
    for job in ("check", "build", "impact", "note"):
        assert is_shell("\n".join(jobs[job]["script"]))
    program = jobs["note"]["script"][0].split("<<'PROGRAM'\n")[1].split("PROGRAM")[0]
    compile(program, "note", "exec")


def test_a_comment_shows_what_a_stranger_wrote_and_calls_nobody_nor_another_machine(tmp_path: Path) -> None:
    (tmp_path / "found").mkdir()
    for file in ("impact.md", "found/impact.md"):
        (tmp_path / file).write_text("@sam ![x](//e.example/x) <img src=//e.example> <!-- \\<b\n/close\n```")
    script = pipelines.text("github", "impact.yml").split("          {\n")[1].split("          } > comment.md")[0]
    told = subprocess.run(["bash", "-euc", script], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    lines = pipelines.text("gitlab", "gitlab-ci.yml").split("      with open")[1].split("      notes =")[0]
    made: dict[str, Any] = {"MARK": "<!-- kb impact -->"}
    exec(dedent(f"      with open{lines}").replace('"impact.md"', repr(f"{tmp_path}/impact.md")), made)
    for text in (told, made["body"]["body"]):
        assert text.startswith("<!-- kb impact -->\n")
        written = text.removeprefix("<!-- kb impact -->")
        assert not re.search(r"@\w|!\[|<", written)
        assert "&lt;b" in written
    assert told.index("this very change") < told.index("```"), "a fence that is not closed takes in what is below it"
    assert "\n/" not in made["body"]["body"]


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_none_names_a_machine_or_where_packages_come_from(kind: str, name: str) -> None:
    text = pipelines.text(kind, name)
    assert set(re.findall(r"https?://([\w.-]+)", text)) <= {"git.example.com"}
    assert not re.search(r"index-url|pypi|registry|/tmp|/home|/root", text)
    assert "pull_request_target" not in text


def test_a_wiki_that_is_there_gets_the_pipeline_alone_and_once(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text(CONFIG)
    (tmp_path / "Makefile").write_text("mine:\n")
    command = ["init", str(tmp_path), "--pipeline"]
    assert CliRunner().invoke(kb, [*command, "github"]).exit_code == 0
    assert CliRunner().invoke(kb, [*command, "gitlab"]).exit_code == 0
    assert "is there already" in str(CliRunner().invoke(kb, [*command, "git"]).exception)
    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert there == {
        "mkdocs.yml",
        "Makefile",
        ".github/workflows/check.yml",
        ".github/workflows/impact.yml",
        ".gitlab-ci.yml",
    }
    assert (tmp_path / "Makefile").read_text() == "mine:\n"


@pytest.fixture
def forge(tmp_path: Path) -> Past:
    """A wiki whose `origin` is a bare repository with our hook in it."""
    past = Past(tmp_path / "wiki")
    (past.folder / "mkdocs.yml").write_text(CONFIG)
    (past.folder / "teams.yml").write_text(TEAMS)
    past.commit("Begin", index="# Home\n\n## Why\n\nSo.\n")
    pipelines.write(past.folder, "git")
    past.git("clone", "-q", "--bare", ".", str(tmp_path / "origin"))
    (past.folder / "hooks" / "post-receive").rename(tmp_path / "origin" / "hooks" / "post-receive")
    past.git("remote", "add", "origin", str(tmp_path / "origin"))
    program = tmp_path / "bin" / "kb"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\nfrom kb_server.cli import main\n\nmain()\n")
    program.chmod(0o755)
    return past


def pushed(past: Past, branch: str) -> str:
    where = f"{ROOT}:{ROOT / 'plugins'}"
    path = f"{past.folder.parent / 'bin'}:{os.environ['PATH']}"
    command = ["git", "-C", str(past.folder), "push", "-q", "origin", branch]
    environment = os.environ | {"PATH": path, "PYTHONPATH": where}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stderr


@pytest.mark.slow
def test_with_plain_git_whoever_pushes_a_branch_reads_what_it_would_do_and_it_stays_as_a_note(forge: Past) -> None:
    forge.git("checkout", "-q", "-b", "change")
    commit = forge.commit("Cut\n\nCloses: S-3", index="# Home\n\nSee [nothing](nothing.md).\n")
    said = pushed(forge, "change")
    for words in ("What change would change", "S-3 ends", "`#why`: the part is gone", "leads to no page"):
        assert words in said
    origin = forge.git("remote", "get-url", "origin")
    assert "S-3 ends" in forge.git("--git-dir", origin, "notes", "--ref=kb-impact", "show", commit)
    assert forge.git("--git-dir", origin, "worktree", "list").count("\n") == 0
    forge.git("push", "-q", "origin", ":change")
