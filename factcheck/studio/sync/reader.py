"""Tasks as Label Studio shows them, compared with the last known states of their annotations.

An annotation is the same wherever it stands: its key is project, id and time of creation, never the task. What is not
seen any more is only noted here; whether it was taken back is judged when everything has been read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import polars as pl

from factcheck.errors import Rejected
from factcheck.models import AnnotationState, Mark, Rejection, digest
from factcheck.studio.api import responses
from factcheck.studio.page.tasks import EARLIER
from factcheck.studio.sync import payload
from factcheck.studio.sync.doubts import Doubt
from factcheck.studio.sync.numbers import Numbers
from factcheck.studio.sync.payload import IN_ANOTHERS_NAME, ONE_SAVE, Answer
from factcheck.studio.sync.states import (
    About,
    Row,
    deleted,
    is_kept,
    is_vote,
    kept_though_gone,
    known_gone,
    marked,
    next_event,
    put_aside,
)
from factcheck.text import bare

NO_ANSWER = frozenset({"NO_CHOICE", "TWO_CHOICES", "UNKNOWN_CHOICE", "UNKNOWN_CONTROL"})
"""Readable annotations that do not answer our question; one that did before is put aside with them."""

_SAID = ("state", "choice", "rationale", "evidence", "confidence", "annotator_id", *payload.LATER)

_LONGEST_LOOK = 86_400.0
"""Seconds: nobody has a page open for longer and then answers, whatever the lead time says."""


class Withdrawal(NamedTuple):
    """A known answer that would stop counting: its last state, the event that says so, and whether it looks forgotten.

    `forgotten` is set where a person's act would have left a trace on the task, and there is none.
    """

    state: Row
    event: Row
    forgotten: bool


class Reader:
    """Takes in pages of tasks; `rows` are the new events, `withdrawals` what would take an answer back.

    `words` gives for the claim ids that are known the texts (`text.bare`) a task of theirs may show; without it any
    claim and any text will do. `annotator_id` turns a user's number into the opaque id. `accept` counts answers that
    were put aside. `unread` are tasks that could not be read before: where they are gone now, what was known is kept.
    `forgotten` people have another id by now; what they said stays theirs, and they are not written down again.
    `another` says that it is not the project of the last pull: a task of it is none that is known, whatever its number.
    """

    def __init__(
        self,
        project_id: int,
        project: str,
        known: pl.DataFrame,
        now: datetime,
        annotator_id: Callable[[int], str],
        *,
        words: Callable[[Collection[str]], Mapping[str, Collection[str]]] | None = None,
        doubts: Collection[Doubt] = (),
        accept: bool = False,
        unread: Collection[int] = (),
        forgotten: Collection[str] = (),
        numbers: Numbers | None = None,
        another: bool = False,
    ) -> None:
        self.project_id = project_id
        self.known = known
        self.now = now
        self.tasks: set[int] = set()
        self.users: set[int] = set()
        self.seen = 0
        self.accepted = 0
        self.rows: list[Row] = []
        self.withdrawals: dict[str, Withdrawal] = {}
        self.rejected: list[Rejection] = []
        self.about: list[About] = []
        """What each of `rejected` is about."""
        self.present: set[str] = set()
        self.unchanged: dict[str, datetime] = {}
        """Server times of the known states that were seen again as they were."""
        self.returned = False
        """Whether an answer that was gone is there again: no person can bring one back, a backup does."""
        self.numbers = numbers or Numbers({}, known)
        self._project, self._annotator_id, self._accept = project, annotator_id, accept
        self._another = another
        self._words, self._doubts, self._unread, self._forgotten = words, doubts, {*unread}, {*forgotten}
        self.other_words: set[int] = set()
        """Tasks that do not show what was sent."""
        self.unread: set[int] = set()
        """Tasks that cannot be read."""
        self.hidden: dict[str, Row] = {}
        """Last states of the answers known of them."""
        self._taken_back: set[str] = set()
        self._standing: dict[int, datetime] = {}
        """When the answers were made of which nothing is known but that they are there, by number."""
        self._fresh: dict[str, Row] = {}
        self._missing: dict[str, tuple[Row, datetime | None]] = {}

    def read(self, tasks: list[Row]) -> None:
        """Take in a page of tasks with their annotations."""
        ids = [task["id"] for task in tasks]
        self.tasks.update(ids)
        states = self._states(tasks, ids)
        self._standing = {
            state["annotation_id"]: state["created_at"]
            for state in states.values()
            if state["state"] != AnnotationState.DELETED and not known_gone(state) and not is_kept(state)
        }
        mine: dict[int, list[Row]] = {}
        for state in states.values():
            mine.setdefault(state["task_id"], []).append(state)
        asked = [claim for task in tasks if isinstance(claim := _data(task).get("claim_id"), str)]
        words = self._words(asked) if asked and self._words else {}
        for task in tasks:
            self._task(task, states, mine.get(task["id"], []), words)

    def missing(self) -> list[Row]:
        """The last states of known answers whose tasks were read, or are gone, and that were seen nowhere."""
        return [state for key, (state, _) in self._missing.items() if key not in self.present]

    def miss_tasks_except(self, ids: Collection[int]) -> None:
        """Note every known answer whose task is not among `ids`."""
        gone = self.known.filter(~pl.col("task_id").is_in(list(ids)), pl.col("state") != str(AnnotationState.DELETED))
        for state in gone.iter_rows(named=True):
            if state["annotation_key"] not in self.present and not known_gone(state):
                self._missing.setdefault(state["annotation_key"], (state, None))

    def take_back(self, state: Row) -> None:
        """Note that a hidden answer is not on the server any more."""
        key = state["annotation_key"]
        self._taken_back.add(key)
        self.present.discard(key)
        self._missing[key] = (state, None)

    def conclude(self) -> None:
        """What was seen nowhere becomes a withdrawal."""
        for key, (state, moved) in self._missing.items():
            if key in self.present:
                continue
            if moved is None and state["task_id"] in self._unread and key not in self._taken_back:
                self._event(kept_though_gone(state, "its task could not be read, and is gone now"), state)
                self.seen, self.accepted = self.seen + 1, self.accepted + 1
            else:
                # A person's deletion moves the task; one that stands as we last saw it has forgotten the answer.
                forgotten = moved is not None and moved <= (state["task_updated_at"] or state["updated_at"])
                self.withdrawals[key] = Withdrawal(state, deleted(state, moved, self.now), forgotten)
                self.seen += 1
        self._missing.clear()

    def _states(self, tasks: list[Row], ids: list[int]) -> dict[str, Row]:
        if not self.known.height:
            return {}
        numbers = [
            number
            for task in tasks
            if isinstance(task.get("annotations"), list)
            for annotation in task["annotations"]
            if isinstance(annotation, dict) and isinstance(number := annotation.get("id"), int) and number < 2**63
        ]
        here = self.known.filter(pl.col("task_id").is_in(ids) | pl.col("annotation_id").is_in(numbers))
        return {row["annotation_key"]: row for row in here.iter_rows(named=True)}

    def _task(self, task: Row, states: Mapping[str, Row], mine: list[Row], words: Mapping[str, Any]) -> None:
        annotations = task.get("annotations")
        if not isinstance(annotations, list):
            self.seen += 1
            why = f"the task holds {task['broken']}" if "broken" in task else "the task has no list of annotations"
            known = self._not_to_be_seen(mine)
            stay = f"; its {len(known)} known answers are kept" if known else ""
            self.hidden |= {state["annotation_key"]: state for state in known if not known_gone(state)}
            self.unread.add(task["id"])
            self._reject(task, None, Rejected("BAD_PAYLOAD", why + stay))
            return
        self.seen += len(annotations)
        try:
            moved = payload.time(task.get("updated_at"))
            claim = self._claim(task, words)
        except Rejected as error:
            if error.reason_code == "OTHER_WORDS":
                self.other_words.add(task["id"])
            self._not_to_be_seen(mine)
            for annotation in annotations:
                self._reject(task, annotation, error)
                with suppress(Rejected):  # one that moved here is here, whatever the task shows
                    self.present.add(self._key(annotation, states))
            return
        present: set[str] = set()
        for annotation in annotations:
            key = self._annotation(claim, task, moved, annotation, states)
            present |= self._keys_like(annotation, mine) if key is None else {key}
        self.present |= present
        # A task that went took the server's time with it: of its answers we know when we saw that, by our own clock.
        # Another task may have got its number since.
        dated = [state for state in mine if state["task_updated_at"] or state["state"] != AnnotationState.DELETED]
        last_seen = max((state["task_updated_at"] or state["updated_at"] for state in dated), default=None)
        for state in mine:
            key = state["annotation_key"]
            if key not in present and state["state"] != AnnotationState.DELETED and not known_gone(state):
                self._missing.setdefault(key, (state | {"task_updated_at": last_seen}, moved))

    def _not_to_be_seen(self, mine: list[Row]) -> list[Row]:
        """Those of the known answers of a task that may be there although nothing can be read of it."""
        known = [state for state in mine if state["state"] != AnnotationState.DELETED]
        if self._another:
            self._missing |= {state["annotation_key"]: (state, None) for state in known if not known_gone(state)}
            return []
        self.present |= {state["annotation_key"] for state in mine}
        return known

    def _annotation(
        self, claim: str, task: Row, moved: datetime, annotation: Any, states: Mapping[str, Row]
    ) -> str | None:
        """The key of an annotation after its news was noted; None where it cannot be told which one it is."""
        key = None
        try:
            key = self._key(annotation, states)
            state = self._fresh.get(key) or states.get(key)
            if state is None or not is_kept(state):
                _same_question(claim, task["id"], state)
            answer = payload.read(annotation)
            self._compare(claim, task, moved, key, answer, state)
        except Rejected as error:
            self._reject(task, annotation, error)
            if key is not None and error.reason_code in NO_ANSWER:
                self._unreadable(moved, annotation, self._fresh.get(key) or states.get(key), error)
            return key
        self.accepted += 1
        return key

    def _key(self, annotation: Any, states: Mapping[str, Row]) -> str:
        number, born = payload.identity(annotation)
        key = f"{self._project}:{number}:{born.isoformat()}"
        # On SQLite an import numbers on from the highest that is still there, and so gives a deleted one's again.
        imported = annotation.get("updated_by") is None
        self.numbers.see(number, born, known=key in states or imported, ours=self._standing.get(number))
        return key

    def _claim(self, task: Row, words: Mapping[str, Any]) -> str:
        data = _data(task)
        claim = data.get("claim_id")
        if task.get("project") != self.project_id:
            raise Rejected("FOREIGN_TASK", f"the task belongs to project {responses.short(task.get('project'), 40)}")
        if not isinstance(claim, str) or not re.match(payload.CLAIM_ID_PATTERN, claim):
            raise Rejected("FOREIGN_TASK", "the task has none of our claim ids: somebody else made or changed it")
        if self._words is not None and claim not in words:
            how = "ingest its article again, then `factcheck claims` and `factcheck pull --full`"
            raise Rejected("UNKNOWN_CLAIM", f"its claim {claim} is not in the dataset; {how}")
        if self._words is not None and bare(str(data.get("claim"))) not in words[claim]:
            raise Rejected(
                "OTHER_WORDS", f"the task shows a different text from claim {claim}; run `factcheck push` to correct it"
            )
        return claim

    def _compare(self, claim: str, task: Row, moved: datetime, key: str, answer: Answer, state: Row | None) -> None:
        """Note the event of a state that is not yet known."""
        task_id = task["id"]
        author = self._author(answer, state)
        said = {
            "state": str(answer.state),
            "choice": answer.choice,
            "rationale": answer.rationale,
            "evidence": answer.evidence,
            "confidence": answer.confidence,
            "annotator_id": author,
        }
        later = {name: getattr(answer, name) for name in payload.LATER}
        # A star (ground truth) makes who set it the last editor, though nothing that was said has changed.
        same = state is not None and _same(said | later, state, answer.typed)
        if state is not None and same:
            said["edited_by"] = state["edited_by"]
        else:
            said["edited_by"] = None if answer.editor is None else self._person(answer.editor)
        # An answer that says nothing of what older pages did not ask has the hash that it had then.
        hashed = said | {"rationale": answer.typed} | {name: value for name, value in later.items() if value}
        row = (
            said
            | later
            | {
                "claim_id": claim,
                "annotation_key": key,
                "project": self._project,
                "task_id": task_id,
                "annotation_id": answer.annotation_id,
                "saw_earlier": _saw_earlier(task),
                "lead_time": answer.lead_time,
                "created_at": answer.created_at,
                "updated_at": answer.updated_at,
                "content_hash": digest(claim, hashed),
                "mark": None,
                "mark_reason": None,
                "task_updated_at": moved,
            }
        )
        # What is kept against the server stands on a task of another claim's, as long as nobody says more there.
        said_since = state is not None and answer.updated_at > state["updated_at"]
        if state is not None and is_kept(state) and state["content_hash"] != row["content_hash"] and not said_since:
            _same_question(claim, task_id, state)
        if state is None:
            self._first(row, answer)
        elif state["content_hash"] == row["content_hash"] and state["task_id"] == task_id:
            self.unchanged[key] = state["updated_at"]
            self._take_back_withdrawal(key)
            if self._accept and state["state"] == AnnotationState.PUT_ASIDE:
                self._event(marked(row, Mark.ACCEPTED, state["mark_reason"]), state)
        else:
            self._changed(row, answer, state)

    def _author(self, answer: Answer, state: Row | None) -> str:
        if state is not None and (answer.author is None or state["annotator_id"] in self._forgotten):
            return str(state["annotator_id"])  # the user was deleted there, or forgotten here, since
        if answer.author is not None:
            return self._person(answer.author)
        why = "this answer is lost: Label Studio names no author (an import, or a person deleted before the first pull)"
        raise Rejected("NO_ANNOTATOR", why)

    def _person(self, user: int) -> str:
        self.users.add(user)
        return self._annotator_id(user)

    def _first(self, row: Row, answer: Answer, state: Row | None = None) -> None:
        """An annotation that was never seen before, or that was gone: whether a person gave it is asked again."""
        why = answer.origin or self._doubt(row)
        if why and self._accept:
            self._event(marked(row, Mark.ACCEPTED, why), state)
        elif why:
            self._event(put_aside(row, why), state)
        elif state is not None and row["claim_id"] != state["claim_id"]:
            self._event(_moved(row, state), state)
        else:
            self._event(row, state)

    def _changed(self, row: Row, answer: Answer, state: Row) -> None:
        """A known annotation that says something else, or stands elsewhere."""
        self.returned |= state["state"] == AnnotationState.DELETED or known_gone(state)
        if is_kept(state) and row["content_hash"] == state["content_hash"]:  # only the task is another one
            self._event(state | {"task_id": row["task_id"], "task_updated_at": row["task_updated_at"]}, state)
            return
        if state["state"] == AnnotationState.DELETED:
            self._first(row, answer, state)
            return
        if state["state"] == AnnotationState.PUT_ASIDE:
            self._event(self._again(row, answer, state), state)
            return
        says_more = not _same(row, state, answer.typed)
        if says_more and not self._accept and (why := self._doubt(row)):
            self._withdraw(put_aside(row, why), state, forgotten=False)
            return
        if row["annotator_id"] != state["annotator_id"]:
            row |= {"annotator_id": state["annotator_id"]}
            row = marked(row, Mark.KEPT, "Label Studio names another author now; the answer stays its author's")
        elif row["claim_id"] != state["claim_id"]:
            row = _moved(row, state)
        elif row["content_hash"] == state["content_hash"]:
            row |= {"mark": state["mark"], "mark_reason": state["mark_reason"]}  # only the task is another one
        elif row["updated_at"] == state["updated_at"] and state["mark"] is None and is_vote(state):
            row = marked(row, Mark.REWRITTEN, "changed on the server without an edit")
        # What was kept when the server had lost it may come back as it was earlier: nobody has said that since.
        kept = is_kept(state) and not (known_gone(state) and (says_more or row["claim_id"] != state["claim_id"]))
        if row["updated_at"] < state["updated_at"] and is_vote(state) and not kept:
            self._withdraw(row, state, forgotten=True)
        else:
            self._event(row, state)

    def _again(self, row: Row, answer: Answer, state: Row) -> Row:
        """An answer that was put aside and says something else now: its author may have answered on the page since."""
        edited = answer.updated_at > state["updated_at"]
        origin = None if edited and answer.origin == IN_ANOTHERS_NAME else answer.origin  # that is said of a first save
        why = origin or self._doubt(row)
        was_none = str(state["mark_reason"]).partition(":")[0] in NO_ANSWER
        if why is None and edited and (answer.editor is None or was_none):
            return row
        why = why or str(state["mark_reason"])
        return marked(row, Mark.ACCEPTED, why) if self._accept else put_aside(row, why)

    def _unreadable(self, moved: datetime, annotation: Row, state: Row | None, error: Rejected) -> None:
        """An answer that was edited into none: what it said before does not count any more."""
        if state is None or not is_vote(state):
            return
        said = responses.short(annotation.get("result"))
        content = digest(state["claim_id"], str(Mark.PUT_ASIDE), error.reason_code, said)
        if state["content_hash"] == content:  # it is kept although it says nothing there
            return
        updated = payload.time(annotation.get("updated_at"))
        rewritten = " (changed on the server without an edit)" if updated == state["updated_at"] else ""
        gone = put_aside(state, f"{error.reason_code}: {error.what}{rewritten}")
        gone |= {"updated_at": updated, "content_hash": content, "task_updated_at": moved}
        self._withdraw(gone, state, forgotten=False, counted=False)

    def _doubt(self, row: Row) -> str | None:
        """Why it is not known to what question this was the answer: what a page shows is what it showed when opened."""
        given = row["updated_at"]
        if row["created_at"] == given or given - row["created_at"] < ONE_SAVE:
            given -= timedelta(seconds=min(max(0.0, row["lead_time"] or 0.0), _LONGEST_LOOK))
        for doubt in self._doubts:
            if doubt.task_id in {None, row["task_id"]} and given <= payload.time(doubt.until):
                return doubt.reason
        return None

    def _withdraw(self, row: Row, state: Row, *, forgotten: bool, counted: bool = True) -> None:
        """Note a withdrawal; `counted` where the annotation is not among the rejected already."""
        made = Withdrawal(state, next_event(row, state, self.now), forgotten)
        if self.withdrawals.pop(row["annotation_key"], None):  # read twice: what was seen last is judged
            self.withdrawals[row["annotation_key"]] = made
            self.seen += not counted
            self.accepted += not counted
            return
        if counted:
            self.accepted -= 1  # it was counted as read, and is counted again when it is judged
        else:
            self.seen += 1
        self.withdrawals[row["annotation_key"]] = made

    def _take_back_withdrawal(self, key: str) -> None:
        """What was noted of an annotation that is read again, and is not withdrawn, is only counted."""
        if self.withdrawals.pop(key, None):
            self.accepted += 1

    def _event(self, row: Row, state: Row | None) -> None:
        self._take_back_withdrawal(row["annotation_key"])
        made = next_event(row, state, self.now)
        self._fresh[row["annotation_key"]] = made
        self.rows.append(made)

    def _keys_like(self, annotation: Any, mine: list[Row]) -> set[str]:
        """The known annotations an unreadable payload may be: present and broken is not deleted."""
        number = annotation.get("id") if isinstance(annotation, dict) else None
        return {state["annotation_key"] for state in mine if number is None or state["annotation_id"] == number}

    def _reject(self, task: Row, annotation: Any, error: Rejected) -> None:
        if error.reason_code == "OTHER_WORDS":
            self.other_words.add(task["id"])
        number = annotation.get("id", "?") if isinstance(annotation, dict) else "?"
        self.about.append(About(error.reason_code, task["id"], whole_task=task["id"] in self.unread))
        self.rejected.append(
            Rejection(
                stage="pull",
                code=error.reason_code,
                subject=f"{self._project}: task {task['id']}, annotation {responses.short(number, 40)}",
                reason=error.what,
                payload=responses.short(annotation),
            )
        )


def _moved(row: Row, state: Row) -> Row:
    return marked(row, Mark.MOVED, f"from task {state['task_id']}, claim {state['claim_id']}")


def _same(said: Row, state: Row, typed: str | None) -> bool:
    """Whether the known state says the same; its rationale may be as an older version read it."""
    return all(state[name] == said[name] or (name == "rationale" and state[name] == typed) for name in _SAID)


def _same_question(claim: str, task_id: int, state: Row | None) -> None:
    """Raises Rejected where the task of a known answer shows another claim than it was given to."""
    if state is not None and state["task_id"] == task_id and state["claim_id"] != claim:
        raise Rejected("OTHER_WORDS", f"its task shows claim {claim} now, the answer was to {state['claim_id']}")


def _saw_earlier(task: Row) -> bool | None:
    """Whether the task tells of an earlier verdict; None where it was made before tasks said so."""
    text = _data(task).get(EARLIER)
    return bool(text) if isinstance(text, str) else None


def _data(task: Row) -> Row:
    data = task.get("data")
    return data if isinstance(data, dict) else {}
