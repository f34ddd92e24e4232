"""What a command said with --json, out of its envelope."""

from __future__ import annotations

import json
from typing import Any

from factcheck.cli.answer import FORMAT
from tests.schemas import wrong_answer


def answer(text: str | bytes) -> Any:
    """The data of an answer, or `{"error": ...}` where an error ended the command."""
    envelope: dict[str, Any] = json.loads(text)
    assert envelope["format"] == FORMAT
    assert wrong_answer(envelope) == []
    if "error" in envelope:
        assert set(envelope) == {"format", "command", "error"}, sorted(envelope)
        return {"error": envelope["error"]}
    assert set(envelope) == {"format", "command", "data", "next_steps"}, sorted(envelope)
    assert isinstance(envelope["data"], dict), "data is always an object, so that it can grow"
    return envelope["data"]
