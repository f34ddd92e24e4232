"""What each reader of ClaimReview wants otherwise than the markup for a page has it: a row of differences for each.

Sources: the code of the Bluesky labeler (atproto-fact-labeler: it reads a DataFeed, its key is the review's address,
and it looks for the words of its table inside the rating word) and Duke's JSON Schema (draft-06).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from factcheck.errors import Rejected
from factcheck.exporters import labeler_words, lint
from factcheck.exporters.profiles import Profile
from factcheck.models import Status

Json = dict[str, Any]

CONTEXT: Final = "https://schema.org"
_SCALE: Final = ("ratingValue", "bestRating", "worstRating")


class Reader(NamedTuple):
    """The differences for one reader; a value that is empty or false means as in the markup for a page.

    `lint_key` is its key in the lint's matrix. `words` are rating words of its own, by reason, verdict or `unproven`: a
    verdict without one is not for this reader, and a profile may have others in their place (`rating_words`).
    `as_meant` are rules of the lint that its form breaks, because it wants it so. `keys` are the only properties a
    review may have. `days`: dates of publication are days (UTC), not moments. `scale_as_text`: the numbers of a rating
    are texts. `claim_language`: `inLanguage` is that of the claim's words. `own_address`: no two reviews have one
    address. `listed`: all reviews together are a list of documents, not a DataFeed.
    """

    title: str
    lint_key: str = ""
    words: Mapping[str, str] = {}
    as_meant: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    days: bool = False
    scale_as_text: bool = False
    claim_language: bool = False
    own_address: bool = False
    listed: bool = False


READERS: Final[Mapping[str, Reader]] = {
    "default": Reader("everybody"),
    "labeler": Reader(
        "the Bluesky labeler",
        lint_key="labeler",
        words=labeler_words.OURS,
        as_meant=frozenset({"RATING_LANGUAGE"}),
        claim_language=True,
        own_address=True,
    ),
    "duke": Reader(
        "Duke's crawler",
        lint_key="duke",
        keys=frozenset(
            ("@type", "url", "claimReviewed", "datePublished", "author", "reviewRating", "itemReviewed")
        ),  # and @context
        days=True,
        scale_as_text=True,
        listed=True,
    ),
}
"""By the name that a profile's `reader` gives."""


def of(profile: Profile) -> Reader:
    """The reader whom the profile writes ClaimReview for."""
    return READERS.get(profile.reader, READERS["default"])


def fitted(document: Json, row: Json, reader: Reader, taken: dict[str, str]) -> Json:
    """The review of the row, whose rating is in the reader's words already, as the reader wants it.

    `taken` are addresses of reviews before it, and gets this one's.
    Raises Rejected (READER) where the reader would drop the review however it is written.
    """
    if not reader.lint_key:
        return document
    made = {name: value for name, value in document.items() if not reader.keys or name in reader.keys}
    said = row["reason"] or row["verdict"] or str(Status.UNPROVEN)
    if reader.words and said not in reader.words:
        raise Rejected("READER", f"{reader.title} has no word for {said}")
    if reader.scale_as_text:
        rating = made["reviewRating"]
        made["reviewRating"] = rating | {name: str(rating[name]) for name in _SCALE if name in rating}
    if reader.days:
        made = _with_days(made)
    if reader.claim_language and row["lang"]:
        made["inLanguage"] = row["lang"]
    if reader.own_address:
        made["url"] = _own_address(made["url"], row["claim_id"], taken)
    found = lint.check(lint.Review((), made, context=CONTEXT), site=None, page=None)
    dropping = [one for one in found if one.rule.effects[reader.lint_key].fate == "drops" or one.rule.level == "error"]
    if dropping:
        raise Rejected("READER", f"{reader.title} would drop it: {dropping[0].message}")
    return made


def _own_address(url: str, claim_id: str, taken: dict[str, str]) -> str:
    """The address, with the claim's id as its fragment where the page may have other claims too.

    It does not go by who else is there today: an address that changed with them would be a second review to the reader.
    """
    own = url if claim_id in url or "#" in url else f"{url}#{claim_id}"
    if (other := taken.setdefault(own, claim_id)) != claim_id:
        raise Rejected("READER", f"its address {own} is that of {other}, which it would replace")
    return own


def _with_days(value: Any) -> Any:
    """The value with each `datePublished` in it as a day."""
    if isinstance(value, list):
        return [_with_days(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: inner[:10] if name == "datePublished" else _with_days(inner) for name, inner in value.items()}
