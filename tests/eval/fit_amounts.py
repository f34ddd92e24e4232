"""Fits the amounts of the package's signals and writes `factcheck/claims/data/amounts.toml`.

`python -m tests.eval.fit_amounts`. Amounts come from ClaimBuster's training sentences (English; see NOTICE); the base
of each language is where the wanted share of sentences of translated news (`ntrex`, the same text in each language)
reaches the default threshold. Signals that ClaimBuster hardly has are held at the amounts below, by hand.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from factcheck.claims import extract
from factcheck.claims.fitting import average_precision, fit
from factcheck.claims.language_files import languages
from factcheck.claims.worthiness import Amounts, found
from factcheck.folding import fold_with_offsets
from tests.eval.claims_eval import DATA, articles_of

TARGET = Path("factcheck/claims/data/amounts.toml")
SHARE = 0.33  # of sentences that are pushed
BY_HAND = {
    "about the article": -2.0,
    "absence or presence": 1.2,
    "absolute": 0.5,
    "address": -0.8,
    "attributed": 0.3,
    "content of a text": 1.8,
    "health": 0.9,
    "law": 0.4,
    "opinion": -1.0,
    "medical effect": 2.4,
    "quoted": -0.2,
    "short": -0.6,
    "speaker's own": -0.15,
    "what is or does": 0.15,
}
NEWS = {"fa": "fas.txt", "ar": "arb.txt", "en": "eng.txt", "tr": "tur.txt", "ur": "urd.txt"}
_BLOCK = 20
_FOLDS = 5


def sentences() -> tuple[pl.DataFrame, NDArray[np.float64]]:
    """ClaimBuster's training sentences, folded, and whether each is worth checking."""
    rows = [json.loads(line) for line in (DATA / "claimbuster" / "train.jsonl").read_text("utf-8").splitlines()]
    folded = [fold_with_offsets(row["text"]).text for row in rows]
    frame = pl.DataFrame({"folded": folded}).with_columns(reporting_verb=pl.lit(None, pl.String))
    return frame, np.array([row["check_worthy"] for row in rows], float)


def fitted() -> tuple[dict[str, float], float]:
    """The amounts, and the average precision on the folds that were held out."""
    frame, labels = sentences()
    signals = found("en")
    free = [name for name in signals if name not in BY_HAND]
    held = [name for name in signals if name in BY_HAND]
    features = frame.select([signals[name].alias(name) for name in free]).to_numpy().astype(float)
    given = frame.select([signals[name].alias(name) for name in held]).to_numpy().astype(float)
    offset = given @ np.array([BY_HAND[name] for name in held])
    prior = np.zeros(len(free))
    parts = np.random.default_rng(0).integers(0, _FOLDS, len(labels))
    scores = np.zeros(len(labels))
    for part in range(_FOLDS):
        out = parts == part
        base, amounts = fit(features[~out], labels[~out], prior=prior, strength=1.0)
        scores[out] = base + features[out] @ amounts + offset[out]
    _, amounts = fit(features, labels, prior=prior, strength=1.0)
    return {**dict(zip(free, amounts.tolist(), strict=True)), **BY_HAND}, average_precision(labels, scores)


def base_of(lang: str, file: str, amounts: dict[str, float]) -> float:
    """The base at which `SHARE` of the sentences of news reach one half."""
    lines = (DATA / "ntrex" / file).read_text("utf-8").splitlines()
    texts = ["\n".join(lines[first : first + _BLOCK]) for first in range(0, len(lines), _BLOCK)]
    frame = articles_of(texts, lang)
    base = -3.0
    for _ in range(3):  # two decimals of a share are coarse at its ends and fine in its middle
        made = Amounts(base={"other": base}, amounts=amounts)
        share = float(extract(frame, amounts=made).claims["check_worthiness"].quantile(1 - SHARE, "nearest") or 0.5)
        share = min(max(share, 0.01), 0.99)
        base -= float(np.log(share / (1 - share)))
    return base


def main() -> None:
    """Fits, and writes the file."""
    amounts, precision = fitted()
    bases = {lang: base_of(lang, NEWS[lang], amounts) for lang in NEWS if lang in languages()}
    bases["other"] = float(np.mean([bases["fa"], bases["ar"], bases["en"]]))
    lines = [
        "# Check-worthiness in log odds: the base of each language and the amount of each signal.",
        "# Written by `python -m tests.eval.fit_amounts`, which says where they come from.",
        "",
        "[base]",
        *(f"{lang} = {value:.2f}" for lang, value in bases.items()),
        "",
        "[amounts]",
        *(f"{json.dumps(name)} = {value:.2f}" for name, value in sorted(amounts.items())),
    ]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"average precision on held-out folds of {len(sentences()[1]):,} sentences: {precision:.4f}")


if __name__ == "__main__":
    main()
