"""An export is read piece by piece and says what reading it whole would say."""

from __future__ import annotations

import io
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.errors import ProtocolError
from factcheck.studio.api import responses
from factcheck.studio.api.client import Client
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import claim_id, make_tasks

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
TASKS = st.lists(st.fixed_dictionaries({"id": st.integers(1, 9999), "data": VALUES}), max_size=6)


class Dribble(io.BytesIO):
    """A file that gives a few bytes at a time, in the middle of letters too."""

    step = 1

    def read(self, _size: int | None = -1) -> bytes:
        return super().read(self.step)


@given(tasks=TASKS, step=st.integers(1, 40), indent=st.sampled_from([None, 1]), size=st.integers(1, 4))
def test_in_any_pieces_it_is_the_same(tasks: list[Any], step: int, indent: int | None, size: int) -> None:
    file = Dribble(json.dumps(tasks, ensure_ascii=False, indent=indent).encode("utf-8", "surrogatepass"))
    file.step = step
    pages = list(responses.pages(file, size))
    assert [task for page in pages for task in page] == tasks
    assert all(len(page) == size for page in pages[:-1])


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[", b'[{"id": 1}', b'[{"id": 1},]', b'[{"id": 1} {"id": 2}]', b"[1]", b'[{"id": "1"}]', b"<html>",
     b'[{"id": 1, "a": "\xff"}]', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_list_of_tasks_is_refused(content: bytes) -> None:
    with pytest.raises(ProtocolError):
        list(responses.pages(io.BytesIO(content), 10))


class Narrow(httpx.BaseTransport):
    """A proxy that takes only short addresses."""

    def __init__(self, inner: httpx.BaseTransport, limit: int, status: int) -> None:
        self.inner, self.limit, self.status = inner, limit, status

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if len(str(request.url)) > self.limit:
            return httpx.Response(self.status, text="too long")
        return self.inner.handle_request(request)


@pytest.mark.parametrize("status", [414, 400])
def test_claims_are_looked_up_through_a_proxy_that_takes_short_addresses(status: int) -> None:
    fake = FakeStudio()
    fake.store.add_project({})
    fake.store.import_tasks(1, [{"data": json.loads(data)} for data in make_tasks(list(range(500)))["data"]])
    client = Client("http://127.0.0.1:9", ADMIN_TOKEN, transport=Narrow(fake, 4094, status), sleep=lambda _: None)
    found = client.lookup(1, [claim_id(number) for number in range(500)], include="id,data")
    assert sorted(task["data"]["claim_id"] for task in found) == [claim_id(number) for number in range(500)]
    client.close()
