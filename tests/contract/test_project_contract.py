"""Which project on the server is ours, and what stands in it: found, named, put right, never made twice over votes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from factcheck import settings
from factcheck.errors import LabelConfigChanged, ProjectGone, ServerError, UnsafeServer
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.init import init
from factcheck.studio.api.client import Client
from factcheck.studio.api.known import KnownProject
from factcheck.studio.api.records import RemoteProject
from factcheck.studio.page.label_config import label_config
from factcheck.studio.page.translations import WORDINGS
from factcheck.studio.sync.doubts import OPEN
from factcheck.studio.sync.project import drift, ensure_project, find_project, wanted_settings
from tests.contract.conftest import CONFIG, Studio
from tests.contract.test_queue_contract import Office
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio

EXCHANGED = (
    CONFIG.replace('value="Verified"', 'value="?"')
    .replace('value="False or misleading"', 'value="Verified"')
    .replace('value="?"', 'value="False or misleading"')
)
EDITED = CONFIG.replace("Two sentences are enough.", "One sentence is enough.")


def known_of(studio: Studio) -> KnownProject:
    found = studio.client.project(studio.project)
    return KnownProject(found.project_id, found.created_at)


def lose_mark(studio: Studio) -> None:
    studio.client.update_project(studio.project, description="Our claims")


def ensure(studio: Studio, said: list[str] | None = None, **how: Any) -> RemoteProject | None:
    heard = [] if said is None else said
    return ensure_project(
        studio.client, mark=studio.mark, title="Contract", config=CONFIG, overlap=2, say=heard.append, **how
    )


def test_a_project_that_lost_its_mark_is_known_by_number_and_birth(studio: Studio) -> None:
    known = known_of(studio)
    lose_mark(studio)
    assert find_project(studio.client, mark=studio.mark) is None
    found = find_project(studio.client, mark=studio.mark, known=known)
    assert found is not None
    assert (found.project_id, found.marked) == (studio.project, False)
    for other in (
        known._replace(created_at=(datetime.fromisoformat(known.created_at) + timedelta(seconds=1)).isoformat()),
        known._replace(created_at=""),
        known._replace(project_id=studio.project + 1000),
    ):
        assert find_project(studio.client, mark=studio.mark, known=other) is None
    assert find_project(
        studio.client, mark=studio.mark, known=known._replace(created_at=known.created_at.replace("+00:00", "Z"))
    )


def test_the_mark_is_put_back_and_that_is_said(studio: Studio) -> None:
    known, said = known_of(studio), list[str]()
    lose_mark(studio)
    ensure(studio, said, known=known, create=False)
    assert said == ["Contract: our mark is missing from the project's description; `factcheck push` corrects it"]
    assert find_project(studio.client, mark=studio.mark) is None, "a dry run changes nothing"
    found = ensure(studio, known=known)
    assert found is not None
    assert found.description.startswith("Our claims"), "a person's own words stay"
    again = find_project(studio.client, mark=studio.mark)
    assert again is not None
    assert (again.project_id, again.marked) == (studio.project, True)


def test_of_two_projects_with_the_mark_the_known_one_is_ours(studio: Studio) -> None:
    known = known_of(studio)
    described = studio.client.project(studio.project).description
    copy = studio.client.create_project(title="Copy", description=described, label_config=CONFIG)
    with pytest.raises(ServerError, match=f"projects {studio.project}, {copy.project_id} carry the mark"):
        ensure(studio)
    said: list[str] = []
    for create in (False, True):
        found = ensure(studio, said, known=known, create=create)
        assert found is not None
        assert (found.project_id, found.copies) == (studio.project, (copy.project_id,))
    assert (
        said == [f"Contract: project {copy.project_id} has our mark too: remove it from that project's description"] * 2
    )
    of_the_copy = find_project(studio.client, mark=studio.mark, known=KnownProject(copy.project_id, copy.created_at))
    assert of_the_copy is not None
    assert of_the_copy.project_id == copy.project_id


def test_no_second_project_over_votes_of_the_first(studio: Studio) -> None:
    lose_mark(studio)
    for create in (False, True):
        with pytest.raises(ProjectGone, match="1,234 annotations") as stopped:
            ensure(studio, live=1234, create=create)
        assert "pull --keep" in stopped.value.hint
    assert find_project(studio.client, mark=studio.mark) is None
    made = ensure(studio, live=0)
    assert made is not None
    assert made.project_id != studio.project


def test_a_config_that_a_person_edited_is_refused_and_replaced_on_demand(studio: Studio) -> None:
    studio.admin.configure(studio.project, EDITED)
    for create in (False, True):
        with pytest.raises(LabelConfigChanged, match="One sentence is enough") as stopped:
            ensure(studio, create=create)
        assert "--replace-config" in stopped.value.hint
    said: list[str] = []
    ensure(studio, said, replace_config=True, create=False)
    assert studio.client.project(studio.project).label_config == EDITED
    ensure(studio, said, replace_config=True)
    assert ["push replaces it" in said[0], "it is replaced" in said[1]] == [True, True]
    said.clear()
    found = ensure(studio, said)
    assert found is not None
    assert said == []
    assert "One sentence" not in found.label_config


def test_a_config_that_we_wrote_is_replaced_by_the_next_one(studio: Studio) -> None:
    ours_then = CONFIG.replace("Two sentences are enough.", "Three are enough.")
    ensure_project(
        studio.client, mark=studio.mark, title="", config=ours_then, overlap=2, replace_config=True
    )  # as an earlier release would have
    said: list[str] = []
    found = ensure(studio, said)
    assert found is not None
    assert "Two sentences" in found.label_config
    assert len(said) == 1
    assert "another release or language of factcheck; it is replaced" in said[0]


def test_a_project_from_before_the_digest_is_known_by_the_configs_of_earlier_releases(studio: Studio) -> None:
    before = f"Claims for checking, sent by factcheck. Please leave this mark here: {studio.mark}"
    studio.client.update_project(studio.project, description=before, label_config=label_config("fa"))
    found = ensure(studio)
    assert found is not None
    assert 'value="False or misleading"' in found.label_config
    assert " config:" in found.description
    studio.client.update_project(studio.project, description=before)
    again = ensure(studio)
    assert again is not None
    assert " config:" in again.description


@pytest.mark.parametrize(
    "changed",
    [
        {"show_annotation_history": True},
        {"show_collab_predictions": True},
        {"enable_empty_annotation": True},
        {"show_skip_button": False},
        {"skip_queue": "IGNORE_SKIPPED"},
        {"sampling": "Uniform sampling"},
        {"overlap_cohort_percentage": 40, "show_overlap_first": True},
        {"reveal_preannotations_interactively": True},
        {"maximum_annotations": 1},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_settings_that_a_member_changed_are_named_and_put_right(studio: Studio, changed: dict[str, Any]) -> None:
    studio.client.update_project(studio.project, **changed)
    wanted = wanted_settings(overlap=2, predictions=False)
    assert len(drift(studio.client.project(studio.project), wanted)) == len(changed)
    said: list[str] = []
    ensure(studio, said, create=False)
    ensure(studio, said)
    for name in changed:
        assert [text.rsplit("; ", 1)[1] for text in said if name in text] == [
            "`factcheck push` corrects it",
            "corrected",
        ]
    assert drift(studio.client.project(studio.project), wanted) == []


def test_more_people_a_claim_than_asked_for_stay(studio: Studio) -> None:
    studio.client.update_project(studio.project, maximum_annotations=5)
    said: list[str] = []
    found = ensure(studio, said)
    assert found is not None
    assert (found.overlap, said) == (5, [])


@pytest.fixture
def office(tmp_path: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Office:
    @contextmanager
    def client(_desk: Desk, **_patience: Any) -> Iterator[Client]:
        yield studio.client

    monkeypatch.setattr(Desk, "client", client)
    return Office(tmp_path, studio)


def number_of(office: Office) -> int:
    known = Desk(office.settings).known_project("main")
    assert known is not None
    return known.project_id


def test_a_desk_knows_its_project_after_a_push_and_finds_it_without_its_mark(office: Office) -> None:
    assert Desk(office.settings).known_project("main") is None
    office.push()
    number = number_of(office)
    office.studio.client.update_project(number, description="")
    assert office.plan().report.counts == {"unchanged": 3}
    assert office.said == [
        "Desk: our mark is missing from the project's description; `factcheck push` corrects it",
    ]
    assert office.push().counts["unchanged"] == 3
    assert list(office.tasks("main").values())
    assert number_of(office) == number


def test_a_desk_with_votes_makes_no_second_project(office: Office) -> None:
    office.push()
    office.studio.checkers[0].submit(next(iter(office.tasks("main").values())), "verified")
    office.pull()
    office.studio.client._call(lambda sdk: sdk.projects.delete(number_of(office)))
    for run in (office.plan, office.push):
        with pytest.raises(ProjectGone, match="1 annotations"):
            run()
    assert office.tasks("main") == {}


def test_a_desk_without_votes_makes_its_project_anew(office: Office) -> None:
    office.push()
    office.studio.client._call(lambda sdk: sdk.projects.delete(number_of(office)))
    assert office.push().counts["created"] == 3


def test_answers_given_while_the_choices_were_exchanged_are_in_doubt(office: Office) -> None:
    office.push()
    workspace = Desk(office.settings).workspace
    persian = office.studio.client.project(number_of(office)).label_config
    verified, disputed = WORDINGS["fa"].verified, WORDINGS["fa"].disputed
    turned = persian.replace(verified, "?").replace(disputed, verified).replace("?", disputed, 1)
    assert turned.count(verified) == turned.count(disputed) == 1
    office.studio.admin.configure(number_of(office), turned)
    with pytest.raises(LabelConfigChanged, match="what the choices mean"):
        office.push()
    assert workspace.doubts("main") == []
    office.studio.checkers[0].submit(next(iter(office.tasks("main").values())), "verified")
    office.push(replace_config=True)
    (doubt,) = workspace.doubts("main")
    assert doubt.task_id is None
    answered = office.task("main", next(iter(office.tasks("main"))))["annotations"][0]["created_at"]
    assert datetime.fromisoformat(answered) < datetime.fromisoformat(doubt.until) < datetime.fromisoformat(OPEN)
    office.push()
    assert workspace.doubts("main") == [doubt]


def test_an_edit_that_turns_no_answer_leaves_no_doubt(office: Office) -> None:
    office.push()
    edited = office.studio.client.project(number_of(office)).label_config.replace("دو جمله", "یک جمله")
    office.studio.admin.configure(number_of(office), edited)
    office.push(replace_config=True)
    assert Desk(office.settings).workspace.doubts("main") == []


def test_a_repair_that_breaks_off_leaves_the_doubt_open_until_a_push_ends_well(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.push()
    persian = office.studio.client.project(number_of(office)).label_config
    office.studio.admin.configure(number_of(office), persian.replace('alias="opinion"', 'alias="view"'))

    def killed(_self: Client, _project_id: int, **_fields: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Client, "update_project", killed)
        with pytest.raises(KeyboardInterrupt):
            office.push(replace_config=True)
    workspace = Desk(office.settings).workspace
    assert [doubt.until for doubt in workspace.doubts("main")] == [OPEN]
    office.push(replace_config=True)
    assert OPEN not in [doubt.until for doubt in workspace.doubts("main")]


def test_an_old_server_is_refused_by_a_desk_unless_it_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeStudio()
    fake.version = "1.22.0"
    monkeypatch.setenv("FACTCHECK_TOKEN", ADMIN_TOKEN)
    init(tmp_path, name="Desk", language="en", url="https://desk.example", force=False)

    def connected(environment: dict[str, str]) -> str:
        own = settings.load(tmp_path, environment | {"FACTCHECK_STUDIO_URL": "http://127.0.0.1:9"})
        with Desk(own).client(transport=fake) as client:
            return client.url

    with pytest.raises(UnsafeServer, match=r"1\.22\.0 has known holes") as refused:
        connected({})
    assert "allow_unsafe_version = true" in refused.value.hint
    assert connected({"FACTCHECK_STUDIO_ALLOW_UNSAFE_VERSION": "true"})
