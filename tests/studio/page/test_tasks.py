from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from label_studio_sdk.label_interface.interface import LabelInterface

from factcheck.days import Clock
from factcheck.errors import ConfigError
from factcheck.exporters import labels
from factcheck.languages import Language
from factcheck.models import Calendar, Choice, ClaimState, Confidence, Reason, Status, Verdict
from factcheck.settings.model import WordingSettings
from factcheck.studio.page import guide
from factcheck.studio.page import label_config as room
from factcheck.studio.page.adjudication_tasks import queue_tasks
from factcheck.studio.page.task_words import TASK_WORDS
from factcheck.studio.page.tasks import SCHEMA, tasks
from factcheck.studio.page.translations import WORDINGS
from factcheck.studio.page.wording import Wording
from factcheck.studio.sync.config_state import config_diff
from factcheck.studio.sync.standing import SHOWN, shown_hash
from factcheck.text import RLM, isolate
from tests.fake_studio.props import claim_id, make_articles, make_claims, make_contexts, make_tasks

LANGUAGES: tuple[Language, ...] = ("fa", "ar", "en")


def data(frame: pl.DataFrame, row: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(frame["data"][row])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_config_is_valid_and_asks_what_the_models_know(language: Language) -> None:
    interface: Any = LabelInterface(room.label_config(language))
    interface.validate()
    verdict, confidence = interface.get_control(room.VERDICT), interface.get_control(room.CONFIDENCE)
    reason = interface.get_control(room.REASON)
    assert set(interface._controls) == set(room.CONTROLS)
    assert set(verdict.labels) == {str(choice) for choice in Choice}
    assert set(confidence.labels) == {str(level) for level in Confidence}
    assert (verdict.attr["required"], verdict.attr["choice"]) == ("true", "single-radio")
    assert set(reason.labels) == set(room.STORED.values())
    assert not {"true", "false"} & set(reason.labels), "Label Studio reads such an alias as a yes or a no, and breaks"
    keys = [
        label.attr["hotkey"] for control in (verdict, reason, confidence) for label in control.labels_attrs.values()
    ]
    assert len({*keys}) == len(Choice) + len(Reason) + len(Confidence), (
        "Label Studio gives a choice without key a digit"
    )
    assert all(key.startswith("shift+") for key in keys), "the numeric keypad sends digits without Shift to the page"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_desk_says_it_in_its_own_words_and_stores_the_same(language: Language) -> None:
    own = {"disputed": "\u2066FALSE\u2069 & <b>", "rationale": "Why"}
    ours: Any
    theirs: Any
    ours, theirs = LabelInterface(room.label_config(language)), LabelInterface(room.label_config(language, own))
    assert set(ours.get_control(room.VERDICT).labels) == set(theirs.get_control(room.VERDICT).labels)
    shown = {label.attr["value"] for label in theirs.get_control(room.VERDICT).labels_attrs.values()}
    assert own["disputed"] in shown
    assert WORDINGS[language].verified in shown


def test_two_answers_never_read_the_same() -> None:
    with pytest.raises(ConfigError, match="verified and disputed would both read"):
        room.label_config("en", {"disputed": "verified"})


def test_the_desks_own_words_are_those_of_the_page() -> None:
    assert WordingSettings.model_fields.keys() <= set(Wording._fields)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_says_what_the_page_says(language: Language) -> None:
    words = WORDINGS[language]
    for verdict in Verdict:
        assert labels.VERDICTS[verdict][language] == words.choices[verdict]
    assert labels.STATUSES[Status.NOT_A_CLAIM][language] == words.not_a_claim
    assert labels.COLUMNS["rationales"][language] == words.rationale
    assert labels.COLUMNS["evidence"][language] == words.evidence
    assert labels.COLUMNS["publisher"][language] == words.outlet


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_names_every_answer_with_its_key_and_is_known_as_ours(language: Language) -> None:
    words, shown = WORDINGS[language], guide.instruction(language)
    for said in (*words.choices.values(), *words.definitions.values(), *words.reasons.values(), *words.levels.values()):
        assert said in shown
    assert "{" not in shown + guide.page(language), "every brace was filled in"
    for button in (
        "Submit",
        "Update",
        "Skip",
        "Label All Tasks",
        "Label Tasks As Displayed",
        "Shift+Enter",
        "Ctrl+Enter",
    ):
        assert button in guide.page(language)
    assert guide.is_ours(shown)
    assert guide.is_ours("")
    assert not guide.is_ours(shown.replace("Submit", "Send"))
    assert not guide.is_ours("<p>Our own guide</p>")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_config_shows_only_what_every_task_has(language: Language) -> None:
    interface: Any = LabelInterface(room.label_config(language))
    shown = {tag.value.lstrip("$") for tag in interface.objects}
    assert shown == set(room.VARIABLES)
    assert shown <= set(data(make_tasks([1], language=language)))
    assert interface.validate_task({"data": data(make_tasks([1]))})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_leads_page_asks_the_same_beside_what_was_said(language: Language) -> None:
    interface: Any = LabelInterface(room.queue_config(language))
    interface.validate()
    assert set(interface._controls) == set(room.CONTROLS)
    made = queue_of(make_claims([1]), language=language)
    shown = {tag.value.lstrip("$") for tag in interface.objects}
    assert shown == {*room.VARIABLES, room.VOTES} <= set(data(made))


def queue_of(claims: pl.DataFrame, language: Language = "en", **said: Any) -> pl.DataFrame:
    vote = {"voter": "A", "choice": "disputed", "confidence": "low", "rationale": "No.", "evidence": []} | said
    queue = pl.DataFrame([{"claim_id": claim_id(1), "votes": [vote]}])
    return queue_tasks(queue, claims, make_contexts(claims), make_articles(), project="queue", language=language)


def test_a_claim_that_is_contested_no_more_says_so_and_leaves_the_leads() -> None:
    made = queue_of(make_claims([2, 1]))
    assert made.select("claim_id", "state").rows() == [(claim_id(1), "active"), (claim_id(2), "withdrawn")]
    assert data(made)["notice"] == ""
    assert "no longer contested" in data(made, 1)["notice"]


def test_what_checkers_wrote_stays_text_for_the_lead() -> None:
    votes = data(queue_of(make_claims([1]), rationale="<img src=x>\n& more", evidence=["javascript:alert(1)"]))["votes"]
    assert "&lt;img src=x&gt;" in votes
    assert "&amp; more" in votes
    assert "href" not in votes


def test_every_language_says_everything() -> None:
    for words in WORDINGS.values():
        assert all(words)


def test_one_task_a_group_with_every_place_it_appeared() -> None:
    claims = make_claims([1, 2, 3]).with_columns(group_id=pl.lit(claim_id(2)))
    made = tasks(claims, make_contexts(claims), make_articles(), project="main", language="en", overlap=2)
    assert made.schema == SCHEMA
    assert made["claim_id"].to_list() == [claim_id(2)]
    assert data(made)["claim_id"] == claim_id(2)
    assert data(made)["content_hash"] == made["content_hash"][0]
    about = data(made)["about"]
    assert about.index("Outlet 2") < about.index("Outlet 1") < about.index("Outlet 0")
    assert about.count("Also in") == 2


def test_a_task_tells_claims_with_other_figures_as_text_with_their_outlet_day_and_link() -> None:
    claims = make_claims([1, 2])
    other = {
        "quote": "The mill made <b>300</b> tonnes.", "lang": "en", "publisher": "Evening & Co", "published_raw": None,
        "published_at": MIDNIGHT, "published_day": None, "url": "https://evening.example/1",
    }  # fmt: skip
    beside = {claim_id(1): [other, other | {"publisher": None, "url": "javascript:alert(1)", "published_at": None}]}
    how: dict[str, Any] = {"project": "main", "language": "en", "overlap": 2}
    made = tasks(claims, make_contexts(claims), make_articles(), beside=beside, **how)
    plain = tasks(claims, make_contexts(claims), make_articles(), **how)
    (about,) = (json.loads(row)["about"] for row in made.filter(claim_id=claim_id(1))["data"])
    first, second = about.split(f"<b>{TASK_WORDS['en'].other_figures}:</b>")[1:]
    assert all(part in first for part in ("Evening &amp; Co", "2026-11-26", 'href="https://evening.example/1"'))
    assert "&lt;b&gt;300&lt;/b&gt;" in first
    assert "href" not in second
    assert made.filter(claim_id=claim_id(2)).equals(plain.filter(claim_id=claim_id(2)))
    assert made.filter(claim_id=claim_id(1))["content_hash"][0] != plain.filter(claim_id=claim_id(1))["content_hash"][0]


EVENING = datetime(2026, 11, 26, 21, 0, tzinfo=UTC)
"""In Tehran the next day has begun."""
MIDNIGHT = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "clock", "published", "raw", "said", "shown"),
    [
        ("fa", Clock("Asia/Tehran", Calendar.JALALI), EVENING, "2026-11-26T21:00Z", None, "۶ آذر ۱۴۰۵"),
        ("ar", Clock("Asia/Riyadh", Calendar.HIJRI), EVENING, "2026-11-26T21:00Z", None, "١٧ جمادى الآخرة ١٤٤٨"),
        ("ar", Clock("Asia/Riyadh"), EVENING, "2026-11-26T21:00Z", None, "2026-11-27"),
        ("en", Clock("Asia/Tehran", Calendar.JALALI), EVENING, "2026-11-26T21:00Z", None, "1405/09/06"),
        # A day without a time is that day in every zone; what a person corrected goes before what the article says.
        ("fa", Clock("America/Toronto", Calendar.JALALI), MIDNIGHT, "۵ آذر ۱۴۰۵", None, "۵ آذر ۱۴۰۵"),
        ("en", Clock("America/Toronto"), MIDNIGHT, "2026-11-26T00:00Z", None, "2026-11-25"),
        ("en", Clock("America/Toronto"), EVENING, "2026-11-26T21:00Z", datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01"),
        ("en", Clock("Asia/Tehran"), MIDNIGHT, "2026-11-26", datetime(2026, 3, 1, 22, tzinfo=UTC), "2026-03-02"),
        ("en", Clock("Asia/Tehran"), None, None, None, "not named"),
    ],
)
def test_a_day_is_written_as_the_desk_writes_it_on_both_pages(
    language: Language,
    clock: Clock,
    published: datetime | None,
    raw: str | None,
    said: datetime | None,
    shown: str,
) -> None:
    moment = pl.lit(said, make_claims([1]).schema["said_at"])
    claims = make_claims([1]).with_columns(said_at=moment)
    articles = make_articles().with_columns(published_at=pl.lit(published, moment_type()), published_raw=pl.lit(raw))
    how: dict[str, Any] = {"project": "main", "language": language, "clock": clock}
    queue = pl.DataFrame([{"claim_id": claim_id(1), "votes": None}])
    for made in (
        tasks(claims, make_contexts(claims), articles, overlap=2, **how),
        queue_tasks(queue, claims, make_contexts(claims), articles, **how),
    ):
        assert f"<b>{WORDINGS[language].date}:</b> {isolate(shown)}</p>" in data(made)["about"]


def moment_type() -> pl.DataType:
    return make_articles().schema["published_at"]


def test_a_claim_that_contains_html_stays_text() -> None:
    context = data(make_tasks([2]))["context"]
    assert "<mark>&lt;b&gt;Unemployment&lt;/b&gt; fell to 4% &amp; stayed there. 2</mark>" in context
    assert 'dir="ltr"' in context


def test_only_web_addresses_become_links() -> None:
    abouts = [data(make_tasks([number]))["about"] for number in (0, 1, 2)]
    assert 'href="https://example.org/a?x=1&amp;y=2"' in abouts[0]
    assert "javascript:alert(1)" in abouts[1]
    assert all("href" not in about for about in abouts[1:])


def test_an_arabic_claim_that_begins_in_latin_runs_from_right_to_left() -> None:
    claim = data(make_tasks([1]))
    assert claim["claim"].startswith(RLM)
    assert '<p dir="rtl" lang="ar">' in claim["context"]


def test_a_claim_without_context_or_article_stands_alone() -> None:
    claims = make_claims([1])
    nowhere = make_articles().clear()
    made = tasks(claims, make_contexts(claims).clear(), nowhere, project="main", language="en", overlap=2)
    assert made.height == 1
    assert "not named" in data(made)["about"]


def test_a_group_is_withdrawn_only_with_all_its_claims() -> None:
    alive, gone = make_claims([1]), make_claims([2], state=ClaimState.WITHDRAWN)
    both = pl.concat([gone, alive]).with_columns(group_id=pl.lit(claim_id(2)))
    made = tasks(both, make_contexts(both), make_articles(), project="main", language="en", overlap=2)
    assert made["state"].to_list() == ["active"]
    assert data(make_tasks([2], state=ClaimState.WITHDRAWN))["notice"]


def test_the_hash_changes_with_every_word_on_the_page_and_only_then() -> None:
    hashes = {make_tasks([1], **how)["content_hash"][0] for how in ({}, {"salt": "!"}, {"language": "fa"})}  # type: ignore[arg-type]
    assert len(hashes) == 3
    assert make_tasks([1])["content_hash"][0] == make_tasks([1], overlap=5)["content_hash"][0]


def test_white_space_is_no_difference_between_configs() -> None:
    config = room.label_config("fa")
    assert config_diff(config, config.replace("\n", "\n  ")) == ""
    assert "-" in config_diff(config, config.replace('required="true"', 'required="false"'))
    assert config_diff(config, "<View") != ""


def test_what_a_task_shows_is_known_by_its_hash() -> None:
    """A field that is not on the list of what is ours would not be looked at, and never repaired."""
    for row in make_tasks([1, 2, 3]).iter_rows(named=True):
        data = json.loads(row["data"])
        assert data.keys() <= {"claim_id", "content_hash", *SHOWN}
        assert shown_hash(data | {"beside": 1}) == row["content_hash"]
