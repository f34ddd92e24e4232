"""Makes the golden dataset of the current format, once: `python tests/dataset/golden/make_golden.py`.

With `imports` as its argument it makes `format-2-imports.tar.gz` instead, a desk with imported verdicts as the last
code of format 2 (commit e49500b) left it: where a verdict came from is said by its policy alone.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import tarfile
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from factcheck import dataset as ds
from factcheck import frames
from factcheck import settings as settings_package
from factcheck.dataset import annotators
from factcheck.dataset.maintenance import restore
from factcheck.models import (
    SCHEMA_VERSION,
    Article,
    ClaimEvent,
    ClaimEventKind,
    EditorialChange,
    claim_event_id,
    claim_id,
    edit_id,
)
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.import_ import import_earlier

HERE = Path(__file__).parent


def _rows() -> Any:
    spec = importlib.util.spec_from_file_location("rows", HERE.parent / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Rows()


TOLD: dict[str, Any] = {
    "claimant": "سخنگوی وزارت راه، رضا مهدوی",
    "claimant_role": "سخنگوی وزارت راه",
    "claimant_organisation": "وزارت راه",
    "claim_in_words": "متن شماره ۰",
    "repeated": [{"start": 5, "end": 8}, {"start": 15, "end": 18}],
    "dates": [{"start": 0, "end": 3, "calendar": "jalali", "iso": "2026-11-27"}],
}
"""What format 5 says of a claim."""
RULE = "majority(min_votes=2,margin=1)"


def main() -> None:
    target = HERE / f"format-{SCHEMA_VERSION}.tar.gz"
    if target.exists():
        raise SystemExit(f"{target} exists: a released format never changes")
    rows = _rows()
    with tempfile.TemporaryDirectory() as folder:
        dataset = ds.open(Path(folder) / "dataset", create=True)
        cues = pl.Series([[{"start": 0, "seconds": 0.0}, {"start": 15, "seconds": 3723.5}], *[None] * 9])
        first = {
            "articles": rows.articles(range(10)).with_columns(
                cues=cues.cast(frames.schema(Article)["cues"]),
                published_day=pl.Series([date(2026, 11, 28), *[None] * 9], dtype=pl.Date),
            ),
            "claims": pl.concat([rows.claims([0], **TOLD), rows.claims(range(1, 10))]),
        }
        ds.commit(
            dataset,
            **first,
            events=rows.events(range(10)),
            verdicts=rows.verdicts(range(10)),
            cause="pull",
            cursor={"main": {"updated_at": "2026-11-05T12:00:00Z"}},
            policy=RULE,
            now=rows.now,
        )
        unproven = rows.verdicts([4], None, status="unproven", n_votes=2, n_verified=0, n_unproven=2)
        later = pl.concat(
            [
                rows.verdicts([0], "disputed", reason="misleading"),
                unproven,
                rows.verdicts([1], None),
                rows.verdicts([2], origin="import", source="Desk X, 2019", policy="import(Desk X, 2019)"),
                rows.verdicts([3], adjudicator=f"ant_{5:020x}"),
            ]
        )
        marked = pl.concat(
            [
                rows.events([3], 2).with_columns(mark=pl.lit("kept"), mark_reason=pl.lit("Label Studio went back")),
                rows.events([4], 2).with_columns(
                    state=pl.lit("put_aside"), mark=pl.lit("put_aside"), mark_reason=pl.lit("imported")
                ),
            ]
        ).with_columns(task_updated_at=pl.col("updated_at"))
        said = rows.events([5], 2, "disputed").with_columns(
            reason=pl.lit("outdated"), same_as=pl.lit("https://example.org/1"), corrected_claim=pl.lit("so")
        )
        events = pl.concat([rows.events(range(10, 20)), marked, said, rows.events([6], 2, "unproven")])
        events = events.with_columns(saw_earlier=pl.Series([True, False, *[None] * (events.height - 2)]))
        ds.commit(dataset, events=events, verdicts=later, cause="pull", now=rows.at(1))
        _mend(dataset, rows)
        _write(dataset, rows)
        dataset.tag("spring", 1, now=rows.now)
        expected = _expected(dataset)
        # The index is a cache of one polars version.
        shutil.rmtree(Path(folder) / "dataset" / "_index")
        with tarfile.open(target, "w:gz") as archive:
            archive.add(Path(folder) / "dataset", "dataset")
    (HERE / f"format-{SCHEMA_VERSION}.json").write_text(json.dumps(expected, indent=2) + "\n")


def _mend(dataset: ds.Dataset, rows: Any) -> None:
    """A claim gets other words, an outlet, a day and a context from a person; another is withdrawn and put back."""
    old, other = rows.claim(9), rows.claim(8).claim_id
    text = rows.article(9).text
    own = claim_id(article_id=old.article_id, start=0, end=8, quote=text[:8])
    new = {"claim_id": own, "group_id": own, "end": 8, "quote": text[:8], "supersedes": old.claim_id}
    said = {"outlet": "Radio Atlas", "said_at": rows.at(-30), "context": "در جلسهٔ علنی", "extractor": "person"}
    edited = pl.concat([rows.claims([9], state="withdrawn"), rows.claims([9], **new, **said)])
    undone = None
    for version, kind, claims, made, changed in (
        (3, "edit", [old.claim_id], [own], edited),
        (4, "withdraw", [other], [], rows.claims([8], state="withdrawn")),
        (5, "undo", [other], [], rows.claims([8])),
    ):
        at = rows.at(version - 1)
        event = ClaimEvent(
            event_id=claim_event_id(version=version, kind=kind, claims=claims, made=made, at=at),
            kind=ClaimEventKind(kind),
            claims=claims,
            made=made,
            changed=["context", "date", "outlet", "words"] if made else [],
            undoes=undone if kind == "undo" else None,
            why=None if kind == "undo" else "بد جدا شده بود",
            who=f"ant_{3:020x}",
            at=at,
        )
        ds.commit(dataset, claims=changed, claim_events=frames.from_records(ClaimEvent, [event]), cause=kind, now=at)
        undone = event.event_id


def _write(dataset: ds.Dataset, rows: Any) -> None:
    """Editors write of two claims; one is published, and gets another verdict after that."""
    first, second = rows.claim(0).claim_id, rows.claim(5).claim_id
    for version, words in (
        (
            6,
            {
                (first, "headline"): "تیتر نخست",
                (second, "claim_reviewed"): "ده هزار نفر آمدند",
                (first, "state"): "draft",
            },
        ),
        (7, {(first, "state"): "published", (second, "state"): "published", (first, "topic"): "راه"}),
        (8, {(first, "topic"): None, (first, "page_url"): "https://desk.example/1", (first, "summary"): "الف\nب"}),
    ):
        at = rows.at(version - 1)
        made = [
            EditorialChange(
                edit_id=edit_id(claim_id=claim, field=field, value=value, at=at),
                claim_id=claim,
                field=field,
                value=value,
                editor=f"ant_{3:020x}",
                at=at,
            )
            for (claim, field), value in words.items()
        ]
        ds.commit(dataset, editorial=frames.from_records(EditorialChange, made), cause="editorial", now=at)
    ds.commit(dataset, verdicts=rows.verdicts([5], "disputed", reason="false"), cause="pull", now=rows.at(8))


def _expected(dataset: ds.Dataset) -> dict[str, Any]:
    verdicts = dataset.verdicts().select("claim_id", "status", "verdict").sort("claim_id").collect()
    return {
        "version_hashes": dataset.versions()["version_hash"].to_list(),
        "verdicts": [list(row) for row in verdicts.iter_rows()],
        "fingerprint_1": dataset.fingerprint(1),
        "fingerprint": dataset.fingerprint(),
        "annotator_id": annotators.annotator_id(dataset, "https://studio.example.org", 3),
    }


def imports() -> None:
    """A desk whose verdicts come from votes, from a lead, and from two sources; one import was taken back."""
    target = HERE / "format-2-imports.tar.gz"
    if target.exists():
        raise SystemExit(f"{target} exists: a released format never changes")
    rows = _rows()
    with tempfile.TemporaryDirectory() as folder:
        desk_folder = Path(folder) / "desk"
        desk_folder.mkdir()
        (desk_folder / settings_package.FILE_NAME).write_text('[projects.main]\ntitle = "Golden"\n', "utf-8")
        settings = settings_package.load(desk_folder, {})
        desk = Desk(settings)
        dataset = desk.dataset
        voted = rows.verdicts(range(3))
        lead = rows.verdicts([3], "disputed", adjudicator=f"ant_{5:020x}", policy=f"adjudicator({RULE})")
        ds.commit(
            dataset,
            articles=rows.articles(range(10)),
            claims=rows.claims(range(10)),
            events=rows.events(range(20)),
            verdicts=pl.concat([voted, lead, rows.verdicts([4], None)]),
            cause="pull",
            policy=RULE,
            now=rows.now,
        )
        for name, source, lines in (
            ("x.csv", "Desk X, 2019", ("The bridge cost 40 million,False", "Rents fell by 3 percent,True",
                                       "Exports doubled in 2018,False")),
            ("y.csv", "شبکهٔ «ب» (2020)", ("Every second school is closed,True",)),
        ):  # fmt: skip
            (desk_folder / name).write_text("\n".join(("claim,rating", *lines)), "utf-8")
            import_earlier(settings, [desk_folder / name], source=source, own=[], dry_run=False, now=rows.at(1))
        dataset = ds.open(settings.dataset_uri)
        restore(dataset, 2, now=rows.at(2))
        # People voted on what was imported: from then on the verdict is theirs.
        claims = dataset.claims().filter(pl.col("quote") == "Exports doubled in 2018").collect()
        later = rows.verdicts([0], "verified", n_votes=2, n_verified=2).with_columns(
            claims["group_id"].alias("claim_id")
        )
        ds.commit(dataset, verdicts=later, cause="pull", now=rows.at(3))
        desk.staging.add_articles(rows.articles([20]))
        desk.staging.set_claims(rows.claims([20]))
        expected = _expected(dataset)
        shutil.rmtree(Path(settings.dataset_uri) / "_index")
        with tarfile.open(target, "w:gz") as archive:
            archive.add(desk_folder, ".")
    (HERE / "format-2-imports.json").write_text(json.dumps(expected, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    imports() if sys.argv[1:] == ["imports"] else main()
