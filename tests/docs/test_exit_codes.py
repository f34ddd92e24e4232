"""The page of exit codes is what the source says, and the source is read as it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import exit_codes, reach

PAGE = Path(__file__).parents[2] / "docs" / "exit-codes.md"

pytestmark = pytest.mark.slow  # half a minute for all commands; tests/fuzz compares with how they do end


def test_the_page_is_what_the_source_says() -> None:
    assert PAGE.read_text("utf-8") == exit_codes.page(), "run `make generate`"


@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("pull", {"VOTES_MISSING", "AUTH", "PROXY", "CERTIFICATE", "REJECTED", "STORE_UNREACHABLE", "BUSY"}),
        ("push", {"PROJECT_GONE", "LABEL_CONFIG", "ACCESS"}),
        ("run", {"VOTES_MISSING", "OUTPUT_EXISTS", "UNAVAILABLE"}),
        ("watch", {"WEBHOOK_REFUSED"}),
        ("ingest", {"REJECTED", "PLUGIN"}),
        ("forget", {"UNKNOWN_ANNOTATOR"}),
        ("show", {"UNKNOWN_CLAIM", "UNKNOWN_VERSION"}),
        ("release", {"TOKEN_EXPOSED", "OUTPUT_EXISTS"}),
        ("verify", {"CORRUPT"}),
        ("studio check", {"UNSAFE_SERVER"}),
    ],
)
def test_what_tests_elsewhere_show_is_on_the_page(command: str, codes: set[str]) -> None:
    assert codes <= exit_codes.found()[command]


def test_what_needs_no_server_and_no_dataset_ends_with_no_error_of_theirs() -> None:
    assert exit_codes.found()["config"] <= {*exit_codes.SHARED}
    for command in ("export", "decide", "log", "verify", "corrections"):
        assert not exit_codes.found()[command] & {"AUTH", "UNAVAILABLE", "PROJECT_GONE", "LABEL_CONFIG"}


def test_every_code_is_one_of_a_command() -> None:
    assert {*reach.kinds()} == {*exit_codes.SHARED}.union(*exit_codes.found().values())
