"""How far back a pull looks: little where the clocks agree, far where they do not or a wide look is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from factcheck import frames
from factcheck.models import AnnotationEvent
from factcheck.studio.api.client import Client
from factcheck.studio.sync.pull import pull
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import NOW, make_tasks

MINUTE = timedelta(minutes=1)
# Written out, so that a change of the figures in the code is seen here.
SHORT_OVERLAP, OVERLAP, WIDE_EVERY = timedelta(seconds=30), timedelta(minutes=10), timedelta(minutes=10)


@pytest.mark.parametrize(
    ("ours", "theirs", "back"),
    [
        (MINUTE, MINUTE, SHORT_OVERLAP),
        (MINUTE, 2 * MINUTE, OVERLAP),
        (MINUTE, -MINUTE, OVERLAP),
        (-MINUTE, -MINUTE, OVERLAP),
        (WIDE_EVERY, WIDE_EVERY, OVERLAP),
    ],
    ids=["agree", "ahead", "set back", "ours set back", "due"],
)
def test_the_window_follows_the_clocks(
    ours: timedelta, theirs: timedelta, back: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeStudio()
    fake.store.add_project({})
    client = Client("http://127.0.0.1:9", ADMIN_TOKEN, transport=fake, sleep=lambda _: None)
    client.import_tasks(1, make_tasks([1])["data"].to_list())
    asked: list[Any] = []
    tasks = client.tasks

    def noted(project: int, **how: Any) -> Any:
        asked.append(how.get("since"))
        return tasks(project, **how)

    monkeypatch.setattr(client, "tasks", noted)
    cursor: dict[str, Any] = {}
    server = fake.store.now.replace(microsecond=0)
    for now in (NOW, NOW + ours):
        cursor = pull(
            client, 1, frames.empty(AnnotationEvent), cursor, project="main", now=now, annotator_id=lambda _: "ant"
        ).cursor
        fake.store.now += theirs
    assert asked == [None, server - back]
    client.close()
