"""A labeling config that a person changed: shown, replaced on demand where no answer suffers, else migrated."""

from __future__ import annotations

import pytest

from factcheck.errors import LabelConfigChanged
from factcheck.studio.sync.config_migration import migrate, plan_migration
from factcheck.studio.sync.project import ensure_project
from tests.contract.conftest import CONFIG, Studio

RENAMED = CONFIG.replace('value="False or misleading"', 'value="Wrong"')
OTHER = CONFIG.replace('alias="disputed"', 'alias="false"')


def ensure(studio: Studio, *, create: bool = True, replace: bool = True) -> tuple[str, list[str]]:
    """The config on the server after a push looked at it, and what it said."""
    said: list[str] = []
    found = ensure_project(
        studio.client, mark=studio.mark, title="", config=CONFIG, overlap=2, create=create, say=said.append,
        replace_config=replace,
    )  # fmt: skip
    assert found is not None
    return found.label_config, said


def test_a_label_changed_in_the_ui_is_shown_and_put_right_on_demand(studio: Studio) -> None:
    studio.push([1])
    studio.checkers[0].submit(studio.task[0], "disputed")
    studio.admin.configure(studio.project, RENAMED)
    with pytest.raises(LabelConfigChanged, match='value="Wrong"'):
        ensure(studio, replace=False)
    config, said = ensure(studio, create=False)
    assert 'value="Wrong"' in config, "a dry run changes nothing"
    assert 'value="Wrong"' in said[0]
    assert 'value="False or misleading"' in said[0]
    config, said = ensure(studio)
    assert 'value="False or misleading"' in config
    assert len(said) == 1
    assert ensure(studio)[1] == []


def test_choices_that_nobody_made_may_go(studio: Studio) -> None:
    studio.push([1])
    studio.admin.configure(studio.project, OTHER)
    studio.checkers[0].submit(studio.task[0], "verified")
    assert 'alias="disputed"' in ensure(studio)[0]


def test_answers_under_an_old_config_are_mapped_and_come_home(studio: Studio) -> None:
    studio.push([1, 2])
    studio.admin.configure(studio.project, OTHER)
    studio.checkers[0].submit(studio.task[0], "false", rationale="Not so.", confidence="low")
    studio.checkers[1].submit(studio.task[0], "verified")
    studio.checkers[0].skip(studio.task[1])
    assert studio.pull().rejected["code"].to_list() == ["UNKNOWN_CHOICE"]
    with pytest.raises(LabelConfigChanged, match=r"verdict: false \(1 times\)") as stopped:
        ensure(studio)
    assert "studio migrate" in stopped.value.hint
    for mapping in ({}, {"false": "untrue"}):
        with pytest.raises(LabelConfigChanged, match="does not have"):
            plan_migration(studio.client, studio.project, CONFIG, mapping)
    changes = plan_migration(studio.client, studio.project, CONFIG, {"false": "disputed"})
    assert [change.replaced for change in changes] == [["verdict: false"]]
    migrate(studio.client, studio.project, changes, label_config=CONFIG)
    assert ensure(studio)[1] == []
    events = studio.pull().events
    assert events["choice"].to_list() == ["disputed"]
    assert events["rationale"].to_list() == ["Not so."]
    assert events["edited_by"][0] is not None, "the owner of the token changed it, and that is told"
    assert plan_migration(studio.client, studio.project, CONFIG, {}) == []
