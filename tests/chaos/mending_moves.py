"""What a desk does to its claims in a random history, and the laws of it, looked at after each."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from factcheck.errors import UnknownClaim, UsageError
from factcheck.pipeline import mending
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.event_commit import How, Mended
from factcheck.pipeline.undo import undo
from factcheck.settings import Settings
from tests.failing import Killed

if TYPE_CHECKING:
    from tests.chaos.histories import Broken

MENDING = ("add_claim", "edit_words", "edit_words", "edit_facts", "split", "unite", "unite", "withdraw", "undo", "undo")
HOW = How("Sara Rezaei", "because", yes=True)

Seen = dict[str, str]


class Mending:
    """The moves of a desk that mends its claims."""

    settings: Settings
    dice: random.Random
    now: datetime
    broken: Broken
    story: list[str]

    def _ours(self, run: Callable[[], Any]) -> Any:
        raise NotImplementedError

    def _add_claim(self) -> None:
        words = f"they said {self.dice.randrange(10**6)} people came"
        facts = mending.Facts(claimant="the mayor", outlet="Channel 1", date="2025-11-22")
        self._mend(lambda: mending.add(self.settings, words, facts, url=None, how=HOW, now=self.now))

    def _edit_words(self) -> bool | None:
        """Words that the article has, or has not, or that the claim had before somebody edited it."""
        if (row := self._some_claim()) is None:
            return False
        kind, words = self.dice.random(), row["quote"].rpartition(" ")[0]
        if kind < 0.4 or not words:
            words = f"{row['quote']} {self.dice.randrange(10**6)}"
        elif kind < 0.6 and row["supersedes"]:
            claims = Desk(self.settings).claims()
            words = claims.filter(pl.col("claim_id") == row["supersedes"])["quote"][0]
        return self._mend(
            lambda: mending.edit(self.settings, row["claim_id"], words, mending.Facts(), how=HOW, now=self.now)
        )

    def _edit_facts(self) -> bool | None:
        if (row := self._some_claim()) is None:
            return False
        said = str(self.dice.randrange(10**6))
        one = self.dice.choice([{"claimant": said}, {"outlet": said}, {"date": "2025-10-01"}, {"context": said}])
        facts = mending.Facts(**one)
        return self._mend(lambda: mending.edit(self.settings, row["claim_id"], None, facts, how=HOW, now=self.now))

    def _split(self) -> bool | None:
        if (row := self._some_claim()) is None or " " not in row["quote"]:
            return False
        first, _, last = row["quote"].partition(" ")
        parts, middle = ([first, last], []) if self.dice.random() < 0.5 else ([], row["start"] + len(first))
        spans = [f"{row['start']}:{middle}", f"{middle}:{row['end']}"] if not parts else []
        return self._mend(lambda: mending.split(self.settings, row["claim_id"], parts, spans, how=HOW, now=self.now))

    def _unite(self) -> bool | None:
        one, other = self._some_claim(), self._some_claim()
        if one is None or other is None:
            return False
        ids = [one["claim_id"], other["claim_id"]]
        return self._mend(lambda: mending.merge(self.settings, ids, how=HOW, now=self.now))

    def _withdraw(self) -> bool | None:
        if (row := self._some_claim()) is None:
            return False
        subject = row["claim_id"] if self.dice.random() < 0.8 else row["article_id"]
        return self._mend(lambda: mending.withdraw(self.settings, subject, how=HOW, now=self.now))

    def _undo(self) -> bool | None:
        data = Desk(self.settings).committed()
        events = data.claim_events().collect()["event_id"].to_list() if data else []
        if not events:
            return False
        event = self.dice.choice(events) if self.dice.random() < 0.5 else None
        return self._mend(lambda: undo(self.settings, event, how=HOW, now=self.now))

    def _some_claim(self) -> dict[str, Any] | None:
        rows = Desk(self.settings).claims().filter(pl.col("state") == "active").sort("claim_id")
        return rows.row(self.dice.randrange(rows.height), named=True) if rows.height else None

    def _mend(self, run: Callable[[], Mended]) -> bool | None:
        """A command, and what must be true of it; False where it was refused, which changes nothing.

        One that was killed may be refused because it had been carried out by then ("these are one claim already").
        """
        before, votes = self._shown(), self._votes()
        killed = False

        def once() -> Mended:
            nonlocal killed
            try:
                return run()
            except Killed:
                killed = True
                raise

        try:
            done: Mended = self._ours(once)
        except (UsageError, UnknownClaim):
            if self._shown() != before and not killed:
                self.broken.unrest.append(f"a refused command changed verdicts, after {self.story[-6:]}")
            return False
        after = self._shown()
        named = {row["claim_id"] for row in done.verdicts}
        silent = {claim for claim, verdict in before.items() if after.get(claim) != verdict} - named
        if silent:
            self.broken.unrest.append(f"verdicts of {silent} fell silently in {done.kind}, after {self.story[-6:]}")
        if self._votes() != votes:
            self.broken.unrest.append(f"{done.kind} touched votes, after {self.story[-6:]}")
        self._offsets()
        return None

    def _shown(self) -> Seen:
        """The verdicts that readers see, by group."""
        desk = Desk(self.settings)
        data = desk.committed()
        if data is None or not data.head:
            return {}
        active = desk.claims().filter(pl.col("state") == "active")["group_id"].unique()
        rows = data.verdicts().filter(pl.col("verdict").is_not_null()).select("claim_id", "verdict").collect()
        return {claim: verdict for claim, verdict in rows.iter_rows() if claim in set(active)}

    def _votes(self) -> list[tuple[Any, ...]]:
        """Every observed state of every answer, and the words that it was cast on."""
        data = Desk(self.settings).committed()
        if data is None or not data.head:
            return []
        quotes = data.claims().select("claim_id", "quote")
        rows = data.annotations().select("event_id", "claim_id", "annotator_id", "choice", "state")
        return rows.join(quotes, on="claim_id", how="left").collect().sort("event_id").rows()

    def _offsets(self) -> None:
        desk = Desk(self.settings)
        texts = dict(desk.articles().select("article_id", "text").iter_rows())
        wrong = [
            row["claim_id"]
            for row in desk.claims().iter_rows(named=True)
            if texts[row["article_id"]][row["start"] : row["end"]] != row["quote"]
        ]
        if wrong:
            self.broken.unrest.append(f"{wrong} are not what stands in the article, after {self.story[-6:]}")
