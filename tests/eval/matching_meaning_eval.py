"""What meanings add to words, each beside the other in one run: `python -m tests.eval.matching_meaning_eval`.

    python -m tests.eval.matching_meaning_eval [--cache FOLDER]

Needs the extra `embed`; without `--cache` about 11,500 texts go through the model (four minutes of one core). Earlier
verdicts are those of matching_earlier_eval, by words and meaning as `factcheck search` joins them; pairs of one claim
those of matching_groups_eval, by meaning alone and by both (proposals are made of words and facts).
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from factcheck.errors import InstallError
from factcheck.matching import lexical_index, meaning, vector_index
from factcheck.matching.embedding import E5, Embedder
from factcheck.matching.embedding_cache import Cached
from factcheck.matching.proposals import proposals
from factcheck.pipeline.search import AT_FIRST_OF_BOTH, LEAST
from tests.eval import matching_earlier_eval as earlier
from tests.eval import matching_groups_eval as groups
from tests.measures import Measure, emit

FLOOR = 0.775


def verdicts(model: Embedder) -> Iterator[Measure]:
    """MAP@5 of every second post, those on which the weight of a cosine was not chosen; words alone beside it."""
    claims, posts = (earlier._table(name) for name in ("verified-claims.tsv", "tweet-veclaim-pairs.tsv"))
    places: dict[str, list[int]] = {}
    for number, claim in enumerate(claims):
        places.setdefault(" ".join(claim["fact"].split()), []).append(number)
    asked = posts[1::2]
    right = [places[" ".join(post["fact"].split())] for post in asked]
    texts, ids = [claim["fact"] for claim in claims], [str(number) for number in range(len(claims))]
    lexical = lexical_index.build(pl.Series(ids), pl.Series(texts))
    known = model.embed(texts)
    segment = vector_index.build(ids, known)
    by_words, by_both = [], []
    for post, vector in zip(asked, model.embed([post["claim"] for post in asked]), strict=True):
        hits = lexical_index.search([lexical], post["claim"], AT_FIRST_OF_BOTH)
        words = {name: score / hits.own for name, score in zip(hits.ids, hits.scores, strict=True)}
        near = vector_index.nearest([segment], vector, AT_FIRST_OF_BOTH)
        scores = meaning.found(
            words,
            near,
            {name: float(known[int(name)] @ vector) for name in words if name not in near.ids},
            crowd=meaning.crowds(model, vector[None, :])[0],
            crowds=meaning.crowds(model, near.vectors),
            least=LEAST,
        )
        by_words.append([int(name) for name in hits.ids[: earlier.BEST]])
        by_both.append([int(name) for name in scores][: earlier.BEST])
    yield Measure(
        "matching.earlier_map5_meaning",
        earlier.precision(by_both, right),
        "MAP@5",
        FLOOR,
        "higher",
        "words alone",
        earlier.precision(by_words, right),
        len(asked),
    )


def pairs(model: Embedder) -> Iterator[Measure]:
    """Average precision of pairs that are one claim; for information, the proposals do not use meanings."""
    claims, right = groups.hand_read()
    ids, vectors = claims["claim_id"].to_list(), model.embed(claims["quote"].to_list())
    cosines = vectors @ vectors.T
    words = {
        (one, other): score
        for one, other, score in proposals(claims, least=0.0).select("one", "other", "score").iter_rows()
    }
    both: dict[tuple[str, str], float] = {}
    alone: dict[tuple[str, str], float] = {}
    for (row, one), (column, other) in itertools.combinations(sorted(enumerate(ids), key=lambda named: named[1]), 2):
        alone[one, other] = float(cosines[row, column])
        both[one, other] = words.get((one, other), 0.0) + meaning.WEIGHT * alone[one, other]
    by_words = groups.average_precision(sorted(words, key=lambda pair: -words[pair]), right)
    for name, scores in (("alone", alone), ("with_words", both)):
        average = groups.average_precision(sorted(scores, key=lambda pair: -scores[pair]), right)
        yield Measure(
            f"matching.groups_ap_meaning_{name}", average, "AP of pairs", None, "higher", "words", by_words, len(right)
        )


def main() -> int:
    """0 where the floor is kept, or data or model is not there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder of vectors from an earlier run")
    args = parser.parse_args()
    if not earlier.DATA.is_dir():
        sys.stderr.write("the evaluation data is not beside the repository\n")
        return 0
    found: list[Measure] = []
    with TemporaryDirectory() as folder:
        try:
            model = Cached(E5(), args.cache or Path(folder))
        except InstallError as error:
            sys.stderr.write(f"{error}: {error.hint}\n")
            return 0
        for row in itertools.chain(pairs(model), verdicts(model)):
            emit([row])
            found.append(row)
    return int(not all(row.reached for row in found))


if __name__ == "__main__":
    sys.exit(main())
