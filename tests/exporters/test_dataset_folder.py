"""The dataset folder: typed tables with keys, digests that are true, and only the history of what was withdrawn."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from factcheck.dataset import status_history
from factcheck.errors import ConfigError, UsageError
from factcheck.exporters import ExportContext, Profile, find, render, view, write
from factcheck.exporters.columns import TYPES
from factcheck.exporters.fields import FIELDS, TABLES, described
from factcheck.exporters.flat_tables import APPEARANCES, EVIDENCE, KEYS, STATUS_HISTORY, tables
from tests.exporters.export_rows import CONTEXT, TEXTS, appearance, row, rows
from tests.golden.export_changes import told
from tests.golden.export_release import id_of, release

RELEASE = release()
VIEW = view(RELEASE.articles, RELEASE.claims, RELEASE.verdicts, RELEASE.versions)
PROFILE = find("dataset-folder", None)
TOLD = told(RELEASE, PROFILE)
EMPTY = replace(CONTEXT, status_history=pl.DataFrame(schema=STATUS_HISTORY))


def made(frame: pl.DataFrame, context: ExportContext = TOLD, profile: Profile = PROFILE) -> dict[str, bytes]:
    return {file.name.partition("/")[2]: file.content for file in render(frame, profile, context).files}


def read(files: dict[str, bytes], table: str) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(files[f"{table}.parquet"]))


def front(files: dict[str, bytes]) -> Any:
    return yaml.safe_load(files["README.md"].decode().split("---\n")[1])


def test_the_history_s_columns_are_those_of_the_dataset() -> None:
    assert STATUS_HISTORY == status_history.SCHEMA


def test_every_column_that_a_table_can_have_is_described() -> None:
    for table in KEYS:
        assert TABLES[table]
    for name in {*TYPES, *APPEARANCES, *EVIDENCE, *STATUS_HISTORY} - {"appearances", "sources", "evidence"}:
        if name not in {"evidence_urls", "evidence_kinds"}:
            assert described(name, "verdicts").endswith("."), name
    assert len(set(FIELDS.values())) == len(FIELDS)


@given(
    items=st.lists(
        st.builds(
            row, quote=TEXTS.filter(bool), claimant=st.none() | TEXTS, title=st.none() | TEXTS,
            rationales=st.lists(TEXTS.filter(bool), max_size=1),
            appearances=st.lists(st.builds(appearance, quote=TEXTS), max_size=3),
        ),
        max_size=4,
    )
)  # fmt: skip
def test_texts_are_equal_when_they_are_read_back(items: list[dict[str, Any]]) -> None:
    numbered = [item | {"claim_id": f"clm_{number:020}"} for number, item in enumerate(items)]
    files = made(rows(*numbered), EMPTY)
    shown = read(files, "verdicts")
    for name in ("quote", "claimant", "title"):
        assert shown[name].to_list() == [item[name] for item in numbered]
    assert shown["rationales"].to_list() == [(item["rationales"] or [None])[0] for item in numbered]
    stood = read(files, "appearances")
    assert sorted(stood.select("claim_id", "quote").rows()) == sorted(
        (item["claim_id"], one["quote"]) for item in numbered for one in item["appearances"]
    )


def test_the_same_version_gives_the_same_bytes_in_any_order_of_chunks() -> None:
    parts = pl.concat([VIEW.head(3), VIEW.tail(-3)], rechunk=False)
    assert made(parts) == made(VIEW)


def test_what_describes_the_tables_is_true() -> None:
    files = made(VIEW)
    croissant, package = json.loads(files["croissant.json"]), json.loads(files["datapackage.json"])
    assert croissant["conformsTo"][0] == "http://mlcommons.org/croissant/1.1"
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    for file, resource in zip(croissant["distribution"], package["resources"], strict=True):
        content = files[file["contentUrl"]]
        assert file["sha256"] == hashlib.sha256(content).hexdigest()
        assert resource["hash"] == f"sha256:{file['sha256']}"
        assert file["contentSize"] == f"{len(content)} B"
        frame = pl.read_parquet(io.BytesIO(content))
        assert [field["name"] for field in resource["schema"]["fields"]] == frame.columns
        key = resource["schema"]["primaryKey"]
        assert frame.select(key).is_unique().all()
        assert not frame.select(key).null_count().sum_horizontal().sum()
    for records, resource in zip(croissant["recordSet"], package["resources"], strict=True):
        assert [field["name"] for field in records["field"]] == [one["name"] for one in resource["schema"]["fields"]]


def test_every_file_names_version_profile_policy_and_time() -> None:
    for name, content in made(VIEW).items():
        if name.endswith(".parquet"):
            said = pl.read_parquet_metadata(io.BytesIO(content))
            assert said["factcheck.dataset_version"] == "3"
            assert said["factcheck.profile"] == "dataset-folder"
            assert said["factcheck.policy"] == TOLD.policy
            assert said["factcheck.dataset_committed_at"] == "2026-11-20T09:30:00+00:00"
        else:
            text = content.decode().replace("\\", "")
            for part in ("dataset-folder", TOLD.policy, "2026-11-20T09:30:00+00:00", TOLD.version_hash):
                assert part in text, (name, part)


def test_the_responsible_ai_fields_say_what_the_desk_knows() -> None:
    said = json.loads(made(VIEW)["croissant.json"])
    assert "3 checkers of the desk" in said["rai:annotatorDemographics"][0]
    assert "0.750" in said["rai:dataAnnotationAnalysis"][0]
    assert "2 at least, 3 at most" in said["rai:annotationsPerItem"]
    bare = json.loads(made(VIEW, replace(TOLD, measured={}))["croissant.json"])
    assert "not measured" in bare["rai:dataAnnotationAnalysis"][0]
    assert not any(character.isdigit() for character in bare["rai:annotatorDemographics"][0])
    assert "rai:annotationsPerItem" not in json.loads(made(rows(), EMPTY)["croissant.json"])


def test_what_was_withdrawn_stands_in_the_history_alone() -> None:
    files = made(VIEW)
    gone = id_of("en_withdrawn")
    (history,) = [one for one in read(files, "status_history").to_dicts() if one["claim_id"] == gone]
    assert (history["state"], history["latest_verdict"], history["current_verdict"]) == ("withdrawn", "disputed", None)
    for table in ("verdicts", "appearances", "evidence"):
        assert gone not in read(files, table)["claim_id"]
    everything = PROFILE.model_copy(update={"filters": PROFILE.filters.model_copy(update={"withdrawn": True})})
    with pytest.raises(ConfigError, match="withdrawn"):
        made(VIEW, profile=everything)


def test_a_claim_without_a_result_any_more_is_in_no_table_of_verdicts() -> None:
    files = made(VIEW)
    fell = id_of("en_waiting")
    assert fell in read(files, "status_history")["claim_id"]
    assert fell not in read(files, "verdicts")["claim_id"]


def test_a_profile_s_languages_hold_for_the_history_too() -> None:
    only = PROFILE.model_copy(update={"filters": PROFILE.filters.model_copy(update={"languages": ["fa"]})})
    files = made(VIEW, profile=only)
    assert set(read(files, "verdicts")["lang"]) == set(read(files, "status_history")["lang"]) == {"fa"}
    assert front(files)["language"] == ["fa"]


def test_a_profile_s_columns_keep_the_key_and_the_version() -> None:
    few = PROFILE.model_copy(update={"columns": ["quote", "verdict", "evidence"], "labels": {"quote": {"fa": "گفته"}}})
    files = made(VIEW, profile=few)
    assert read(files, "verdicts").columns == ["claim_id", "quote", "verdict", "dataset_version"]
    fields = json.loads(files["datapackage.json"])["resources"][0]["schema"]["fields"]
    assert fields[1]["title"] == "گفته"


def test_evidence_is_numbered_within_its_claim() -> None:
    lines = [
        "https://a.example/1 | data | p. 3",
        "a book, p. 12",
        "https://web.archive.org/web/2026/https://b.example/",
    ]
    found = tables(rows(row(evidence=lines)), PROFILE, EMPTY).evidence
    assert found["position"].to_list() == [1, 2, 3]
    assert found["url"].to_list() == ["https://a.example/1", None, "https://b.example/"]
    assert found["kind"].to_list()[0] == "data"
    assert found["archived_url"].to_list()[2] is not None


def test_duckdb_joins_the_tables(tmp_path: Path) -> None:
    write(render(VIEW, PROFILE, TOLD).files, tmp_path)
    folder = tmp_path / "dataset-v3"
    found = duckdb.sql(
        f"select verdict, count(*) from '{folder}/verdicts.parquet' "
        f"join '{folder}/appearances.parquet' using (claim_id) group by 1 order by 1"
    )
    assert found is not None
    assert found.fetchall() == [("disputed", 3), ("opinion", 1), ("verified", 4)]


def test_an_empty_dataset_is_a_folder_of_empty_tables() -> None:
    files = made(rows(), EMPTY)
    assert {name: read(files, name).height for name in KEYS} == dict.fromkeys(KEYS, 0)
    assert front(files)["size_categories"] == ["n<1K"]
    assert [one["config_name"] for one in front(files)["configs"]] == ["verdicts"]
    assert "no verdict yet" in json.loads(files["croissant.json"])["description"]


@given(name=TEXTS)
def test_the_front_matter_is_yaml_whatever_the_desk_is_called(name: str) -> None:
    found = front(made(rows(), replace(EMPTY, desk_name=name)))
    assert found["pretty_name"] == f"{' '.join(name.split())}: checked claims"


@pytest.mark.parametrize(
    ("said", "hub", "url"),
    [
        ("CC-BY-4.0", "cc-by-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("ODbL-1.0", "odbl", "https://opendatacommons.org/licenses/odbl/1-0/"),
        ("MIT", "mit", "https://spdx.org/licenses/MIT.html"),
        ("LicenseRef-ours", "other", "LicenseRef-ours"),
        ("CC-BY-4.0 OR MIT", "other", "CC-BY-4.0 OR MIT"),
        ("https://desk.example/licence", "other", "https://desk.example/licence"),
    ],
)
def test_a_licence_is_named_as_readers_name_it(said: str, hub: str, url: str) -> None:
    found = made(rows(), replace(EMPTY, licence=said))
    card = front(found)
    assert card["license"] == hub
    assert ("license_name" in card) == (hub == "other")
    assert json.loads(found["croissant.json"])["license"] == url


def test_without_a_licence_readers_are_told_of_none() -> None:
    found = made(rows(), replace(EMPTY, licence=""))
    assert "license" not in front(found)
    assert "license" not in json.loads(found["croissant.json"])
    assert "licenses" not in json.loads(found["datapackage.json"])


def test_without_a_history_the_format_says_what_it_needs() -> None:
    with pytest.raises(UsageError, match="needs status_history"):
        render(VIEW, PROFILE, CONTEXT)
