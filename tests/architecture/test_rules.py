"""Rules that hold for the whole tree, so that nobody has to remember them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from kb_server import config
from kb_server.cli import kb
from kb_server.config import Settings
from kb_server.pages import icons

ROOT = Path(__file__).parents[2]
ABOUT = "\n".join(path.read_text() for path in (ROOT / "docs" / "about").rglob("*.md"))
README = (ROOT / "README.md").read_text()


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_importing_a_leaf_does_not_load_flask() -> None:
    code = "import sys, kb_server.pages.manifest, kb_server.wiki.frontmatter; sys.exit('flask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("command", sorted(kb.commands))
def test_every_command_is_documented(command: str) -> None:
    assert f"kb {command}" in README + ABOUT
    assert isinstance(kb.commands[command], click.Command)
    assert kb.commands[command].help


@pytest.mark.parametrize("setting", config.TABLE, ids=lambda setting: setting.variable)
def test_every_setting_is_in_the_readme(setting: config.Setting) -> None:
    assert f"`{setting.variable}`" in README
    assert hasattr(Settings(), setting.name)


def test_templates_use_only_icons_that_a_build_brings_along() -> None:
    templates = "\n".join(path.read_text() for path in (ROOT / "kb_server").rglob("templates/**/*.html"))
    words = (ROOT / "kb_server" / "web" / "words.py").read_text()
    used = set(re.findall(r"\"(material/[a-z-]+)\"", templates + words))
    assert used <= set(icons.NAMES)


def test_a_notice_begins_with_its_icon_so_that_its_words_have_the_rest_of_the_line() -> None:
    notice = re.compile(r'class="[^"]*kb-notice"[^<>]*>(?!\s*\{\{ icon\()')
    templates = (ROOT / "kb_server").rglob("templates/**/*.html")
    assert [path.name for path in templates if notice.search(path.read_text(encoding="utf-8"))] == []


def test_every_committed_file_is_free_of_registry_addresses() -> None:
    # Put together here, so that this file is free of them, too.
    signs = ("--(extra-)?index" + "-url", "--find" + "-links", '"resolved"' + ': *"http', r"files\." + "pythonhosted")
    address = re.compile("|".join(signs))
    offenders = [path for path in tracked() if path.suffix != ".png"]
    offenders = [path for path in offenders if address.search(path.read_text(encoding="utf-8", errors="ignore"))]
    assert offenders == []


def test_every_locked_package_has_a_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        for entry in entries:
            if not entry.startswith("#"):
                assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_lock_names_every_package_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = (ROOT / "requirements.lock").read_text().lower()
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=]", requirement)[0]
        assert re.search(rf"^{name}==", locked, re.MULTILINE), name


def test_no_two_packages_install_under_the_same_name() -> None:
    text = (ROOT / "requirements-dev.lock").read_text().lower()
    locked = re.findall(r"^([a-z0-9_.-]+)==", text, re.MULTILINE)
    assert not {"whoosh-reloaded", "whoosh-ng", "whoosh3", "properdocs"} & set(locked)


def imported(path: Path) -> set[str]:
    """The modules a file imports, by their full names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


@pytest.mark.slow
def test_only_what_speaks_http_knows_flask() -> None:
    speaking = re.compile(r"^(?:app|web/(?:\w+/)?\w+|(?:\w+/){1,2}(?:routes(?:/\w+)?|screen|resultspage|asking))\.py$")
    for path in (ROOT / "kb_server").rglob("*.py"):
        name = path.relative_to(ROOT / "kb_server").as_posix()
        if not speaking.match(name):
            assert not {module for module in imported(path) if module.split(".")[0] == "flask"}, name


@pytest.mark.parametrize(("lower", "upper"), [("models", "storage"), ("storage", "service"), ("service", "routes")])
def test_within_a_feature_everything_points_down(lower: str, upper: str) -> None:
    for path in (ROOT / "kb_server").glob(f"*/{lower}.py"):
        assert f"kb_server.{path.parent.name}.{upper}" not in imported(path), path


def test_the_terminal_asks_a_feature_for_its_service_alone() -> None:
    features = re.compile(r"kb_server\.(?:builds|search|upkeep)\.(?!service\b|terminal\b)\w+$")
    commands = list((ROOT / "kb_server" / "cli").glob("*.py"))
    assert commands
    for path in commands:
        assert not {module for module in imported(path) if module.count(".") == 2 and features.match(module)}, path
