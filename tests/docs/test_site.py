"""The documentation site: no link leads nowhere, it builds without a network, and its search finds every name."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import typer.main

from factcheck.cli import app
from factcheck.exporters import labels
from factcheck.settings import Settings
from tests.docs import staging
from tests.docs.generate import codes

ROOT = Path(__file__).parents[2]
PAGES = staging.staged()
_FENCED = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("place", sorted(PAGES))
def test_a_link_of_a_page_leads_to_another_page_of_the_site(place: str) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", _FENCED.sub("", PAGES[place])):
        if not re.match(r"[a-z]+:", target):
            there = os.path.normpath(PurePosixPath(place).parent / target)
            assert there in PAGES or (ROOT / "docs" / there).is_file(), target


def test_links_to_pages_beside_the_folder_lead_to_their_place_and_links_to_code_become_text(tmp_path: Path) -> None:
    pages = {
        "README.md": "[guide](docs/guide.md#top) [code](factcheck/cli.py) [web](https://a.example)",
        "CONTRIBUTING.md": "[home](README.md)",
        "docs/guide.md": "`[no](../README.md)` ![x](pictures/x.png) [a](../CONTRIBUTING.md) [`f()`](../factcheck/f.py)",
        "docs/deep/page.md": "[up](../guide.md)",
        "docs/pictures/x.png": "",
    }
    for name, text in pages.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert staging.staged(tmp_path) == {
        "index.md": "[guide](guide.md#top) code [web](https://a.example)",
        "project/contributing.md": "[home](../index.md)",
        "guide.md": "`[no](../README.md)` ![x](pictures/x.png) [a](project/contributing.md) `f()`",
        "deep/page.md": "[up](../guide.md)",
    }


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.links += [str(found[name]) for name in ("href", "src") if found.get(name)]
        self.ids |= {str(found[name]) for name in ("id", "name") if found.get(name)}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built by the locked program with a proxy that leads nowhere."""
    folder = tmp_path_factory.mktemp("site")
    python = folder / "venv" / "bin" / "python"
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv")], check=True)
    lock = ("--require-hashes", "-r", str(ROOT / "requirements" / "docs.txt"))
    subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), *lock], check=True)
    staging.write(folder / "docs")
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    command = [str(python.with_name("zensical")), "build", "--strict", "-f", str(folder / "docs" / "zensical.toml")]
    done = subprocess.run(command, env=os.environ | nowhere, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "docs" / "site"


@pytest.mark.slow
def test_no_link_of_the_built_site_is_dead(built: Path) -> None:
    pages = {path: _Page(path.read_text("utf-8")) for path in built.rglob("*.html") if path.name != "404.html"}
    assert len(pages) == len(PAGES)
    dead = []
    for path, page in pages.items():
        here = f"http://site/{path.relative_to(built).as_posix().removesuffix('index.html')}"
        for link in page.links:
            to = urlsplit(urljoin(here, link))
            if to.netloc != "site":
                continue
            file = built / unquote(to.path.lstrip("/"))
            file = file / "index.html" if file.is_dir() else file
            if not file.is_file() or (to.fragment and file in pages and unquote(to.fragment) not in pages[file].ids):
                dead.append((here, link))
    assert dead == []


@pytest.mark.slow
def test_the_site_loads_nothing_from_elsewhere(built: Path) -> None:
    text = (built / "index.html").read_text("utf-8")
    assert re.findall(r'<(?:script|img|iframe)[^>]+src="https?:[^"]*"', text) == []
    assert re.findall(r'<link[^>]+rel="(?:stylesheet|preconnect)"[^>]+href="https?:[^"]*"', text) == []


@pytest.mark.slow
def test_search_finds_every_command_setting_error_code_and_column(built: Path) -> None:
    items = json.loads((built / "search.json").read_text("utf-8"))["items"]
    text = " ".join(f"{item['title']} {re.sub(r'<[^>]+>', ' ', item['text'])}" for item in items)
    found = set(re.findall(r"[\w-]+", text))
    commands = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined] # a group
    fields = Settings.model_fields.values()
    settings = [key for field in fields for key in getattr(field.annotation, "model_fields", ())]
    names = {*commands, *settings, *re.findall(r"^\| `(\w+)`", codes(), re.MULTILINE), *labels.COLUMNS}
    assert len(names) > 150
    assert sorted(names - found) == []
