"""A changed labeling config and the answers given under the old one: which would be lost, and what they become."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError, fromstring

from factcheck.errors import LabelConfigChanged
from factcheck.studio.api.client import Client

Allowed = Mapping[str, frozenset[str]]
"""The values that each control of a labeling config stores; empty for one that takes any text."""


class Change(NamedTuple):
    """An annotation with the results it shall have, and what it says now that the new config does not know."""

    annotation_id: int
    result: list[dict[str, Any]]
    replaced: list[str]


def allowed(config: str) -> Allowed:
    """What can be answered under the labeling config; nothing where it is no XML."""
    try:
        tree = fromstring(config)  # noqa: S314 - our own config and the one of the server we trust with our token
    except ParseError:
        return {}
    found = {control.get("name", ""): frozenset[str]() for control in tree.iter("TextArea")}
    for control in tree.iter("Choices"):
        values = [choice.get("alias") or choice.get("value") or "" for choice in control.iter("Choice")]
        found[control.get("name", "")] = frozenset(values)
    return found


def loses(old: str, new: str) -> bool:
    """Whether an answer that could be given under the old config would not be valid under the new one."""
    before, after = allowed(old), allowed(new)
    return any(name not in after or not values <= after[name] for name, values in before.items())


def invalid_answers(client: Client, project_id: int, config: str) -> Counter[str]:
    """How often the project's annotations say what the config does not know, as `control: value`."""
    rules = allowed(config)
    return Counter(
        said for annotation in _annotations(client, project_id) for said in _invalid(annotation["result"], rules)
    )


def plan_migration(client: Client, project_id: int, config: str, mapping: Mapping[str, str]) -> list[Change]:
    """The annotations to change before the config can be; `mapping` is from old choices to new ones.

    Raises LabelConfigChanged where an annotation says something that is neither in the config nor in the mapping, or
    the mapping leads to a choice that the config does not have.
    """
    rules = allowed(config)
    changes, homeless = [], Counter[str]()
    for annotation in _annotations(client, project_id):
        replaced = _invalid(annotation["result"], rules)
        if not replaced:
            continue
        result = [_mapped(item, mapping) for item in annotation["result"]]
        homeless.update(_invalid(result, rules))
        changes.append(Change(annotation["id"], result, replaced))
    if homeless:
        listed = ", ".join(f"{said} ({count} times)" for said, count in sorted(homeless.items()))
        choices = ", ".join(sorted(value for values in rules.values() for value in values))
        raise LabelConfigChanged(
            f"annotations use values that the labeling config does not have: {listed}",
            subject=f"project {project_id}",
            hint=f"map each to a new value: --map OLD=NEW, where NEW is one of {choices}",
        )
    return changes


def migrate(client: Client, project_id: int, changes: list[Change], **fields: Any) -> None:
    """Change the annotations, then the project: its config and what says whose that is; broken off, it can be redone.

    Label Studio notes who changed an annotation: the next pull shows them as edited by the owner of the token.
    """
    for change in changes:
        client.update_annotation(change.annotation_id, result=change.result)
    client.update_project(project_id, **fields)


def _annotations(client: Client, project_id: int) -> Iterator[dict[str, Any]]:
    for page in client.tasks(project_id, annotated=True):
        for task in page:
            for annotation in task.get("annotations") or []:
                if isinstance(annotation, dict) and isinstance(annotation.get("result"), list):
                    yield annotation


def _invalid(result: list[Any], rules: Allowed) -> list[str]:
    found = []
    for item in result:
        name, choices = _answered(item)
        if name not in rules:
            found.append(f"{name}: anything")
        elif rules[name]:
            found += [f"{name}: {choice}" for choice in choices if choice not in rules[name]]
    return found


def _mapped(item: Any, mapping: Mapping[str, str]) -> Any:
    _, choices = _answered(item)
    if not choices:
        return item
    return item | {"value": item["value"] | {"choices": [mapping.get(choice, choice) for choice in choices]}}


def _answered(item: Any) -> tuple[str, list[str]]:
    value = item.get("value") if isinstance(item, dict) else None
    choices = value.get("choices") if isinstance(value, dict) else None
    name = str(item.get("from_name")) if isinstance(item, dict) else "?"
    return name, [str(choice) for choice in choices] if isinstance(choices, list) else []
