from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import ConfigError, UsageError
from factcheck.exporters import Profile, find, formats, profiles, render, select, view
from factcheck.exporters.columns import NESTED, RECORD, TABLE, TYPES, chosen, flattened, headers
from factcheck.exporters.filters import Filters
from factcheck.exporters.labels import COLUMNS
from factcheck.exporters.profiles import parse
from factcheck.languages import SPOKEN
from factcheck.models import Status, Verdict
from tests.exporters.export_rows import CONTEXT, row, rows
from tests.golden.export_changes import told
from tests.golden.export_release import release

FRAMES = release()
VIEW = view(FRAMES.articles, FRAMES.claims, FRAMES.verdicts, FRAMES.versions)


def profile(text: str) -> Profile:
    return parse(text, name="mine", subject="exports/mine/profile.toml")


def test_every_column_has_a_type_and_labels_in_three_languages() -> None:
    assert set(COLUMNS) == set(TYPES)
    assert all(set(label) == set(SPOKEN) and all(label.values()) for label in COLUMNS.values())
    assert set(TABLE) < set(TYPES)
    assert set(RECORD) < set(TYPES)


@pytest.mark.parametrize("language", SPOKEN)
def test_headers_of_all_columns_are_different(language: str) -> None:
    found = headers(TABLE, language)
    assert len(set(found)) == len(TABLE)


def test_a_label_for_two_columns_is_told_apart() -> None:
    own = {"url": {"en": "Claim"}}
    assert headers(["quote", "url"], "en", own) == ["Claim (quote)", "Claim (url)"]


def test_built_in_profiles_cover_every_format() -> None:
    assert {found.format for found in profiles(None).values()} == set(formats())


def test_every_profile_says_what_it_is_in_three_languages() -> None:
    assert all(set(found.description) == {"fa", "ar", "en"} for found in profiles(None).values())


@pytest.mark.parametrize("name", formats())
def test_every_format_works_without_a_profile_and_names_the_version(name: str) -> None:
    done = render(VIEW, name, told(FRAMES, Profile(name=name, format=name)))
    assert done.files or done.folder
    assert all("v3" in file.name for file in done.files)
    assert done.seen == VIEW.height == done.accepted + done.rejected.height


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        find("newsrom-xlsx", None)
    assert "'newsroom-xlsx'" in caught.value.hint


def test_the_desks_own_profile_comes_first(tmp_path: Path) -> None:
    for name in ("newsroom-xlsx", "mine"):
        folder = tmp_path / "exports" / name
        folder.mkdir(parents=True)
        (folder / "profile.toml").write_text('format = "csv"\ncolumns = ["quote"]\n', "utf-8")
    assert find("newsroom-xlsx", tmp_path).format == "csv"
    assert profiles(tmp_path)["mine"].name == "mine"
    assert find("csv", tmp_path) == Profile(name="csv", format="csv")


def test_a_broken_profile_stops_only_itself(tmp_path: Path) -> None:
    folder = tmp_path / "exports" / "broken"
    folder.mkdir(parents=True)
    (folder / "profile.toml").write_bytes(b"format = \xff")
    assert find("open-data-csv", tmp_path).format == "csv"
    with pytest.raises(ConfigError, match="broken"):
        find("broken", tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format =", "TOML"),
        ('format = "csv"\ncolums = []', "columns"),
        ('format = "csv"\n[filters]\nstatus = ["decided"]', "statuses"),
        ('format = "csv"\n[filters]\nstatuses = ["done"]', "filters.statuses.0"),
        ('format = "csv"\n[filters]\nmin_agreement = 2', "min_agreement"),
        ('format = "csv"\ncolumns = ["quotes"]', "'quote'"),
        ('format = "csv"\ncolumns = ["quote", "quote"]', "twice"),
        ('format = "csv"\nsort = ["-when"]', "no such column: when"),
        ('format = "csv"\nsort = ["appearances"]', "has no order"),
        ('format = "csv"\nsort = ["url", "-url"]', "twice"),
        ('format = "csv"\nfile = "claims.csv"', "v{version}"),
        ('format = "csv"\nfile = "../v{version}.csv"', "plain name"),
        ('format = "csv"\nfile = "v{version}-{hour}.csv"', "{hour}"),
        ('format = "csv"\nfile = "v{version}-{.csv"', "brace"),
        ('format = "claimreview"\n[claimreview]\nreview_url = "https://desk.example.org/"', "{claim_id}"),
        ('format = "claimreview"\n[claimreview]\nworst_rating = 5', "best_rating"),
        ('format = "claimreview"\n[claimreview.ratings]\nverified = 9', "within"),
        ('format = "claimreview"\n[claimreview.ratings]\nfalse = 1', "ratings"),
        ('format = "csv"\nlanguage = "de"', "language"),
        ("headers = 'names'", "format"),
    ],
)
def test_a_wrong_profile_is_explained(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        profile(text)
    assert said in f"{caught.value.what} {caught.value.hint}"
    assert caught.value.subject == "exports/mine/profile.toml"


def test_a_profile_for_no_format_is_refused() -> None:
    with pytest.raises(ConfigError, match="no such format: pdf"):
        render(VIEW, profile('format = "pdf"'), CONTEXT)


@pytest.mark.parametrize("output", ["csv", "xlsx"])
def test_a_table_takes_no_nested_column(output: str) -> None:
    with pytest.raises(ConfigError, match="does not fit in a table"):
        render(VIEW, profile(f'format = "{output}"\ncolumns = ["appearances"]'), CONTEXT)


def test_the_file_name_is_made_from_the_version() -> None:
    made = profile('format = "csv"\nfile = "{tag}-{date}-{language}-v{version}.csv"')
    assert made.file_name(CONTEXT, ".csv") == "week-47-2026-11-20-fa-v7.csv"
    assert Profile(name="x", format="csv").file_name(CONTEXT, ".csv") == "x-v7.csv"


def test_columns_labels_and_order_are_the_profiles() -> None:
    made = profile(
        'format = "csv"\ncolumns = ["verdict_label", "quote"]\nheaders = "labels"\nsort = ["-quote"]\n'
        '[labels.quote]\nfa = "گفته"\n'
    )
    shown = pl.read_csv(render(rows(row(quote="a"), row(quote="b", verdict="opinion")), made, CONTEXT).files[0].content)
    assert shown.columns == ["نتیجه", "گفته", "نسخهٔ داده"]
    assert shown.rows() == [("اظهار نظر", "b", 7), ("درست / تأیید شد", "a", 7)]


@pytest.mark.parametrize("by", ["decided_at", "-decided_at"])
def test_what_has_no_date_stands_last(by: str) -> None:
    frame = rows(row(quote="undated", decided_at=None), row(quote="dated"))
    made = Profile(name="mine", format="csv", columns=["quote"], sort=[by])
    assert pl.read_csv(render(frame, made, CONTEXT).files[0].content)["quote"].to_list() == ["dated", "undated"]


@pytest.mark.parametrize("column", sorted(set(TYPES) - NESTED))
@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_column_can_be_sorted_by_as_it_is_shown(column: str, language: str) -> None:
    """What is compared is what a table shows; what is empty stands last in both directions."""
    context = replace(FRAMES.context, language=language)
    orders = []
    for by in (column, f"-{column}"):
        made = Profile(name="mine", format="jsonl", columns=["claim_id"], sort=[by])
        orders.append(select(VIEW, made, context).rows["claim_id"].to_list())
    names = list(dict.fromkeys(["claim_id", column]))
    shown = flattened(chosen(VIEW.filter(state="active"), names, context, context.language))
    value = dict(zip(shown["claim_id"], shown[column], strict=True))
    first = ("decided", "contested", "unproven", "not_a_claim", "single", "unreviewed")
    for order in orders:
        values = [value[claim] for claim in order]
        filled = [one for one in values if one is not None]
        assert values == [*filled, *([None] * (len(values) - len(filled)))]
        keys = [first.index(one) for one in filled] if column == "status" else filled
        assert keys == sorted(keys, reverse=order is orders[1])


FILTERS = st.builds(
    Filters,
    statuses=st.lists(st.sampled_from(Status), unique=True),
    verdicts=st.lists(st.sampled_from(Verdict), unique=True),
    languages=st.lists(st.sampled_from(["fa", "ar", "en", "de"]), unique=True),
    min_agreement=st.sampled_from([0.0, 0.3, 0.9]),
    withdrawn=st.booleans(),
)


@given(filters=FILTERS, output=st.sampled_from(["jsonl", "claimreview"]))
def test_every_row_is_shown_or_said(filters: Filters, output: str) -> None:
    done = render(VIEW, Profile(name="mine", format=output, filters=filters), FRAMES.context)
    assert done.seen == VIEW.height == done.accepted + done.rejected.height
    left_out = set(done.rejected["subject"])
    shown = VIEW.filter(~pl.col("claim_id").is_in(list(left_out)))
    assert shown.height == done.accepted
    assert not filters.statuses or set(shown["status"]) <= {str(item) for item in filters.statuses}
    assert not filters.verdicts or set(shown["verdict"]) <= {str(item) for item in filters.verdicts}
    assert not filters.languages or set(shown["lang"]) <= set(filters.languages)
    assert all(value >= filters.min_agreement for value in shown["agreement"].fill_null(0))
    assert done.rejected["reason"].null_count() == 0


def test_reasons_name_the_filter() -> None:
    done = render(VIEW, find("open-data-csv", None), FRAMES.context)
    assert set(done.rejected["code"]) == {"WITHDRAWN", "FILTERED_STATUS"}
    assert "shows status decided only" in done.rejected.filter(code="FILTERED_STATUS")["reason"][0]


@pytest.mark.parametrize("name", formats())
def test_an_export_made_again_has_the_same_bytes(name: str) -> None:
    first, second = (render(VIEW, name, told(release(), Profile(name=name, format=name))) for _ in range(2))
    assert first.files == second.files


@pytest.mark.parametrize("name", formats())
def test_an_empty_version_exports_too(name: str) -> None:
    context = told(FRAMES, Profile(name=name, format=name))
    nothing = {
        key: frame.clear()
        for key in ("changes", "history", "corrections", "status_history")
        if (frame := getattr(context, key)) is not None
    }
    done = render(VIEW.clear(), name, replace(context, **nothing))
    assert (done.seen, done.accepted, done.rejected.height) == (0, 0, 0)
    counts = {"feed": 3, "changes": 2, "evidence": 2, "google-api": 2, "dataset-folder": 7}
    assert len(done.files) == counts.get(name, 1) or done.folder


@pytest.mark.parametrize("output", formats())
def test_a_withdrawn_verdict_never_reads_as_one_that_stands(output: str) -> None:
    gone = VIEW.filter(pl.col("verdict").is_not_null()).with_columns(state=pl.lit("withdrawn"))
    context = told(FRAMES, Profile(name=output, format=output))
    assert render(gone, output, context).accepted == 0
    columns = [] if output == "claimreview" else ["quote", "verdict"]
    made = Profile(name="mine", format=output, columns=columns, filters=Filters(withdrawn=True))
    if output in {"dataset-folder", "sqlite"}:
        with pytest.raises(ConfigError, match="withdrawn"):
            render(gone, made, context)
        return
    done = render(gone, made, context)
    if output == "claimreview":
        assert set(done.rejected["code"]) == {"WITHDRAWN"}
        assert [json.loads(file.content)["dataFeedElement"] for file in done.files] == [[]]
    elif output in {"site", "community-notes", "evidence", "google-api", "label-studio-json", "markdown"}:
        assert set(done.rejected["code"]) <= {"WITHDRAWN", "OPINION"}
        assert done.accepted == 0
    elif output == "csv":
        table = pl.read_csv(done.files[0].content)
        assert set(table["state"]) == {"withdrawn"}
        assert table["verdict"].null_count() == table.height > 0
    elif output == "jsonl":
        lines = pl.read_ndjson(done.files[0].content)
        assert set(lines["state"]) == {"withdrawn"}
        assert lines["verdict"].null_count() == lines.height > 0
    elif output == "feed":
        assert set(done.rejected["code"]) == {"NO_VERDICT"}
        assert not any(file.content.count(b"<item>") + file.content.count(b"<entry>") for file in done.files)
    else:
        assert done.accepted == gone.height
