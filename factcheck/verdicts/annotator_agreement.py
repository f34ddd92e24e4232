"""Annotators beside each other: who agrees with whom, who confuses what, and where it is worth asking why."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import polars as pl

from factcheck.verdicts.agreement import Floats, interval
from factcheck.verdicts.encoding import Coded, Ints, code
from factcheck.verdicts.tally import CHOICES

_KINDS = len(CHOICES)
_ENOUGH = 20
"""Shared claims below which nobody is asked anything."""
_SPREADS = 3
"""Standard deviations of the team (from the median absolute deviation) below its median that are unusual."""
_DOUBT = 0.05
"""Chance that any question at all is asked of a team in which everybody is alike."""


def confusion(votes: pl.DataFrame) -> pl.DataFrame:
    """How often one annotator said this where another said that, sorted by the first four columns.

    Columns: `annotator_a` < `annotator_b`, `choice_a`, `choice_b`, `n` claims; only what occurred.
    """
    coded = code(votes)
    pair, a_said, b_said, n = _tables(coded)
    size = max(len(coded.annotators), 1)
    words = pl.Series(CHOICES)
    return pl.DataFrame(
        {
            "annotator_a": coded.annotators.gather(pair // size),
            "annotator_b": coded.annotators.gather(pair % size),
            "choice_a": words.gather(a_said),
            "choice_b": words.gather(b_said),
            "n": n,
        }
    ).sort(pl.all())


def pairs(votes: pl.DataFrame) -> pl.DataFrame:
    """Each two annotators who share claims, sorted: `annotator_a` < `annotator_b`, `n_claims`, `raw`, `kappa`.

    `raw` is the share of the shared claims on which they agree, `kappa` Cohen's (1960, "A coefficient of agreement for
    nominal scales", Educational and Psychological Measurement 20(1)), null where both only ever said one same thing.
    """
    coded = code(votes)
    pair, a_said, b_said, n = _tables(coded)
    found, place = np.unique(pair, return_inverse=True)
    table = np.zeros((len(found), _KINDS, _KINDS))
    table[place, a_said, b_said] = n
    shared = table.sum(axis=(1, 2))
    raw = np.einsum("pkk->p", table) / shared
    chance = (table.sum(axis=2) * table.sum(axis=1)).sum(axis=1) / shared**2
    kappa = np.divide(raw - chance, 1 - chance, out=np.full(len(found), np.nan), where=chance < 1)
    size = max(len(coded.annotators), 1)
    return pl.DataFrame(
        {
            "annotator_a": coded.annotators.gather(found // size),
            "annotator_b": coded.annotators.gather(found % size),
            "n_claims": shared.astype(np.int64),
            "raw": raw,
            "kappa": pl.Series(kappa, nan_to_null=True),
        }
    )


def by_annotator(votes: pl.DataFrame, *, seed: int, resamples: int = 1000) -> pl.DataFrame:
    """One row per annotator, sorted by id, on the claims that somebody else voted on too.

    Columns: `annotator_id`, `n_votes`, `n_shared` claims, `agreement` (mean over these of the share of the others'
    votes that say the same), `low` and `high` (95 % percentiles over `resamples` draws of the shared claims with
    `seed`), `question`. The question is null for nearly everybody: it is asked of an annotator with 20 shared claims
    or more who agrees less than the rest by more than chance explains (5 % for the whole team, Bonferroni) and by
    more than the team differs anyway (3 standard deviations, from the median absolute deviation). It is a question
    to the team about claims, guide and reasons, and no judgement of a person: the many may be wrong.
    """
    coded = code(votes)
    counts, size = coded.counts(), len(coded.annotators)
    others = counts.sum(axis=1)[coded.claim] - 1
    shared = others > 0
    annotator = coded.annotator[shared]
    share = (counts[coded.claim, coded.choice][shared] - 1) / others[shared]
    n_shared = np.bincount(annotator, minlength=size)
    total = np.bincount(annotator, share, size)
    squares = np.bincount(annotator, share**2, size)
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 / 0 is NaN: nothing shared
        mean = total / n_shared
        error = np.sqrt(np.maximum(squares / n_shared - mean**2, 0) / n_shared)
        rest = (total.sum() - total) / (n_shared.sum() - n_shared)
    enough = n_shared >= _ENOUGH
    asked = enough & (mean < rest + NormalDist().inv_cdf(_DOUBT / max(size, 1)) * error) & (mean < _usual(mean[enough]))
    rng = np.random.default_rng(seed)
    bounds = np.array([_bounds(values, rng, resamples) for values in _split(share, annotator, size)]).reshape(-1, 2)
    return pl.DataFrame(
        {
            "annotator_id": coded.annotators,
            "n_votes": np.bincount(coded.annotator, minlength=size),
            "n_shared": n_shared,
            "agreement": pl.Series(mean, nan_to_null=True),
            "low": pl.Series(bounds[:, 0], nan_to_null=True),
            "high": pl.Series(bounds[:, 1], nan_to_null=True),
            "question": pl.Series(
                [
                    f"agrees with others on {mean[place]:.0%} of {n_shared[place]} shared claims, the rest on "
                    f"{rest[place]:.0%}: harder claims, another reading of the guide, or the better eye?"
                    if asked[place]
                    else None
                    for place in range(size)
                ],
                dtype=pl.String,
            ),
        }
    )


def _tables(coded: Coded) -> tuple[Ints, Ints, Ints, Ints]:
    """Pair of annotators (a * number of annotators + b, a < b), what a said, what b said, and on how many claims."""
    size = max(len(coded.annotators), 1)
    cells: list[Ints] = [np.zeros(0, np.int64)]
    # Votes are sorted by claim: a vote's partners are its next neighbours, as far as the claim goes.
    for step in range(1, int(coded.counts().sum(axis=1).max(initial=0))):
        a = np.flatnonzero(coded.claim[:-step] == coded.claim[step:])
        b = a + step
        pair = coded.annotator[a] * size + coded.annotator[b]
        cells.append((pair * _KINDS + coded.choice[a]) * _KINDS + coded.choice[b])
    cell, n = np.unique(np.concatenate(cells), return_counts=True)
    rest, b_said = np.divmod(cell, _KINDS)
    pair, a_said = np.divmod(rest, _KINDS)
    return pair, a_said, b_said, n.astype(np.int64)


def _usual(mean: Floats) -> float:
    """The smallest agreement that is nothing unusual in this team."""
    if not len(mean):
        return 0.0
    median = float(np.median(mean))
    return median - _SPREADS * float(np.median(np.abs(mean - median))) / NormalDist().inv_cdf(0.75)


def _split(share: Floats, annotator: Ints, size: int) -> list[Floats]:
    order = np.argsort(annotator, kind="stable")
    return np.split(share[order], np.cumsum(np.bincount(annotator, minlength=size))[:-1]) if size else []


def _bounds(values: Floats, rng: np.random.Generator, resamples: int) -> tuple[float, float]:
    if not len(values):
        return np.nan, np.nan
    kinds, times = np.unique(values, return_counts=True)
    return interval(rng.multinomial(len(values), times / len(values), resamples) @ kinds / len(values))
