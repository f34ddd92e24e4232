"""What a profile says of publisher, licence and words, in every format that says it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import polars as pl
import pytest

from factcheck.errors import ConfigError
from factcheck.exporters import Profile, formats, render, view
from factcheck.exporters.contract import Exported
from factcheck.exporters.profiles import parse
from factcheck.models import Reason
from tests.golden.export_changes import told
from tests.golden.export_release import release

FRAMES = release()
VIEW = view(FRAMES.articles, FRAMES.claims, FRAMES.verdicts, FRAMES.versions)
BY = "https://creativecommons.org/licenses/by/4.0/"
OWN = """
licence = "ODbL-1.0"
[publisher]
name = "Partner Desk"
url = "https://partner.example"
logo = "https://partner.example/logo.png"
[rating_words.fa]
verified = "تأیید"
disputed = "رد"
[rating_words.en]
verified = "Confirmed"
"""


def made(output: str, text: str = "") -> Profile:
    return parse(f'format = "{output}"\n{text}', name="mine", subject="exports/mine/profile.toml")


def done(output: str, text: str = "", *, licence: str = "CC-BY-4.0") -> Exported:
    profile = made(output, text)
    return render(VIEW, profile, replace(told(FRAMES, profile), licence=licence))


def texts(found: Exported) -> str:
    """All that the files hold; a workbook and a Parquet file as the texts in them."""
    parts = []
    for file in found.files:
        if file.name.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(file.content))
            cells = [str(cell) for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line]
            parts += [*cells, *(str(one.value) for one in book.custom_doc_props.props)]
            parts.append(f"{book.properties.creator} {book.properties.title}")
        elif file.name.endswith(".parquet"):
            parts.append(str(pl.read_parquet_metadata(io.BytesIO(file.content))))
        else:
            parts.append(file.content.decode())
    pages = [] if found.folder is None else found.folder.pages
    return "\n".join([*parts, *(page.make().decode() for page in pages if page.name.endswith(".html"))])


def reviews(found: Exported) -> list[dict[str, Any]]:
    return [item for element in json.loads(found.files[0].content)["dataFeedElement"] for item in element["item"]]


def test_a_licence_stands_in_each_format_that_has_a_place_for_it() -> None:
    feed = json.loads(done("claimreview").files[0].content)
    assert feed["license"] == BY
    assert {review["sdLicense"] for review in reviews(done("claimreview"))} == {BY}
    files = {file.name.rsplit(".", 1)[1]: file.content for file in done("feed").files}
    channel = ET.fromstring(files["rss"])[0]
    assert channel.findtext("copyright") == f"Creative Commons Attribution 4.0 International ({BY})"
    atom = ET.fromstring(files["atom"])
    name = "{http://www.w3.org/2005/Atom}"
    assert atom.findtext(f"{name}rights") == "Creative Commons Attribution 4.0 International"
    assert [link.get("href") for link in atom.findall(f"{name}link") if link.get("rel") == "license"] == [BY]
    assert json.loads(files["json"])["_factcheck"]["licence_url"] == BY
    book = openpyxl.load_workbook(io.BytesIO(done("xlsx").files[0].content))
    assert book.custom_doc_props["licence"].value == BY
    about = {line[0]: line[1] for line in book.worksheets[-1].iter_rows(values_only=True)}
    assert about["پروانهٔ استفاده"] == BY
    parquet = pl.read_parquet_metadata(io.BytesIO(done("parquet").files[0].content))
    assert parquet["factcheck.licence"] == BY
    site = done("site").folder
    assert site is not None
    home = next(page for page in site.pages if page.name == "index.html").make().decode()
    assert f'<a href="{BY}" rel="license">' in home
    for output in ("csv", "jsonl"):
        rows = done(output, 'columns = ["claim_id", "licence"]').files[0].content
        assert rows.count(BY.encode()) == VIEW.filter(state="active").height


@pytest.mark.parametrize("output", formats())
def test_without_a_licence_none_is_printed(output: str) -> None:
    """The word itself, in each spelling and language of a label, stands in no file."""
    with_one, without = texts(done(output)), texts(done(output, licence=""))
    for word in ("sdLicense", '"license"', "creativecommons", "copyright", "rights>", "licence", "پروانهٔ استفاده"):
        assert word not in without
    assert (with_one == without) == (output in {"changes", "csv", "jsonl"})


@pytest.mark.parametrize("output", formats())
def test_a_profile_has_its_own_licence_or_none(output: str) -> None:
    own = texts(done(output, 'licence = "CC0-1.0"'))
    assert "creativecommons.org/licenses/by/" not in own
    assert texts(done(output, 'licence = ""')) == texts(done(output, licence=""))


@pytest.mark.parametrize("output", [name for name in formats() if name not in {"csv", "jsonl", "changes"}])
def test_a_profile_has_its_own_publisher(output: str) -> None:
    found = texts(done(output, OWN))
    assert "Partner Desk" in found
    assert "میز راستی‌آزمایی نمونه" not in found
    assert "desk.example.org" not in found
    assert ("https://partner.example/logo.png" in found) == (output in {"claimreview", "feed", "site"})


def test_a_feed_keeps_its_ids_under_another_publisher() -> None:
    def ids(text: str) -> list[str]:
        return [item["id"] for item in json.loads(done("feed", text).files[2].content)["items"]]

    assert ids(OWN) == ids("")


def test_ratings_have_the_profiles_words_in_its_language() -> None:
    words = {review["reviewRating"]["alternateName"] for review in reviews(done("claimreview", OWN))}
    assert words == {"تأیید", "رد"}
    english = 'language = "en"\n' + OWN
    words = {review["reviewRating"]["alternateName"] for review in reviews(done("claimreview", english))}
    assert words == {"Confirmed", "False or misleading"}
    items = json.loads(done("feed", OWN).files[2].content)["items"]
    assert {item["title"].split(":")[0] for item in items} >= {"تأیید", "رد"}
    table = pl.read_csv(done("csv", 'columns = ["verdict_label"]\n' + OWN).files[0].content)
    assert set(table["verdict_label"].drop_nulls()) == {"تأیید", "رد", "اظهار نظر"}
    site = done("site", OWN).folder
    assert site is not None
    method = next(page for page in site.pages if page.name == "method.html").make().decode()
    assert "تأیید" in method
    assert "نیمه‌درست" in method, "a word that the profile does not give is ours"


def test_a_reason_has_its_own_word_before_the_verdict() -> None:
    rows = VIEW.filter(verdict="disputed").with_columns(reason=pl.lit(str(Reason.PARTLY_TRUE)))
    own = OWN + 'partly_true = "Half true"\n'
    done = render(rows, made("claimreview", 'language = "en"\n' + own), FRAMES.context)
    assert {review["reviewRating"]["alternateName"] for review in reviews(done)} == {"Half true"}


def test_changes_say_results_in_the_profiles_words() -> None:
    profile = made("changes", OWN)
    done = render(VIEW.clear(), profile, told(FRAMES, profile))
    told_ = [json.loads(line) for line in done.files[-1].content.decode().splitlines() if line.startswith("{")]
    told_ = told_ or [json.loads(line) for line in done.files[0].content.decode().splitlines()]
    labels = {row[side]["label"] for row in told_ for side in ("before", "after") if row[side]}
    assert labels & {"تأیید", "رد"}
    assert not labels & {"درست", "نادرست یا گمراه‌کننده"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('licence = "CC BY"', "did you mean 'CC-BY-4.0'"),
        ('[publisher]\nurl = "partner"', "not a web address"),
        ('[publisher]\nurl = "https://me:secret@partner.example"', "not a web address"),
        ('[publisher]\nlogo = "javascript:alert(1)"', "not a web address"),
        ('[publisher]\nname = "two\\nlines"', "control character"),
        ('[publisher]\nnmae = "x"', "did you mean 'name'"),
        ('[rating_words.fa]\nverifed = "x"', "did you mean 'verified'"),
        ('[rating_words.de]\nverified = "x"', "rating_words.de"),
        (f'[rating_words.fa]\nverified = "{"x" * 41}"', "40 characters"),
        ('[rating_words.fa]\nverified = "…"', "letters or digits"),
    ],
)
def test_what_is_wrong_is_said_with_the_nearest(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        made("claimreview", text)
    assert said in f"{caught.value.what} {caught.value.hint}"


@pytest.mark.parametrize("output", ["claimreview", "site"])
def test_evidence_that_cannot_be_cited_is_counted_where_it_is_shown(output: str) -> None:
    shown, left_out = ["سالنامهٔ آماری، ص ۱۲"], ["the yearbook, page 3"]
    rows = VIEW.filter(pl.col("claim_id").is_in(VIEW.filter(verdict="verified")["claim_id"].head(1).implode()))
    rows = rows.with_columns(evidence=pl.lit([*shown, "https://example.org/1"], pl.List(pl.String)))
    none = rows.with_columns(
        claim_id=pl.lit("clm_" + "e" * 20), verdict=pl.lit(None, pl.String), status=pl.lit("contested"),
        evidence=pl.lit(left_out, pl.List(pl.String)), first_published_at=pl.lit(None, rows.schema["decided_at"]),
    )  # fmt: skip
    done = render(pl.concat([rows, none]), made(output, 'columns = ["claim_id"]'), FRAMES.context)
    (note,) = [note for note in done.notes if "no web address" in note]
    assert note.startswith("1 evidence entries name no web address")
    assert note.endswith("a ClaimReview cites only addresses")
