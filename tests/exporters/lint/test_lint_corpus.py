"""Every rule finds what it is for and nothing else: the written corpus, through files as a desk has them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from factcheck.exporters.lint import FATES, READERS, rules
from factcheck.pipeline.lint import lint
from tests.exporters.lint.corpus_files import CASES, USUAL, file_of

NAMES = [f"{case['rule']}-{number}" for number, case in enumerate(CASES)]


def found(case: dict[str, Any], which: str, folder: Path) -> set[str]:
    name, text = file_of(case, which)
    (folder / name).write_text(text, "utf-8")
    done = lint([folder / name], site=case.get("site"))
    assert done.refused == []
    assert done.judged
    return {finding.id for one in done.judged for finding in one.findings}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_each_mistake_is_found_and_nothing_else(case: dict[str, Any], tmp_path: Path) -> None:
    told = found(case, "bad", tmp_path) - USUAL.get(case["base"], set())
    if case["rule"] in USUAL.get(case["base"], set()):
        assert told == set()
    else:
        assert told - {*case.get("also", [])} == {case["rule"]}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_its_twin_without_the_mistake_raises_no_alarm(case: dict[str, Any], tmp_path: Path) -> None:
    usual = USUAL.get(case["base"], set()) - {case["rule"]}
    assert found(case, "clean", tmp_path) - usual == set()


def test_the_corpus_breaks_each_rule_twice() -> None:
    counts = Counter(case["rule"] for case in CASES)
    assert counts.keys() == rules().keys()
    assert min(counts.values()) >= 2


def test_every_rule_says_what_each_reader_does() -> None:
    for rule in rules().values():
        assert list(rule.effects) == list(READERS)
        assert {effect.fate for effect in rule.effects.values()} <= {*FATES}
        harmed = {reader for reader, effect in rule.effects.items() if effect.fate in {"drops", "misreads"}}
        assert rule.level != "error" or harmed, f"{rule.id} is an error of nobody's"
        touched = {reader for reader, effect in rule.effects.items() if effect.fate != "does not care"}
        assert rule.level != "warning" or touched, f"{rule.id} warns of nobody"
