"""The import rule of the architecture: imports point down, a stage imports no other stage, edges are few and named."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import factcheck

PACKAGE = Path(factcheck.__file__).parent
STAGES = ("articles", "claims", "matching", "importers", "studio", "verdicts", "dataset", "exporters")
GROUND = (
    "errors", "logs", "locks", "fs", "distribution", "plugins", "languages", "text", "folding", "web", "web_archives",
    "evidence", "notation", "licences", "hidden_sheet",
    "names", "models", "frames", "days", "dating", "templating", "process_wide", "schema_org",
)  # fmt: skip
EDGES = {
    "articles": {"fetch", "files"},
    "claims": {"endpoint"},
    "studio": {
        "api/authorization", "api/client", "api/connection", "api/retry", "api/snapshot",
        "local/server", "local/install", "local/users", "local/process",
        "local/empty_database", "local/server_files", "local/launch", "local/backup", "local/security_check",
        "local/upgrade", "local/postgres", "local/serving", "webhook/receiver", "webhook/inbox", "webhook/listener",
        "webhook/hook_secret",
    },
    "dataset": {
        "store", "local_log", "dataset", "storage", "tagging", "committing", "annotators", "staging",
        "staged_parts", "staged_journal",
        "seals", "key_index", "maintenance", "verify", "release", "erasing", "fork", "release_check",
    },
    "exporters": {
        "write", "write_folder", "write_streamed", "show_folder", "clearing", "object_store", "profile_files",
        "explore/database", "large_view",
    },
    "matching": {"lexical_store", "copies_store", "vector_store", "embedding_cache", "embedding_endpoint"},
}  # fmt: skip
"""Modules that may touch disk, network, clock, randomness or processes, by stage."""
BUILDINGS = {
    "studio/api": {"studio/releases"},
    "studio/page": set(),
    "studio/sync": {"studio/api", "studio/page"},
    "studio/local": {"studio/releases"},
    "studio/webhook": {"studio/api"},
    "exporters/lint": set(),
}
"""Folders inside a stage, and the others of that stage that they may import."""
FORMATS = {"exporters/site", "exporters/dataset_folder", "exporters/explore"}
"""Folders inside a stage that are one of its modules in several files, and use the stage as such a module does."""
WRITERS = {
    "fs",
    "locks",
    "workspace",
    "pipeline/version_view",
    "exporters/sheet_splice",  # a part of an archive in memory
    "pipeline/init",
    "pipeline/backup",
    "pipeline/push_cache",
    "demo/steps",
    "cli/streams",
}
"""Modules of no stage that make, change or take away files; of a stage its edges do."""
ASKS_FOR_THE_TIME = {"cli/run", "demo/steps", "reading/facade"}
JOINERS = ("cli", "demo", "reading", "pipeline", "workspace", "settings", "__main__")
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
WRITES = {
    "write_text", "write_bytes", "touch", "mkdir", "unlink", "rmdir", "chmod", "symlink_to", "hardlink_to", "rmtree",
    "copyfile", "copytree", "os.open", "os.write", "os.mkdir", "os.makedirs", "os.remove", "os.ftruncate", "os.fchmod",
}  # fmt: skip
"""Calls that change the disk; `Path.rename` and `Path.replace` are also methods of frames and texts."""
MADE_ONCE = {
    "fcntl", "filelock", "os.fsync", "os.fdatasync", "os.link", "os.rename", "os.replace", "os.O_EXCL", "os.O_TMPFILE",
}  # fmt: skip
"""What atomic and private writes and locks are made of: there is one of each, in fs.py and locks.py."""
MODULES = sorted(PACKAGE.rglob("*.py"))


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@functools.cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


def imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from inner
            if not all(is_module(one) for one in inner):
                yield node.module


@functools.cache
def is_module(name: str) -> bool:
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def room(name: str) -> str:
    return name.split(".")[1] if name.count(".") else ""


def name(path: Path) -> str:
    parts = ("factcheck", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


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


@pytest.mark.parametrize("building", BUILDINGS)
def test_buildings_of_a_stage_stand_apart(building: str) -> None:
    stage = building.split("/", maxsplit=1)[0]
    ours = {
        "/".join(name.split(".")[1:3])
        for path in (PACKAGE / building).rglob("*.py")
        for name in imports(path)
        if name.startswith(f"factcheck.{stage}.")
    }
    assert ours - {building} <= BUILDINGS[building]
    assert {path.parent.name for path in (PACKAGE / stage).glob("*/*.py")} == {
        name.split("/")[1] for name in {*BUILDINGS, *FORMATS} if name.startswith(stage)
    }


def test_nothing_imports_in_a_circle() -> None:
    """Also imports for typing alone, and those inside functions."""
    graph = {name(path): set(imports(path)) - {name(path)} for path in MODULES}
    while leaves := [one for one, others in graph.items() if not others & graph.keys()]:
        for one in leaves:
            del graph[one]
    assert not {one: sorted(others & graph.keys()) for one, others in graph.items()}


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_only_edges_touch_the_world(path: Path) -> None:
    here, _, rest = relative(path).removesuffix(".py").partition("/")
    if here in {"fs", "locks"} or here in JOINERS or rest in EDGES.get(here, set()):
        return
    touched = {name.split(".")[0] for name in imports(path)} & TOUCHES_THE_WORLD
    assert not touched, f"{relative(path)} imports {touched}; only edges may"


def is_edge(path: Path) -> bool:
    here, _, rest = relative(path).removesuffix(".py").partition("/")
    return rest in EDGES.get(here, set()) or relative(path).removesuffix(".py") in WRITERS


@functools.cache
def attributes(path: Path) -> set[str]:
    """Every `os.name`, `datetime.now` and `date.today` of a module, and the name alone of other methods it calls."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{node.value.id}.{node.attr}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.add(node.func.attr)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {"open", "FileIO"}:
            given = [
                one for one in (*node.args, *(key.value for key in node.keywords)) if isinstance(one, ast.Constant)
            ]
            if any(
                re.fullmatch(r"[rwxabt+]{1,3}", str(one.value)) and set(str(one.value)) & set("wxa+") for one in given
            ):
                found.add("open to write")
    return found


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_only_edges_write(path: Path) -> None:
    if not is_edge(path):
        assert not attributes(path) & {*WRITES, "open to write"}, f"{relative(path)} writes; only edges may"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_there_is_one_way_to_write_what_lasts_and_to_lock(path: Path) -> None:
    if relative(path) not in {"fs.py", "locks.py"}:
        assert not (attributes(path) | set(imports(path))) & MADE_ONCE, "call fs or locks"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_the_time_is_asked_for_once(path: Path) -> None:
    if relative(path).removesuffix(".py") not in ASKS_FOR_THE_TIME:
        assert not attributes(path) & {"datetime.now", "datetime.utcnow", "date.today", "datetime.today"}


def test_these_rules_find_what_they_forbid() -> None:
    """In the modules that may, so that no rule passes because it looks for nothing."""
    found = {relative(path): attributes(path) | set(imports(path)) for path in MODULES}
    assert {"os.fsync", "os.link", "os.O_EXCL"} <= found["fs.py"]
    assert {"fcntl", "filelock"} <= found["locks.py"]
    assert {"mkdir", "unlink", "rmtree"} <= found["exporters/write.py"]
    assert "datetime.now" in found["cli/run.py"]
    writes = {*WRITES, "open to write"}
    assert all(found[f"{name}.py"] & writes for name in WRITERS), "one of WRITERS writes nothing any more"


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_only_the_connection_knows_the_sdk(path: Path) -> None:
    if relative(path) != "studio/api/connection.py":
        assert not any(name.split(".")[0] == "label_studio_sdk" for name in imports(path))


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_import_and_help_load_nothing_heavy() -> None:
    heavy = {"label_studio_sdk", "pandas", "polars", "deltalake", "trafilatura", "numpy", "pydantic", "httpx"}
    loaded = run("import sys, factcheck, factcheck.cli; print(*{name.split('.')[0] for name in sys.modules})")
    assert not heavy & set(loaded.split())
