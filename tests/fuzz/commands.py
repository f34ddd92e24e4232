"""Random input to the whole command line, in one process: what comes out is a message and an exit code, never a defect.

A case is a command line with the environment, and files of the desk whose content is replaced before it; it is one
JSON object, so that what was found once can be kept in `corpus/` and is tried again first, for ever.
"""

from __future__ import annotations

import base64
import json
import os
import pickle
import random
import re
import resource
import shutil
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
import typer.main
from typer.testing import CliRunner

from factcheck.cli import app
from tests.fake_studio.answers import FakeStudio

CORPUS = Path(__file__).with_name("corpus")
LONGEST = 5.0
BUSY_MACHINE = 6
GROWTH_MB = 300
# These start servers, or end only when they are told to.
LEFT_OUT = {"demo", "explore", "watch", "studio up", "studio upgrade", "studio check", "schemas"}
# fmt: off
NASTY = (
    *(
        "",
        " ",
        "0",
        "1",
        "-1",
        "2",
        "9" * 5000,
        "1e999",
        "nan",
        "9999-12-31",
        "2026-13-45",
        "2026-11",
        "0001-01-01",
        "۱",
    ),
    *(
        "..",
        ".",
        "/",
        "//",
        "a/b",
        "-x",
        "--",
        "\x1b[31m",
        "\u202e",
        "\u200c",
        "x" * 300,
        "x" * 70_000,
        "a\nb",
        "\ufffd",
    ),
    *(
        "\ud800",
        "/dev/null",
        "/etc/hostname",
        "http://[::1",
        "javascript:alert(1)",
        "{url}",
        "%s%n",
        "'",
        '"',
        "[",
        "]",
    ),
    *("*", "?", "#", "%20", "~", "$HOME", "True", "null", "csv", "claimreview", "verified", "clm_12345678", "main"),
    *("Unproven=disputed",),
    *("latest", "own", "news", "dataset", "empty.txt", "exports", "token of Anahita", "Basma", "con", "a" * 101, "v۲"),
    *("queue", "s3://", "s3://x/y", "file:///etc", "week-one", "a=b", "=", "۱", "]", "x@example.org"),
)
JUNK = (
    *(
        b"",
        b"\x00",
        b"\xff\xfe",
        b"{}",
        b"[]",
        b"null",
        b"1",
        b'"x"',
        b"[" * 100_000,
        b'{"a":' * 5000,
        b"{" + b'"a":1,' * 9,
    ),
    *(b"\xef\xbb\xbf", b'"\\ud800"', b"9" * 5000, b"NaN", b"PAR1", b"PAR1PAR1", b"\n", b"\r\n" * 50, b"[x]\n" * 300),
)
# fmt: on
KINDS = ("arguments", "toml", "state", "environment", "dataset", "profile", "names")
FORMATS = (b'"csv"', b'"xlsx"', b'"jsonl"', b'"parquet"', b'"claimreview"')
STATE = ("last-pull", "pushed.json", "lock.json", "projects.json", "doubts.json", "quarantine.jsonl", "token")


class Case(NamedTuple):
    """A command line, variables, and files of the desk by path: new content, None for a missing one."""

    arguments: list[str]
    environment: dict[str, str]
    files: dict[str, bytes | None]

    def text(self) -> str:
        files = {path: None if c is None else base64.b64encode(c).decode() for path, c in self.files.items()}
        return json.dumps({"arguments": self.arguments, "environment": self.environment, "files": files}, indent=1)


def read(text: str) -> Case:
    raw = json.loads(text)
    files = {path: None if c is None else base64.b64decode(c) for path, c in raw["files"].items()}
    return Case(raw["arguments"], raw["environment"], files)


def corpus() -> list[Case]:
    return [read(path.read_text("ascii")) for path in sorted(CORPUS.glob("*.json"))]


def commands(group: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    top: Any = group or typer.main.get_command(app)
    for name, inner in top.commands.items():
        if hasattr(inner, "commands"):
            yield from commands(inner, (*path, name))
        elif " ".join((*path, name)) not in LEFT_OUT:
            yield (*path, name), inner


def cases(seed: int, desk: Path) -> Iterator[Case]:
    """Cases without end, the same for the same seed and the same desk."""
    dice = random.Random(seed)
    known = list(commands())
    files = sorted(str(path.relative_to(desk)) for path in desk.rglob("*") if path.is_file())
    state = [path for path in files if path.startswith(".factcheck") and not path.endswith("lock")]
    dataset = [path for path in files if path.startswith("dataset/")]
    toml, profile = (desk / "factcheck.toml").read_bytes(), (desk / "exports/own/profile.toml").read_bytes()
    variables = [*(f"FACTCHECK_{s}_{k}".upper() for s, k in _keys()), "FACTCHECK_TOKEN", "FACTCHECK_DESK"]
    while True:
        path, command = dice.choice(known)
        changed: dict[str, bytes | None] = {}
        environment: dict[str, str] = {}
        kinds = dice.sample(KINDS, dice.choice([1, 1, 1, 2]))
        if "toml" in kinds:
            changed["factcheck.toml"] = _mutated(dice, toml)
        if "state" in kinds:
            name = dice.choice([*state, *(f".factcheck/{name}" for name in STATE)])
            changed[name] = _damaged(dice, desk / name)
        if "dataset" in kinds:
            name = dice.choice(dataset)
            changed[name] = dice.choice([_damaged(dice, desk / name), None])
        if "environment" in kinds:
            environment[dice.choice(variables)] = _variable(dice)
        arguments = [*path, *_arguments(dice, command, wild="arguments" in kinds)]
        if "profile" in kinds:
            changed["exports/own/profile.toml"] = _mutated(dice, profile.replace(b'"csv"', dice.choice(FORMATS), 1))
            arguments = dice.choice([["export", "own"], ["export", "own", "--json"], ["export", "--list"], arguments])
        if "names" in kinds:
            name = f"news/{_file_name(dice)}"
            changed[name] = dice.choice([*JUNK, toml, "خبر: قیمت‌ها ۱۲ درصد رشد کرد.".encode()])
            arguments = dice.choice(
                [["ingest", "news"], ["ingest", name], ["import", name, "--source", "x"], arguments]
            )
        yield Case(arguments, environment, changed)


def _damaged(dice: random.Random, path: Path) -> bytes:
    return dice.choice([_mutated(dice, path.read_bytes() if path.exists() else b""), dice.choice(JUNK)])


def _file_name(dice: random.Random) -> str:
    """A name that a file system takes, of a file that articles or decisions may come in."""
    name = dice.choice([n for n in NASTY if "/" not in n and "\ud800" not in n and len(n) < 200] + ["\udcff\udcfe"])
    return name + dice.choice([".txt", ".html", ".xml", ".zip", ".tar.gz", ".warc.gz", ".csv", ".json", "._"])


def _keys() -> Iterator[tuple[str, str]]:
    from factcheck.settings import Settings

    for section, field in Settings.model_fields.items():
        for key in getattr(field.annotation, "model_fields", {}):
            yield section, key


def _variable(dice: random.Random) -> str:
    # What an environment can hold: no NUL, and bytes that are no UTF-8 come as surrogate escapes.
    nested = ["[" * 50_000, '["a", 1, null]', '[{"a": []}]']
    return dice.choice([*(n for n in NASTY if "\ud800" not in n and len(n) < 10_000), "\udcff\udcfe", *nested])


def _arguments(dice: random.Random, command: Any, *, wild: bool) -> list[str]:
    found: list[str] = []
    for parameter in command.params:
        needed = getattr(parameter, "required", False)
        if not needed and dice.random() < (0.6 if wild else 0.85):
            continue
        option = parameter.param_type_name == "option"
        if option and parameter.name in {"help", "host", "port", "address"}:
            continue
        if option:
            found.append(parameter.opts[0])
        if not (option and getattr(parameter, "is_flag", False)):
            # The root as a folder of articles is all of this machine: minutes, and not the same on another one.
            anything = [n for n in NASTY if n not in {"/", "//"}] if command.name == "ingest" else NASTY
            known = [str(value) for value in get_args(parameter.type_descriptor.annotation)]
            found.append(dice.choice(known if known and dice.random() < 0.5 else anything))
    return found + (["--json"] if dice.random() < 0.3 else [])


def _mutated(dice: random.Random, old: bytes) -> bytes:
    content = bytearray(old)
    for _ in range(dice.choice([1, 1, 1, 3, 10])):
        at = dice.randrange(len(content) + 1)
        what = dice.randrange(5)
        if what == 0:
            content[at : at + dice.choice([1, 4, 40])] = b""
        elif what == 1:
            content[at:at] = dice.choice(JUNK)[:200]
        elif what == 2:
            content[at:at] = dice.choice(NASTY).encode("utf-8", "surrogatepass")[:400]
        elif what == 3 and content:
            content[at % len(content)] ^= 1 << dice.randrange(8)
        else:
            content = content[:at]
    return bytes(content)


class Bench:
    """A desk that each case gets as it was, and so the server that its factcheck.toml names."""

    def __init__(self, template: Path, folder: Path, fake: FakeStudio) -> None:
        self.template, self.folder, self.fake = template, folder, fake
        self.store = pickle.dumps(fake.store)
        self.runner = CliRunner()
        self.ends: Counter[str] = Counter()
        self.by_command: set[tuple[str, int, str]] = set()
        """How commands ended: the exit code, and the error's code where one was told in text."""

    def wrong(self, case: Case) -> str:
        """What is wrong with how the case ended; empty where nothing is."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self.template, self.folder)
        if any(not asked.startswith("GET ") for asked in self.fake.requests):
            self.fake.store = pickle.loads(self.store)
        self.fake.requests.clear()
        for name, content in case.files.items():
            path = self.folder / name
            path.unlink(missing_ok=True)
            if content is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                path.chmod(0o600)
        began, worked = time.monotonic(), time.process_time()
        cwd = Path.cwd()
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("FACTCHECK_")]:
                patch.delenv(name)
            for name, value in case.environment.items():
                patch.setenv(name, value)
            os.chdir(self.folder)  # names without a folder stay inside
            try:
                ended = self.runner.invoke(app, ["--desk", str(self.folder), *case.arguments])
            finally:
                os.chdir(cwd)
        # Work of ours, or waiting that no other load of the machine explains.
        seconds = max(time.process_time() - worked, (time.monotonic() - began) / BUSY_MACHINE)
        if ended.exception is not None and not isinstance(ended.exception, SystemExit):
            return "".join(traceback.format_exception(ended.exception)[-3:])
        said = ended.output
        code = re.search(r"error \[(\w+)\]|\"code\": \"(\w+)\"", said)
        self.ends[f"{ended.exit_code} {(code and (code[1] or code[2])) or ''}".strip()] += 1
        name = " ".join(next((path for path, _ in commands() if case.arguments[: len(path)] == [*path]), ()))
        self.by_command.add((name, ended.exit_code, (code and code[1]) or ""))
        if "a bug in factcheck" in said or "Traceback" in said:
            return said[-600:]
        if not Path(os.devnull).is_char_device():
            return f"took away {os.devnull}"
        return f"took {seconds:.1f} s" if seconds > LONGEST else ""


def fuzz(bench: Bench, *, seconds: float, most: int, seed: int) -> tuple[int, dict[str, Case]]:
    """How many cases ran in that time, `most` at most, and those that went wrong by what was wrong, one of each."""
    found: dict[str, Case] = {}
    began, ran = time.monotonic(), 0
    before = _resident()
    for case in islice(cases(seed, bench.template), most):
        if time.monotonic() - began > seconds:
            break
        ran += 1
        if what := bench.wrong(case):
            kind = what[-300:]
            if kind not in found:
                sys.stderr.write(f"\n{kind}\n{case.text()[:3000]}\n")
            found.setdefault(kind, case)
    if _resident() - before > GROWTH_MB:
        found[f"grew by {_resident() - before:.0f} MB"] = Case([], {}, {})
    return ran, found


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
