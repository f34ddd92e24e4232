"""The import rule of the architecture: imports point down, a stage imports no other stage, edges are few and named."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import factcheck

PACKAGE = Path(factcheck.__file__).parent
STAGES = ("articles", "claims", "matching", "studio", "verdicts", "dataset", "exporters")
GROUND = ("errors", "text", "notation", "names", "models", "frames")
EDGES = {
    "articles": {"fetch", "files"},
    "studio": {
        "client", "server", "install", "users", "process", "template", "server_files", "launch", "backup",
        "careful", "snapshot", "webhook", "inbox", "listener", "check", "upgrade", "postgres",
    },
    "dataset": {
        "store", "durable", "dataset", "opened", "committing", "annotators", "staging", "seals", "index",
        "maintenance", "verify", "release", "erasing", "fork", "release_check",
    },
    "exporters": {"write", "profile_files"},
}  # fmt: skip
"""Modules that may touch disk, network, clock, randomness or processes, by stage."""
JOINERS = ("cli", "demo", "pipeline", "workspace", "settings", "__main__")
TOUCHES_THE_WORLD = {
    "httpx",
    "requests",
    "socket",
    "subprocess",
    "random",
    "tempfile",
    "shutil",
    "filelock",
    "secrets",
    "time",
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(name: str) -> str:
    return name.split(".")[1] if name.count(".") else ""


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_imports_point_down(path: Path) -> None:
    here = relative(path).split("/")[0].removesuffix(".py")
    ours = {room(name) for name in imports(path) if name.startswith("factcheck.")} - {here, "", "__version__"}
    if here in STAGES or here == "samples":
        assert ours <= {*GROUND}, f"a stage imports {ours - set(GROUND)}"
    elif here in GROUND:
        assert ours <= set(GROUND[: GROUND.index(here)]), f"{here} imports {ours}"
    elif here not in {"cli", "__main__"}:
        assert "cli" not in ours


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_only_edges_touch_the_world(path: Path) -> None:
    here = relative(path).split("/")[0].removesuffix(".py")
    if here in JOINERS or path.stem in EDGES.get(here, set()):
        return
    touched = {name.split(".")[0] for name in imports(path)} & TOUCHES_THE_WORLD
    assert not touched, f"{relative(path)} imports {touched}; only edges may"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_only_the_client_knows_the_sdk(path: Path) -> None:
    if relative(path) != "studio/client.py":
        assert not any(name.split(".")[0] == "label_studio_sdk" for name in imports(path))


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_import_and_help_load_nothing_heavy() -> None:
    heavy = {"label_studio_sdk", "pandas", "polars", "deltalake", "trafilatura", "numpy", "pydantic", "httpx"}
    loaded = run("import sys, factcheck, factcheck.cli; print(*{name.split('.')[0] for name in sys.modules})")
    assert not heavy & set(loaded.split())
