"""The staged articles cut into claims batch by batch; what comes of all of them is counted on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from factcheck import claims as claims_stage
from factcheck import frames
from factcheck.claims import helping
from factcheck.models import Claim, ClaimState, Rejection
from factcheck.pipeline.asking import Model
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.learn import chosen
from factcheck.pipeline.progress import Progress
from factcheck.pipeline.recut import sent

ARTICLES = 500
"""Articles of a batch."""
READ = ("claim_id", "article_id", "group_id", "quote", "state", "extractor")
"""What is to be known of committed claims."""
_TO_TELL = pl.col("code").is_in(["UNEXPECTED", "NOT_IN_TEXT", *helping.FAILURES])


class Cutting:
    """Cuts what is staged; the counts are whole when the last batch has been taken.

    `kept` are the staged claims that checkers may be looking at (models.Claim), `best` the most check-worthy ones;
    `worth` claims are worth checking, `different` ones of them; `codes` counts rejections, of which `to_tell` and
    `failed` are kept.
    """

    def __init__(self, desk: Desk, committed: pl.DataFrame, *, show: int, progress: Progress) -> None:
        """`committed` are the claims of the newest version, their columns `READ`."""
        self.seen = self.accepted = self.worth = self.different = self.left_out = 0
        self.codes: Counter[str] = Counter()
        self.to_tell: list[Rejection] = []
        self.failed: list[Rejection] = []
        self.told: dict[str, int] = {}
        self.best = frames.empty(Claim)
        self.kept = sent(desk)
        self.articles = desk.staging.article_count()
        self._desk, self._show, self._progress = desk, show, progress
        self._amounts = chosen(desk.settings)
        self.extractor = claims_stage.extractor(self._amounts)
        known = ["claim_id", "group_id", "quote", "state"]
        self._groups = claims_stage.Groups(pl.concat([committed.select(known), self.kept.select(known)]))
        self._seen_groups = pl.Series(dtype=pl.UInt64)
        self._done = 0

    def batches(self) -> Iterator[pl.DataFrame]:
        """models.Claim rows: what stays as it was sent, then what is cut out of each batch of articles."""
        yield self._counted(self.kept)
        for staged in self._desk.staging.article_pieces(ARTICLES):
            yield self._take(staged, self._cut(staged))
            self._done += staged.height

    def helped(self, model: Model) -> Iterator[pl.DataFrame]:
        """As `batches`, with what the model proposes; it is asked about all articles at once, or none."""
        yield self._counted(self.kept)
        staged = self._desk.staging.articles()
        cut = self._cut(staged)
        cut = helping.helped(open_questions(staged, self.kept, cut), cut, model, amounts=self._amounts)
        self.told = model.counts
        yield self._take(staged, cut)

    def _cut(self, staged: pl.DataFrame) -> claims_stage.Extracted:
        def progress(done: int, _of: int) -> None:
            self._progress(self._done + done, self.articles)

        return claims_stage.extract(
            staged, amounts=self._amounts, clock=self._desk.settings.desk.clock, progress=progress
        )

    def _take(self, staged: pl.DataFrame, cut: claims_stage.Extracted) -> pl.DataFrame:
        """The new claims of a batch in their groups."""
        self.seen += cut.seen
        self.accepted += cut.claims.height
        self.codes.update(dict(cut.rejected["code"].value_counts().iter_rows()))
        # Sentences that claim nothing are only counted.
        told = frames.to_records(Rejection, cut.rejected.filter(_TO_TELL))
        self.to_tell += told
        self.failed += [one for one in told if one.code == "UNEXPECTED"]
        # What checkers may be looking at stays as it was sent, whatever newer rules would cut, and nothing else is cut
        # out at its place.
        kept = self.kept.join(staged.select("article_id"), on="article_id", how="semi", maintain_order="left")
        held = kept.filter(pl.col("state") == str(ClaimState.ACTIVE))["claim_id"].to_list()
        fresh = claims_stage.recut(kept, cut.claims, held=held)
        self.left_out += fresh.left_out
        return self._counted(self._groups.take(fresh.new))

    def _counted(self, claims: pl.DataFrame) -> pl.DataFrame:
        """The claims, once those worth checking are counted and the best of them kept; of a group the first counts."""
        least = self._desk.settings.claims.min_check_worthiness
        worth = claims.filter(pl.col("check_worthiness") >= least)
        first = worth.unique("group_id", keep="first", maintain_order=True)
        groups = first["group_id"].hash(seed=0)
        met = self._seen_groups.filter(self._seen_groups.is_in(groups.implode()))
        is_new = ~groups.is_in(met.implode())
        self.worth += worth.height
        self.different += int(is_new.sum())
        self._seen_groups = pl.concat([self._seen_groups, groups.filter(is_new)])
        best = pl.concat([self.best, first.filter(is_new)])
        self.best = best.sort("check_worthiness", descending=True, maintain_order=True).head(self._show)
        return claims


def open_questions(staged: pl.DataFrame, sent: pl.DataFrame, cut: claims_stage.Extracted) -> list[helping.Asked]:
    """Of articles whose claims checkers may be looking at, nothing new is cut: nobody needs to be asked."""
    return helping.questions(staged.join(sent, on="article_id", how="anti", maintain_order="left"), cut)
