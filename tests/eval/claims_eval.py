"""How well claims are cut out, scored and attributed, on the evaluation data beside the repository.

`python -m tests.eval.claims_eval` prints a table; with JSON=1 in the environment one object a line.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from factcheck import frames
from factcheck.claims import extract
from factcheck.claims.sentences import paragraphs
from factcheck.models import Article, article_id
from tests.measures import Measure, emit

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
THRESHOLD = 0.5
_BLOCK = 20
_PRONOUNS = frozenset({"he", "she", "they", "it", "who", "i", "we", "you", "him", "her", "that", "which"})
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def articles_of(texts: Sequence[str], lang: str | None) -> pl.DataFrame:
    """The texts as a frame of articles."""
    return frames.from_records(
        Article,
        [
            Article(
                article_id=article_id(url=f"https://example.org/{number}", publisher=None, title=None, text=text),
                source=str(number),
                lang=lang,
                text=text,
                fetched_at=_EPOCH,
            )
            for number, text in enumerate(texts)
        ],
    )


def news() -> Iterator[Measure]:
    """Recall on the gold claims (same span, score at or above the threshold) and on the controls."""
    gold = json.loads((DATA / "news" / "gold_open.json").read_text("utf-8"))
    names = list(gold["files"])
    texts = [(DATA / "news" / name).read_bytes().decode("utf-8") for name in names]
    langs = [gold["files"][name]["languages"][0] for name in names]
    frame = pl.concat([articles_of([text], lang) for text, lang in zip(texts, langs, strict=True)])
    claims = extract(frame).claims
    by_article = dict(zip(names, frame["article_id"], strict=True))

    def found(entry: dict[str, object], *, exact: bool, above: bool) -> bool:
        start, end = pl.lit(entry["start"]), pl.lit(entry["end"])
        here = pl.col("article_id") == by_article[str(entry["file"])]
        same = (pl.col("start") == start) & (pl.col("end") == end)
        overlap = (pl.col("start") < end) & (pl.col("end") > start)
        score = pl.col("check_worthiness") >= (THRESHOLD if above else 0.0)
        return claims.filter(here & (same if exact else overlap) & score).height > 0

    wanted, controls = gold["claims"], gold["non_check_worthy"]
    share = sum(found(entry, exact=False, above=False) for entry in wanted) / len(wanted)
    yield Measure("claims.news_gold_found", share, "share", 1.0, "higher", "all", 1.0, len(wanted))
    share = sum(found(entry, exact=True, above=False) for entry in wanted) / len(wanted)
    yield Measure("claims.news_gold_exact_span", share, "share", 1.0, "higher", "", None, len(wanted))
    share = sum(found(entry, exact=False, above=True) for entry in wanted) / len(wanted)
    yield Measure("claims.news_gold_above_threshold", share, "share", 1.0, "higher", "", None, len(wanted))
    share = sum(found(entry, exact=False, above=True) for entry in controls) / len(controls)
    yield Measure("claims.news_controls_above_threshold", share, "share", 0.0, "lower", "", None, len(controls))
    share = claims.filter(pl.col("check_worthiness") >= THRESHOLD).height / claims.height
    yield Measure("claims.news_pushed", share, "share", None, "lower", "", None, claims.height)


def segmentation() -> Iterator[Measure]:
    """F1 of sentence ends; sentences joined by a space, 20 a block, as the anchors were measured."""
    for name, lang, anchor in (("ud_fa_seraji", "fa", 0.986), ("ud_ar_pud", "ar", 0.996)):
        texts = [
            line.removeprefix("# text = ").strip()
            for path in sorted((DATA / name).glob("*.conllu"))
            for line in path.read_text("utf-8").splitlines()
            if line.startswith("# text = ")
        ]
        right = ours = 0
        for first in range(0, len(texts), _BLOCK):
            block = texts[first : first + _BLOCK]
            gold, position = set(), 0
            for text in block:
                gold.add(position + len(text))
                position += len(text) + 1
            ends = {span.end for p in paragraphs(" ".join(block), lang) for span in p.sentences}
            right += len(gold & ends)
            ours += len(ends)
        f1 = 2 * right / (ours + len(texts))
        yield Measure(f"claims.sentence_f1_{name}", f1, "F1", anchor, "higher", "simplemma", anchor, len(texts))


def worthiness() -> Iterator[Measure]:
    """Ranking of factual against other sentences (area under the ROC curve), and F1 at the threshold."""
    for lang in ("en", "ar"):
        rows: list[tuple[str, bool]] = []
        for part in ("train", "dev", "dev_test"):
            with (DATA / "ct25_subjectivity" / f"{part}_{lang}.tsv").open(encoding="utf-8", newline="") as file:
                reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
                rows += [(row["sentence"], row["label"] == "OBJ") for row in reader]
        yield from _ranking(f"ct25_objective_{lang}", rows, lang, "published macro-F1", {"en": 0.66, "ar": 0.56}[lang])
    for name, lang, anchor in (
        ("CT22_arabic_1B_claim", "ar", 0.876),
        ("CT22_arabic_1A_checkworthy", "ar", 0.548),
        ("CT22_english_1A_checkworthy", "en", 0.583),
    ):
        rows = []
        with zipfile.ZipFile(DATA / "ct22_checkworthy" / f"{name}.zip") as archive:
            for member in sorted(archive.namelist()):
                if not member.endswith(".tsv"):
                    continue
                reader = csv.DictReader(
                    io.StringIO(archive.read(member).decode("utf-8")), delimiter="\t", quoting=csv.QUOTE_NONE
                )
                rows += [(row["tweet_text"], row["class_label"] == "1") for row in reader]
        yield from _ranking(name.lower(), rows, lang, "TF-IDF + LR, F1", anchor)


def _ranking(
    name: str, rows: Sequence[tuple[str, bool]], lang: str, anchor: str, anchor_value: float
) -> Iterator[Measure]:
    frame = articles_of([text for text, _ in rows], lang)
    best = extract(frame).claims.group_by("article_id").agg(pl.col("check_worthiness").max())
    scored = (
        frame.select("article_id")
        .with_columns(label=pl.Series([label for _, label in rows]))
        .join(best, on="article_id", how="left", maintain_order="left")
        .with_columns(pl.col("check_worthiness").fill_null(0.0))
    )
    ranks = scored.select(pl.col("check_worthiness").rank("average"), "label")
    positive = int(scored["label"].sum())
    negative = scored.height - positive
    auc = (float(ranks.filter("label")["check_worthiness"].sum()) - positive * (positive + 1) / 2) / (
        positive * negative
    )
    yield Measure(f"claims.{name}_auc", auc, "AUC", None, "higher", "chance", 0.5, scored.height)
    pushed = scored["check_worthiness"] >= THRESHOLD
    right = int((pushed & scored["label"]).sum())
    f1 = 2 * right / (int(pushed.sum()) + positive)
    if "macro" in anchor:
        left_right = int((~pushed & ~scored["label"]).sum())
        f1 = (f1 + 2 * left_right / (int((~pushed).sum()) + negative)) / 2
    yield Measure(f"claims.{name}_f1", f1, "F1", None, "higher", anchor, anchor_value, scored.height)


def attribution() -> Iterator[Measure]:
    """On PolNeAR: reporting verbs that are part of a gold cue, and claimants that share a word with the gold source."""
    texts: dict[str, str] = {}
    gold: dict[str, str] = {}
    with tarfile.open(next((DATA / "polnear").glob("*.tar.gz"))) as archive:
        for member in sorted(archive.getmembers(), key=lambda item: item.name):
            file = archive.extractfile(member)
            if file is None:
                continue
            stem = Path(member.name).stem
            if member.name.endswith(".txt"):
                texts[stem] = file.read().decode("utf-8")
            else:  # some texts have several annotators; the first of them counts
                gold.setdefault(stem.rpartition("_")[0], file.read().decode("utf-8"))
    names = sorted(texts.keys() & gold.keys())
    frame = articles_of([texts[name] for name in names], "en")
    claims = extract(frame).claims.filter(pl.col("reporting_verb").is_not_null())
    said = right = sources = source_right = total = 0
    for name, identity in zip(names, frame["article_id"], strict=True):
        cues = _cues(gold[name])
        total += len(cues)
        for row in claims.filter(pl.col("article_id") == identity).iter_rows(named=True):
            if row["reporting_verb"] not in row["quote"]:
                continue  # carried over from the sentence before
            said += 1
            here = [cue for cue in cues if row["start"] <= cue.start < row["end"] and row["reporting_verb"] in cue.text]
            right += bool(here)
            # A pronoun in the gold is a person that we name: no word to compare.
            named = [cue for cue in here if cue.source and row["claimant"] and cue.source.lower() not in _PRONOUNS]
            sources += bool(named)
            words = set((row["claimant"] or "").lower().split())
            source_right += any(words & set(cue.source.lower().split()) for cue in named)
    yield Measure("claims.polnear_cue_precision", right / said, "share", 0.90, "higher", "", None, said)
    yield Measure("claims.polnear_cue_recall", right / total, "share", 0.55, "higher", "", None, total)
    yield Measure("claims.polnear_source_right", source_right / sources, "share", 0.97, "higher", "", None, sources)


def translated() -> Iterator[Measure]:
    """Turkish and Urdu on news that is there in English too: the share pushed, and who is named where English has one.

    Each line stands alone, so that no pronoun has a name; a translator may name whom English calls "he".
    """

    def named(file: str, lang: str) -> tuple[set[int], float]:
        frame = articles_of((DATA / "ntrex" / file).read_text("utf-8").splitlines(), lang)
        number = {article: at for at, article in enumerate(frame["article_id"])}
        claims = extract(frame).claims
        pushed = claims.filter(pl.col("check_worthiness") >= THRESHOLD).height / claims.height
        return {number[one] for one in claims.drop_nulls("claimant")["article_id"]}, pushed

    english, _ = named("eng.txt", "en")
    for lang, file, goal in (("tr", "tur.txt", 0.70), ("ur", "urd.txt", 0.72)):
        own, pushed = named(file, lang)
        yield Measure(f"claims.ntrex_pushed_{lang}", pushed, "share", 0.38, "lower", "at least", 0.25, 1000)
        share = len(own & english) / len(english)
        yield Measure(f"claims.ntrex_named_as_in_en_{lang}", share, "share", goal, "higher", "", None, len(english))


class _Cue(NamedTuple):
    start: int
    text: str
    source: str


def _cues(annotations: str) -> list[_Cue]:
    spans: dict[str, tuple[int, str]] = {}
    events = []
    for line in annotations.splitlines():
        fields = line.split("\t")
        if line.startswith("T"):
            spans[fields[0]] = (int(fields[1].split()[1].split(";")[0]), fields[2])
        elif line.startswith("E"):
            events.append(dict(role.split(":", 1) for role in fields[1].split()))
    found = []
    for event in events:
        cue = next((spans[span] for role, span in event.items() if role.startswith("Cue")), None)
        source = next((spans[span][1] for role, span in event.items() if role.startswith("Source")), "")
        if cue:
            found.append(_Cue(*cue, source))
    return found


def main() -> int:
    """Prints every measure; 1 where one fell below its floor, 0 also where the data is absent."""
    if not DATA.is_dir():
        sys.stdout.write("skipped: the evaluation data does not lie beside the repository (../shared/data)\n")
        return 0
    rows = [row for part in (news, segmentation, worthiness, attribution, translated) for row in part()]
    emit(rows)
    return 0 if all(row.reached for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
