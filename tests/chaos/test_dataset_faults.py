"""The dataset's commands killed at random moments, two at once, and in folders with any name."""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factcheck.errors import UsageError
from factcheck.names import check_folder
from tests.chaos.warm import Ended, Nursery
from tests.dataset import desks
from tests.live_server import say

KILLS = int(os.environ.get("DATASET_KILLS", "20"))
"""Deaths of each command."""
KILLED = ("ingest", "claims", "import", "tag", "release", "compact", "vacuum", "restore", "decide", "forget", "export")
FINISHED = {"release": "OUTPUT_EXISTS", "forget": "UNKNOWN_ANNOTATOR"}
"""What a command says when the one that was killed had done everything."""
BESIDE = {"BUSY", "OUTPUT_EXISTS"}
"""What one of two commands may say when the other was first; `forget` also finds nobody any more."""
SIGNS = [
    *(chr(code) for code in range(1, 128) if chr(code) != "/"),
    *"éßøñ¿€–—“”…×",
    *"پچژگکی،؛؟٪۰٣ـ",
    *(
        "\u200c",
        "\u200f",
        "\u202e",
        "\u2067",
        "\u00a0",
        "\u3000",
        "\ufeff",
        "e\u0301",
        "東",
        "한",
        "न",
        "😀",
        "👩‍⚖️",
        "\udcff",
    ),
]
REAL = [
    *(
        "Fact Check",
        "desk (copy)",
        "desk - Copy (2)",
        "New folder",
        "factcheck [old]",
        "R&D",
        "Q&A; final",
        "50% done",
        "100%",
    ),
    *(
        "week #47",
        "what?",
        "*important*",
        "a=b",
        "a+b",
        "a,b",
        "it's",
        'the "desk"',
        "`desk`",
        "$HOME",
        "~",
        "~desk",
        "!",
        "@desk",
    ),
    *(
        "desk|2",
        "<desk>",
        "{desk}",
        "desk^2",
        "C:",
        "s3:",
        "file:",
        "http:",
        "con",
        "nul",
        "..desk",
        "desk.",
        "desk ",
        " desk",
    ),
    *(
        "میز راستی‌آزمایی",
        "تحریریه ۱۴۰۵",
        "غرفة الأخبار",
        "فحص الحقائق (١)",
        "Überprüfung",
        "vérification",
        "проверка",
        "事実確認",
    ),
    *("n" * 200, "م" * 100, "desk%20copy", "a%2Fb", "a\\b", "desk\n2", "%41", "-desk"),
]
SOME = ["w[1]?*#;&% {é}='\"", "تحریریه‌ی ۱۴۰۵ (کپی)", "x%20y", "n" * 200]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desks.make(tmp_path_factory.mktemp("desk") / "desk")


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    found = Nursery({})
    yield found
    found.close()


def start(nursery: Nursery, desk: Path, name: str) -> Any:
    command, *rest = desks.filled(desk, desks.ALL[name])
    return nursery.start("--desk", str(desk), command, "--json", *rest)


def code_of(ended: Ended) -> str:
    """The code of the error that a command ended with, empty where it ended well."""
    assert "Traceback" not in ended.err, ended.err
    if ended.code == 0:
        return ""
    return str(json.loads(ended.out)["error"]["code"]) if ended.out else f"exit {ended.code}: {ended.err}"


def killed(nursery: Nursery, template: Path, folder: Path, name: str, seed: int, deaths: int) -> Counter[str]:
    """What happened in as many deaths of the command at random moments, each followed by the same command again."""
    dice = random.Random(f"{seed} {name}")
    happened: Counter[str] = Counter()
    whole = desks.copy(template, folder / "whole")
    took = 0.0
    for _ in range(2):  # the first is slower: it waits for the process that all are forked from
        shutil.rmtree(whole)
        desks.copy(template, whole)
        began = time.monotonic()
        assert code_of(start(nursery, whole, name).wait(nursery, 120)) == ""
        took = time.monotonic() - began
    expected = desks.ends(whole)
    while happened["killed"] < deaths:
        desk = desks.copy(template, folder / "desk")
        running = start(nursery, desk, name)
        time.sleep(dice.uniform(0.1, 0.9) * took)
        if nursery.code(running.pid) is None:
            os.kill(running.pid, signal.SIGKILL)
        else:
            took *= 0.9
        first = running.wait(nursery, 120)
        happened["killed" if first.code == -signal.SIGKILL else "ended before"] += 1
        left = desks.drafts(desk)
        happened["left drafts"] += bool(left)
        assert desks.problems(desk) == [], (name, seed)
        again = code_of(start(nursery, desk, name).wait(nursery, 120))
        assert again in {"", FINISHED.get(name, "")}, (name, again)
        happened["was finished"] += bool(again)
        assert desks.problems(desk) == [], name
        assert desks.drafts(desk) == [], (name, left)
        assert desks.ends(desk) == expected, name
        shutil.rmtree(desk)
    shutil.rmtree(whole)
    return happened


@pytest.mark.slow
def test_a_few_deaths_end_as_one_run(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    for name in ("compact", "export"):
        say(f"{name}: {dict(killed(nursery, template, tmp_path, name, seed=3, deaths=1))}")


@pytest.mark.chaos
@pytest.mark.timeout(10_000)
@pytest.mark.parametrize("name", KILLED)
def test_many_deaths_end_as_one_run(nursery: Nursery, template: Path, tmp_path: Path, name: str) -> None:
    say(f"{name}: {dict(killed(nursery, template, tmp_path, name, seed=1, deaths=KILLS))}")


PAIRS = [
    pair for pair in itertools.product(desks.WRITING, desks.ALL) if pair[0] <= pair[1] or pair[1] not in desks.WRITING
]


def at_once(nursery: Nursery, template: Path, folder: Path, pair: tuple[str, str]) -> list[str]:
    """How the two commands ended that were started at the same time."""
    desk = desks.copy(template, folder / "desk")
    running = [start(nursery, desk, name) for name in pair]
    ended = [code_of(one.wait(nursery, 120)) for one in running]
    for name, code in zip(pair, ended, strict=True):
        allowed = BESIDE | {"", "UNKNOWN_ANNOTATOR" if "forget" in pair else ""}
        assert code in allowed, (pair, name, code)
    assert "" in ended, (pair, ended)
    assert desks.problems(desk) == [], pair
    assert desks.drafts(desk) == [], pair
    shutil.rmtree(desk)
    return ended


@pytest.mark.slow
def test_a_few_pairs_at_once(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    for pair in [("compact", "export claimreview"), ("export", "export"), ("import", "verify")]:
        at_once(nursery, template, tmp_path, pair)


@pytest.mark.chaos
@pytest.mark.timeout(10_000)
def test_every_writing_command_beside_every_command(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    happened: Counter[str] = Counter()
    for pair in PAIRS:
        happened.update(at_once(nursery, template, tmp_path, pair))
    say(f"{len(PAIRS)} pairs: {dict(happened)}")


def in_folder(template: Path, base: Path, name: str) -> bool:
    """Whether every command works in a folder of this name; otherwise every one refused it and touched nothing."""
    desk = base / name / "desk"
    decoy = base / "x y"  # what a name read as part of a URL would lead to
    try:
        check_folder(str(desk))
    except UsageError:
        desk.mkdir(parents=True)
        desks.copy(template, decoy / "desk")
        before = sorted(base.rglob("*"))
        refused: tuple[tuple[str, ...], ...] = (("init",), ("log",), ("status",))
        for arguments in refused:
            if arguments != ("init",):
                (desk / "factcheck.toml").write_text("", "utf-8")
                before = sorted(base.rglob("*"))
            done = desks.run(desk, *arguments)
            assert (done.code, done.said["error"]["code"]) == (2, "USAGE"), (name, arguments, done.text)
            assert sorted(base.rglob("*")) == before, (name, arguments)
        works = False
    else:
        desks.copy(template, desk)
        for command, arguments in desks.ALL.items():
            done = desks.run(desk, *arguments)
            assert done.code == 0, (name, command, done.text)
        assert desks.problems(desk) == [], name
        assert desks.drafts(desk) == [], name
        assert [path.name for path in base.iterdir()] == [name]
        works = True
    shutil.rmtree(base)
    return works


@pytest.mark.slow
def test_some_folder_names(template: Path, tmp_path: Path) -> None:
    assert [in_folder(template, tmp_path / "base", name) for name in SOME] == [True, True, False, True]


@pytest.mark.chaos
@pytest.mark.timeout(10_000)
def test_every_sign_in_a_folder_name(template: Path, tmp_path: Path) -> None:
    assert len(SIGNS) >= 150
    assert len(REAL) >= 50
    refused = [
        name for name in [*(f"a{sign}b" for sign in SIGNS), *REAL] if not in_folder(template, tmp_path / "b", name)
    ]
    say(f"{len(SIGNS) + len(REAL)} names, {len(refused)} refused in words: {refused}")
    assert all(not name.isprintable() or "\\" in name or "%" in name for name in refused)
