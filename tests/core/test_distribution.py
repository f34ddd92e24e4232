"""What is installed, and what is said where it is not what we need."""

from __future__ import annotations

import ast
import builtins
import re
import subprocess
import sys
import tomllib
from importlib.metadata import metadata
from importlib.metadata import version as installed_version
from pathlib import Path

import pytest
from typer.testing import CliRunner

import factcheck
from factcheck import distribution
from factcheck.claims.endpoint import Endpoint
from factcheck.cli import app
from factcheck.dataset import signing
from factcheck.distribution import INNER, Bounds
from factcheck.errors import InstallError
from factcheck.exporters import profile_files
from factcheck.studio.webhook.listener import listening
from factcheck.studio.webhook.metrics import Metrics

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DECLARED = [*PROJECT["dependencies"], *(line for lines in EXTRAS.values() for line in lines)]
SERVERS_OWN = {"django", "label_studio"}
"""What runs inside Label Studio's environment, not ours."""


def library(line: str) -> str:
    return re.split(r"[\[<>=]", line)[0].lower().replace("_", "-")


def test_the_name_is_the_same_everywhere() -> None:
    assert PROJECT["name"] == distribution.NAME == metadata("factcheck-desk")["Name"]
    assert EXTRAS["all"] == [f"{distribution.NAME}[cards,explore,llm,pdf,s3,sign,watch]"]


def test_every_library_that_is_imported_is_declared() -> None:
    imported = set()
    for path in (ROOT / "factcheck").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imported.add(node.module.split(".")[0])
    called = {"PIL": "pillow"}
    foreign = {called.get(name, name) for name in imported}
    foreign -= {*sys.stdlib_module_names, *SERVERS_OWN, "factcheck"}
    assert {name.replace("_", "-") for name in foreign} <= {library(line) for line in DECLARED}


def test_a_library_whose_inner_parts_we_use_is_bounded_as_the_self_check_says() -> None:
    lines = {library(line): line for line in DECLARED}
    for name, bounds in INNER.items():
        first, below = (".".join(map(str, numbers)) for numbers in (bounds.first, bounds.below))
        assert lines[name] == f"{name}>={first},<{below}"


def test_the_parts_are_there_in_the_versions_we_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is looked for, as if its library were newer than we know."""
    distribution.check()
    monkeypatch.setattr(distribution, "INNER", {name: bounds._replace(below=(0,)) for name, bounds in INNER.items()})
    distribution.check()


@pytest.mark.parametrize("part", ["httpcore:Nothing", "httpcore.nothing:Pool", "httpcore:SyncBackend.nothing"])
def test_a_part_that_is_gone_is_said_with_the_line_to_type(
    part: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(distribution, "INNER", {"httpcore": Bounds((0, 9), (1, 0), (part,))})
    result = CliRunner().invoke(app, ["--desk", str(tmp_path), "init"])
    assert result.exit_code == InstallError.exit_code
    assert re.search(r"error \[INSTALL\] httpcore: httpcore [\d.]+ lacks something factcheck needs", result.output)
    assert "next: pip install 'httpcore>=0.9,<1.0'" in result.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("library", INNER)
def test_the_version_of_a_library_is_read_from_the_name_of_its_folder(library: str) -> None:
    assert distribution._installed()[library] == installed_version(library)


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("1.6.6", (1, 6, 6)), ("1.7.0rc1", (1, 7, 0)), ("0.40.0.post1", (0, 40, 0)), ("2!1", (2,)), ("x", ())],
)
def test_a_version_is_compared_by_its_leading_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert distribution._numbers(version) == numbers


def without(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where that package is not installed."""
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    real = builtins.__import__

    def hidden(name: str, *rest: object) -> object:
        if name.split(".", maxsplit=1)[0] == package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", hidden)


def test_the_webhook_receiver_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    without("uvicorn", monkeypatch)
    with pytest.raises(InstallError, match="uvicorn") as caught, listening(None, host="127.0.0.1", port=None):
        pass
    assert caught.value.hint == "pip install 'factcheck-desk[watch]'"
    assert "--no-webhook" in caught.value.what


def test_the_figures_of_a_receiver_name_their_extra_and_counting_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    without("prometheus_client", monkeypatch)
    metrics = Metrics()
    metrics.add("factcheck_commits_total")
    assert metrics.value("factcheck_commits_total") == 1
    with pytest.raises(InstallError, match="prometheus_client") as caught:
        metrics.exposition()
    assert caught.value.hint == "pip install 'factcheck-desk[watch]'"
    assert "--no-webhook" in caught.value.what


def test_signing_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    without("cryptography", monkeypatch)
    for read in (signing.private_key, signing.public_keys):
        with pytest.raises(InstallError, match="cryptography") as caught:
            read(b"")
        assert caught.value.hint == "pip install 'factcheck-desk[sign]'"
    assert {"cards", "embed", "explore", "llm", "pdf", "s3", "sign", "watch", "all"} == set(EXTRAS)


def test_a_language_model_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    without("openai", monkeypatch)
    with pytest.raises(InstallError, match="openai") as caught:
        Endpoint("http://127.0.0.1:9/v1", None, "tiny", seconds=1)
    assert caught.value.hint == "pip install 'factcheck-desk[llm]'"


def test_a_command_whose_library_is_missing_says_which_line_to_type(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    CliRunner().invoke(app, ["--desk", str(tmp_path), "init"])
    without("label_studio_sdk", monkeypatch)
    monkeypatch.setenv("FACTCHECK_TOKEN", "x" * 40)
    monkeypatch.setenv("FACTCHECK_STUDIO_URL", "http://127.0.0.1:9")
    result = CliRunner().invoke(app, ["--desk", str(tmp_path), "pull"])
    assert result.exit_code == InstallError.exit_code
    assert "error [INSTALL] this command needs the package label_studio_sdk" in result.output
    assert "next: pip install 'factcheck-desk[all]'" in result.output


def test_without_the_command_lines_own_libraries_it_says_so_too() -> None:
    code = "import sys; sys.modules['typer'] = None; from factcheck.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == InstallError.exit_code
    assert "error [INSTALL] the command line needs the package typer" in done.stderr
    assert "pip install 'factcheck-desk[all]'" in done.stderr


def test_an_install_without_profiles_says_so_and_takes_no_other_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In lib/python3.x/site-packages/factcheck/exporters; lib/python3.x/exports is anybody's."""
    (tmp_path / "exports" / "foreign").mkdir(parents=True)
    (tmp_path / "exports" / "foreign" / "profile.toml").write_text("format = 'csv'\n")
    monkeypatch.setattr(profile_files, "__file__", str(tmp_path / "site-packages/factcheck/profile_files.py"))
    with pytest.raises(InstallError, match="profiles are missing"):
        profile_files.profiles(None)


def test_the_citation_says_what_the_project_says() -> None:
    said = dict(re.findall(r"^([a-z-]+): (\S.*)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE))
    assert said["version"] == factcheck.__version__
    assert said["license"] == PROJECT["license"]
    assert said["url"] == PROJECT["urls"]["Homepage"]
    assert said["repository-code"] == PROJECT["urls"]["Source"]
    assert f"- name: {PROJECT['authors'][0]['name']}" in (ROOT / "CITATION.cff").read_text("utf-8")
