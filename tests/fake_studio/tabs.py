"""The Data Manager's tabs, and the tasks of a label stream, as they were measured on 1.23.2."""

from __future__ import annotations

from typing import Any

from tests.fake_studio.rows import Missing, Row, Store

TABS: list[tuple[str, str, str]] = [
    ("GET", r"/api/dm/views/", "tabs"),
    ("POST", r"/api/dm/views/", "new_tab"),
    ("PATCH", r"/api/dm/views/(\d+)/", "change_tab"),
    ("DELETE", r"/api/dm/views/(\d+)/", "delete_tab"),
]


class Tabs:
    """Handlers of `TABS`."""

    store: Store

    def _tabs(self, *, query: Row, **_: Any) -> list[Row]:
        return [row for row in self.store.tabs.values() if row["project"] == int(query["project"])]

    def _new_tab(self, *, user: int, body: Row, **_: Any) -> Row:
        self.store.get(self.store.projects, int(body["project"]))
        number = self.store.next_tab()
        fixed = {"id": number, "user": user, "order": 0}
        self.store.tabs[number] = {"project": int(body["project"]), "data": body["data"]} | fixed
        return self.store.tabs[number]

    def _change_tab(self, number: int, *, body: Row, **_: Any) -> Row:
        found = self.store.get(self.store.tabs, number)
        found["data"] = body["data"]
        return found

    def _delete_tab(self, number: int, **_: Any) -> None:
        del self.store.tabs[self.store.get(self.store.tabs, number)["id"]]

    def next_task(self, project: int, user: int, body: Row) -> Row:
        """The first task that is not done and that this person has not answered, in the order that the page asks for.

        Without an order the server looks first for what others have answered, then goes by id: not played here.
        """
        assert body.get("ordering"), "the fake knows only the stream of an ordered tab"
        column = body["ordering"][0]
        name = column.removeprefix("-").removeprefix("tasks:data.")
        rows = sorted(
            self.store.of_project(project), key=lambda row: str(row["data"].get(name, "")), reverse=column[0] == "-"
        )
        for row in rows:
            mine = [answer for answer in self.store.of_task(row["id"]) if answer["completed_by"] == user]
            if not row["is_labeled"] and not mine:
                return row | {"queue": "Data manager queue"}
        raise Missing
