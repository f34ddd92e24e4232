"""The schemas of what --json prints: one for each command, of its envelope in every outcome."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from factcheck.cli.answer import FORMAT
from factcheck.cli.answers import ANSWERS
from factcheck.cli.answers.daily import Problem
from factcheck.cli.answers.streams import STREAMS
from factcheck.schemas.document import headed, text

_TEXT = {"type": "string"}
_STEPS = {"type": "array", "items": _TEXT, "description": "Commands to go on with, for a person."}
_LEVELS = ["info", "warning", "error"]


def answer_schemas() -> dict[str, str]:
    """The schemas by file name, `answer-studio-user-add.schema.json`; that of a stream is of each of its lines.

    `answer.schema.json` is the envelope alone, of whatever command.
    """
    schemas = {"": _envelope()}
    schemas |= {command: _answer(command, kind) for command, kind in ANSWERS.items()}
    schemas |= {command: _lines(command, events) for command, events in STREAMS.items()}
    return {file_name(command): text(schema) for command, schema in schemas.items()}


def file_name(command: str) -> str:
    """The file that has the schema of a command's answers."""
    return "-".join(["answer", *command.split()]) + ".schema.json"


def _envelope() -> dict[str, Any]:
    defs: dict[str, Any] = {}
    data = {"type": "object", "description": "What the command's own schema says."}
    return _headed("answer", "Any answer with --json", [_done(_TEXT, data), _refused(_TEXT, defs)], defs)


def _answer(command: str, kind: Any) -> dict[str, Any]:
    defs: dict[str, Any] = {}
    data, name = _schema(kind, defs), {"const": command}
    said = [_done(name, data), _refused(name, defs)]
    return _headed(f"answer:{command.replace(' ', '-')}", f"factcheck {command} --json", said, defs)


def _lines(command: str, events: Any) -> dict[str, Any]:
    defs: dict[str, Any] = {}
    name = {"const": command}
    said = [_line(name, event, _schema(kind, defs), defs) for event, kind in events.items()]
    title = f"A line of factcheck {command} --json"
    return _headed(f"answer:{command.replace(' ', '-')}", title, [*said, _refused(name, defs)], defs)


def _headed(name: str, title: str, said: list[dict[str, Any]], defs: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = headed({"title": title, "oneOf": said, "$defs": defs}, name, FORMAT)
    return found


def _done(command: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    return _object("It came to its end.", {"command": command, "data": data, "next_steps": _STEPS})


def _refused(command: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    return _object("An error ended it.", {"command": command, "error": _schema(Problem, defs)})


def _line(command: dict[str, Any], event: str, kind: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """The members of a line that all lines have, with those of the event beside them."""
    own = defs.pop(kind["$ref"].rpartition("/")[2]) if "$ref" in kind else kind
    line = {
        "command": command,
        "event": {"const": event},
        "at": {"type": "string", "format": "date-time"},
        "level": {"enum": _LEVELS},
        **own.get("properties", {}),
    }
    required = ["command", "event", "at", "level", *own.get("required", [])]
    return _object(" ".join(own.get("description", "").split()), line, required)


def _object(about: str, members: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "description": about,
        "properties": {"format": {"const": FORMAT}, **members},
        "required": ["format", *(members if required is None else required)],
        "additionalProperties": False,
    }


def _schema(kind: Any, defs: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type; what it refers to goes to `defs`."""
    found = TypeAdapter(kind).json_schema(mode="serialization")
    defs |= found.pop("$defs", {})
    return found
