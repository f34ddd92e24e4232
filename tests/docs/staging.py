"""Puts the pages of the documentation site together: `docs/`, and the pages beside it that they link to.

Links to a page that is there lead to its page on the site; links to code and folders become plain text, as the site
has no source in it. The site is built of this folder with strict links.
"""

from __future__ import annotations

import os.path
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BESIDE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "CHANGELOG.md": "project/changelog.md",
    "exports/README.md": "project/export-profiles.md",
    "schemas/README.md": "project/schemas.md",
}
"""Pages outside of docs/, and what they are on the site."""
CONFIG = """\
[project]
site_name = "factcheck"
site_description = "From news articles to checked claims"
docs_dir = "pages"
site_dir = "site"

[project.theme]
font = false
language = "en"
features = ["navigation.instant", "search.highlight", "content.code.copy"]
"""
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`(?!\]))", re.MULTILINE | re.DOTALL)


def staged(root: Path = ROOT) -> dict[str, str]:
    """The site's pages by their path on it, links rewritten."""
    paths = {path.relative_to(root).as_posix(): path.relative_to(root / "docs").as_posix() for path in _pages(root)}
    places = paths | {path: place for path, place in BESIDE.items() if (root / path).is_file()}
    pictures = {f"docs/{path}": path for path in _pictures(root)}
    return {
        place: _rewritten((root / path).read_text("utf-8"), path, place, places | pictures)
        for path, place in places.items()
    }


def write(folder: Path, root: Path = ROOT) -> None:
    """Writes the pages, their pictures and the configuration of the site into a folder, in place of what is there."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in staged(root).items():
        path = folder / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for name in _pictures(root):
        path = folder / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / "docs" / name, path)
    (folder / "zensical.toml").write_text(CONFIG, "utf-8")


def _pages(root: Path) -> list[Path]:
    return sorted((root / "docs").rglob("*.md"))


def _pictures(root: Path) -> list[str]:
    return [
        path.relative_to(root / "docs").as_posix()
        for path in sorted((root / "docs").rglob("*"))
        if path.suffix in {".png", ".svg", ".webp"}
    ]


def _rewritten(text: str, path: str, place: str, places: dict[str, str]) -> str:
    parts = _CODE.split(text)
    return "".join(part if at % 2 else _links(part, path, place, places) for at, part in enumerate(parts))


def _links(text: str, path: str, place: str, places: dict[str, str]) -> str:
    def link(found: re.Match[str]) -> str:
        picture, said, target = found.groups()
        address, hash_, anchor = target.partition("#")
        if not address or re.match(r"[a-z]+:", address):
            return found[0]
        there = os.path.normpath(os.path.join(os.path.dirname(path), address))  # noqa: PTH118, PTH120 - no file of it
        goal = places.get(there) or places.get(f"{there}/README.md")
        if goal is None:
            return said
        return f"{picture}[{said}]({os.path.relpath(goal, os.path.dirname(place) or '.')}{hash_}{anchor})"  # noqa: PTH120

    return _LINK.sub(link, text)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
