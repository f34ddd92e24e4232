"""Telegram Desktop's export in JSON: one candidate for each message with text; people's names stay where they are.

Only the name of a channel becomes a publisher. Who wrote in a group or a private chat is not read at all, and whom a
message was forwarded from only where it is a channel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from factcheck.articles.draft import Candidate, Draft, Origin, reject
from factcheck.articles.tables import words
from factcheck.errors import Rejected

_CHANNELS = frozenset({"public_channel", "private_channel"})
_LINKED = _CHANNELS | {"public_supergroup", "private_supergroup"}


def telegram_candidates(export: Mapping[str, Any], origin: Origin) -> list[Candidate]:
    """The messages of one chat, or of all chats of an account. Raises Rejected: UNSUPPORTED, EMPTY, TOO_LARGE."""
    found: list[Candidate] = []
    service = 0
    for chat in _chats(export):
        for message in chat["messages"]:
            if isinstance(message, dict) and message.get("type") == "service":
                service += 1  # who joined, what was pinned: nobody's message
                continue
            found.append(_message(message, chat, origin))
            if len(found) > origin.limits.max_rows:
                raise Rejected(
                    "TOO_LARGE", f"has more than {origin.limits.max_rows} messages", hint="export less of it"
                )
    if service:
        origin.notes.append(f"{origin.source}: {service} service messages (who joined, what was pinned) were skipped")
    if not found:
        raise Rejected("EMPTY", "is a Telegram export with no messages", hint="export the chat again")
    return found


def _chats(export: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if isinstance(export.get("messages"), list):
        if not all(isinstance(message, dict) for message in export["messages"]) or not _is_telegram(export):
            raise Rejected(
                "UNSUPPORTED",
                "has messages but is no Telegram export",
                hint="in Telegram Desktop choose Export chat history, then Machine-readable JSON",
            )
        yield export
        return
    for part in ("chats", "left_chats"):
        chats = export.get(part)
        for chat in chats.get("list", []) if isinstance(chats, dict) and isinstance(chats.get("list"), list) else []:
            if isinstance(chat, dict) and isinstance(chat.get("messages"), list):
                yield chat


def _is_telegram(export: Mapping[str, Any]) -> bool:
    return "type" in export and all(
        "id" in message and ("text" in message or "type" in message) for message in export["messages"][:20]
    )


def _message(message: Any, chat: Mapping[str, Any], origin: Origin) -> Candidate:
    number = words(message.get("id")) if isinstance(message, dict) else None
    kind = words(chat.get("type"))
    place = f"{words(chat.get('id')) or 'chat'}/{number}"
    subject = f"{origin.source}#{place if kind in _LINKED else number}"
    if not isinstance(message, dict):
        return reject("UNREADABLE", subject, "is no message")
    text = _text(message.get("text"))
    if not text.strip():
        what = words(message.get("media_type")) or ("photo" if "photo" in message else "message")
        return reject("NO_TEXT", subject, f"is a {what[:40].replace('_', ' ')} without text: write down what it says")
    at = _moment(message)
    return Draft(
        source=subject,
        text=text,
        url=_link(chat, kind, number),
        publisher=words(chat.get("name")) if kind in _CHANNELS else None,
        published_raw=words(message.get("date")) or at,
        dated=at,
        via=_forwarded(message, kind),
    )


def _text(value: Any) -> str:
    """The text of its pieces: a string, or strings and entities (bold, links, mentions) in order."""
    pieces = value if isinstance(value, list) else [value]
    found = (piece.get("text") if isinstance(piece, dict) else piece for piece in pieces)
    return "".join(piece for piece in found if isinstance(piece, str))


def _moment(message: Mapping[str, Any]) -> str | None:
    """The moment in UTC: `date` is by the clock of the machine that exported, `date_unixtime` by everybody's."""
    try:
        return datetime.fromtimestamp(int(str(message["date_unixtime"])), UTC).isoformat()
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def _forwarded(message: Mapping[str, Any], kind: str | None) -> tuple[str, ...]:
    """The channel it came from. Without an id (older exports) a forward inside a channel is taken for a channel's."""
    name, number = words(message.get("forwarded_from")), words(message.get("forwarded_from_id"))
    is_channel = number.startswith("channel") if number else kind in _CHANNELS
    return (name,) if name and is_channel else ()


def _link(chat: Mapping[str, Any], kind: str | None, number: str | None) -> str | None:
    """The message's address: by the public name where the export has it, else by number, which members can open."""
    if number is None or not number.isdecimal():
        return None
    name = words(chat.get("username"))
    if kind in _LINKED and name and name.isascii() and name.replace("_", "").isalnum():
        return f"https://t.me/{name}/{number}"
    chat_id = words(chat.get("id"))
    if kind in _LINKED and chat_id and chat_id.isdecimal():
        return f"https://t.me/c/{chat_id}/{number}"
    return None
