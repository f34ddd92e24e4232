"""What software adds to a feed's items, and years as RSS of old wrote them."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files

_FRAME = 60  # code points of a footer beside the title and the name of the site that it repeats
_SHORT_YEAR = re.compile(r"(?<!\d)(\d{1,2}[ \-][A-Za-z]{3,9}[ \-])(\d{2})(?=,?\s+\d{1,2}:\d{2})")
_LAST_OF_2000S = 49  # RFC 2822, 4.3: 00-49 are of this century, 50-99 of the last


def without_footer(text: str, *, title: str | None, channel: str | None) -> tuple[str, bool]:
    """The text without what software put below it, and whether that says that the text goes on elsewhere.

    A footer is a last line that a pattern of `data/feeds.toml` matches ("The post ... appeared first on ..."), or that
    repeats the item's title and the channel's name with few words beside them, in any language.
    """
    footer, continued, cut = _patterns()
    goes_on = False
    lines = text.split("\n")
    while lines:
        last = lines[-1].strip()
        if footer.fullmatch(last) or _repeats(last, title, channel):
            lines.pop()
        elif continued.fullmatch(last.replace(title, "").strip() if title else last):
            lines.pop()
            goes_on = True
        elif match := cut.search(lines[-1]):
            lines[-1] = lines[-1][: match.start()].rstrip()
            goes_on = True
            break
        else:
            break
    return "\n".join(lines), goes_on


def _repeats(line: str, title: str | None, channel: str | None) -> bool:
    if not title or not channel or title not in line:
        return False
    rest = line.replace(title, "", 1)
    return channel in rest and len(rest) - len(channel) <= _FRAME


def with_century(date: str | None) -> str | None:
    """An RSS date with four digits for the two of its year ("10 Jun 03 09:41 GMT"); None where it has no such year."""
    match = _SHORT_YEAR.search(date) if date else None
    if date is None or match is None:
        return None
    century = "20" if int(match[2]) <= _LAST_OF_2000S else "19"
    return f"{date[: match.start(2)]}{century}{date[match.start(2) :]}"


@functools.cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    found = tomllib.loads(files("factcheck.articles").joinpath("data/feeds.toml").read_text("utf-8"))
    footer, continued = (
        re.compile("|".join(rf"(?:{pattern})" for pattern in found[name]), re.IGNORECASE)
        for name in ("footers", "continued")
    )
    words = "|".join(rf"(?:{pattern})" for pattern in found["continued"])
    # The words may follow the last sentence in its line, after the sign that it was cut.
    return footer, continued, re.compile(rf"\s*(?:\[(?:…|\.\.\.)\]|…|\.\.\.)\s*(?:{words})\Z", re.IGNORECASE)
