"""What a setting must be where a text alone is too little: a language, an e-mail address, a server, a line."""

from __future__ import annotations

import difflib
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from factcheck import names, web
from factcheck.folding import match_key
from factcheck.text import is_one_line

_TWO = frozenset(
    re.findall(
        "..",
        "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffifjfofrfygagdglgngu"
        "gvhahehihohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalblglilnloltlulvmgmhmimkmlmnmrms"
        "mtmynanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsascsdsesgshsiskslsmsnsosqsrssstsusvswtatetgthtitk"
        "tltntotrtstttwtyugukuruzvevivowawoxhyiyozazhzu",
    )
)
"""ISO 639-1."""

_LONGER = {
    "fa": "per fas farsi persian", "ar": "ara arabic", "en": "eng english", "tr": "tur turkish", "ur": "urd urdu",
    "ps": "pus pashto", "ku": "kur kurdish", "he": "heb hebrew", "fr": "fra fre french", "de": "deu ger german",
    "es": "spa spanish", "ru": "rus russian", "az": "aze azerbaijani", "tg": "tgk tajik", "hi": "hin hindi",
    "zh": "zho chi chinese", "it": "ita italian", "pt": "por portuguese", "uk": "ukr ukrainian", "id": "ind",
}  # fmt: skip
"""What people write for a language that has a code of two letters."""

_CODES = {word: code for code, words in _LONGER.items() for word in words.split()}
_EMAIL = re.compile(r"[^\s@,;:/<>\"'\[\]()]+@[^\s@,;:/<>\"'\[\]()]+")


def language(text: str) -> str:
    """The ISO 639 code; raises ValueError, with the code that was meant where that can be told."""
    if text in _TWO or (re.fullmatch("[a-z]{3}", text) and text not in _CODES):
        return text
    word = text.lower()
    start = re.split("[-_]", word)[0]
    meant = _CODES.get(word) or next((code for code in (word, start, _CODES.get(start)) if code in _TWO), None)
    if meant is None and (near := difflib.get_close_matches(word, _CODES, n=1, cutoff=0.75)):
        meant = _CODES[near[0]]
    hint = f"; did you mean '{meant}'?" if meant else ", such as fa, ar or en"
    raise ValueError(f"{_named(text)} is not a language's code in ISO 639{hint}")


def email(text: str) -> str:
    """The e-mail address; raises ValueError for what no account can have as its address."""
    if not _EMAIL.fullmatch(text) or not text.isprintable():
        raise ValueError(f"{_named(text)} is not an e-mail address; write it as somebody@desk.example")
    return text


def server(text: str) -> str:
    """The address of a server that we ask; raises ValueError, which never repeats a password in it."""
    found = web.parts(text)
    if found is None:
        raise ValueError("is not an http(s) address; write it as https://host")
    if found.has_user:
        raise ValueError("contains a user name or password; remove it from the address")
    return text


def _named(text: str) -> str:
    """The text to a person; never an address, which may hold a password."""
    return "an address" if "://" in text else f"'{names.shown(text)}'"


def _none_if_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _trimmed(texts: list[str]) -> list[str]:
    return [text.strip() for text in texts if text.strip()]


def _languages(texts: list[str]) -> list[str]:
    return [language(text) for text in _trimmed(texts)]


def _emails(texts: list[str]) -> list[str]:
    return [email(text) for text in _trimmed(texts)]


def _line(text: str) -> str:
    if not is_one_line(text):
        raise ValueError("contains a line break, a control character or a direction control")
    if not match_key(text):
        raise ValueError("contains no letter or digit")
    return text


def _web_address(url: str) -> str:
    parts = web.parts(url)
    # Other people's addresses hold such signs; ours begins every address that is published.
    if parts is None or any(char in "^`{|}" for char in url):
        raise ValueError("is not a web address; write it as https://desk.example")
    if parts.has_user:
        raise ValueError("contains a user name, which readers would see")
    return url


def _time_zone(name: str) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(name, sorted(available_timezones()), n=1, cutoff=0.5)
        meant = f"; did you mean '{near[0]}'?" if near else ", such as Asia/Tehran, Asia/Baghdad or Europe/London"
        raise ValueError(f"is not the name of a time zone{meant}") from None
    return name


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(f"must be a number, not {str(value).lower()}")  # noqa: TRY004 - pydantic tells ValueErrors
    return value


def _place(text: str) -> str:
    # An empty path would be the desk's own folder.
    if not text.strip():
        raise ValueError("is blank; name a path, or leave the setting out")
    if "\0" in text:
        raise ValueError("contains a NUL character, which file names cannot have")
    return text


Texts = Annotated[list[str], AfterValidator(_trimmed)]
"""Short texts without blanks around them; an empty one is none."""
Languages = Annotated[list[str], AfterValidator(_languages)]
Emails = Annotated[list[str], AfterValidator(_emails)]
LanguageCode = Annotated[str, AfterValidator(language)]
ServerAddress = Annotated[str, AfterValidator(server)]
Blank = BeforeValidator(_none_if_blank)
"""Of a setting that may be left out: a blank value, as an empty variable gives it, is none."""
Whole = Annotated[int, BeforeValidator(_number)]
Amount = Annotated[float, BeforeValidator(_number)]
"""Numbers for which `true` is not taken as 1."""
Line = Annotated[str, AfterValidator(_line)]
"""A text that people read on one line, also on terminals: a name, a title."""
Place = Annotated[str, AfterValidator(_place)]
"""A path, or the address of an object store."""
OwnAddress = Annotated[str, AfterValidator(_web_address)]
"""The address below which the desk publishes."""
TimeZone = Annotated[str, AfterValidator(_time_zone)]
