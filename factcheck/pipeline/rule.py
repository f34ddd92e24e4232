"""By what rule verdicts are decided, and whose answers count."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import polars as pl

from factcheck import verdicts
from factcheck.dataset import annotators
from factcheck.errors import ConfigError
from factcheck.models import AnnotationState
from factcheck.pipeline.desk import Desk
from factcheck.reading import standing
from factcheck.reading.standing import QUEUE, RULE
from factcheck.settings.model import Verdicts

NOT_COUNTED = "annotators whose answers do not count, because their addresses are not in verdicts.roster: {}"


class Rule(NamedTuple):
    """By what verdicts are decided: the rule's name as a version keeps it, the policy, and who counts.

    `roster` is None where everybody's answers count.
    """

    name: str
    policy: verdicts.Policy
    roster: list[str] | None
    leads: list[str]

    def as_cursor(self) -> dict[str, Any]:
        """What a version's cursor keeps of it: annotator ids, never addresses."""
        return {RULE: {"name": self.name, "roster": self.roster, "leads": self.leads}}


def settings_rule(desk: Desk) -> Rule:
    """The rule of factcheck.toml and the environment."""
    chosen = desk.settings.verdicts
    return Rule(desk.rule(), desk.policy(), ids_of(desk, chosen.roster), ids_of(desk, chosen.leads) or [])


def standing_rule(desk: Desk) -> Rule | None:
    """The rule by which the newest version was decided, whatever the settings say now.

    None where it is not known whose answers counted: another machine decided by other people, in an older release.
    """
    data = desk.committed()
    head = data.version() if data else None
    asked = settings_rule(desk)
    if head is None or not head.policy or head.policy == asked.name:
        return asked
    kept = head.cursor.get(RULE, {})
    policy = verdicts.parse(head.policy.partition(" people:")[0])
    if kept.get("name") == head.policy:
        return Rule(head.policy, policy, kept["roster"], kept["leads"])
    return None if " people:" in head.policy else Rule(head.policy, policy, None, [])


def refuse_empty_roster(desk: Desk, rule: Rule) -> None:
    """Raises ConfigError where no answer at all would count, because nobody who answered is on the roster."""
    if rule.roster or rule.roster is None:
        return
    if desk.dataset.last_states().filter(pl.col("state") == str(AnnotationState.SUBMITTED)).height:
        raise ConfigError(
            "nobody who answered has an address in verdicts.roster, so every verdict would be withdrawn",
            subject=", ".join(desk.settings.verdicts.roster),
            hint=(
                "correct the addresses in factcheck.toml or FACTCHECK_VERDICTS_ROSTER, or empty the "
                "roster to count everybody"
            ),
        )


def unknown_addresses(desk: Desk, known: Collection[str]) -> list[str]:
    """The addresses of roster and leads that are not among `known` ones."""
    chosen, there = desk.settings.verdicts, {email.lower() for email in known}
    return sorted({email for email in (*chosen.roster, *chosen.leads) if email.lower() not in there})


def warnings_of_settings(desk: Desk) -> list[str]:
    """What [verdicts] says without any effect: addresses of nobody who answered, parameters of another policy."""
    people: list[str] = annotators.people(desk.dataset)["email"].to_list()
    nobody = unknown_addresses(desk, people)
    found = [f"nobody who answered has the address {', '.join(nobody)}, which [verdicts] names"] if nobody else []
    return found + without_effect(desk.settings.verdicts)


def without_effect(chosen: Verdicts) -> list[str]:
    """A warning for each parameter that is not the default, and that the policy does not take."""
    policy = chosen.policy
    takes = {"majority": {"margin"}, "unanimous": set()}.get(policy, {"threshold"})
    defaults = {name: Verdicts.model_fields[name].default for name in ("margin", "threshold")}
    return [
        f"verdicts.{name} is {getattr(chosen, name)}, but the policy {policy} takes no {name}: it has no effect"
        for name, default in defaults.items()
        if name not in takes and getattr(chosen, name) != default
    ]


def ids_of(desk: Desk, emails: Collection[str]) -> list[str] | None:
    """The annotator ids behind the e-mail addresses; None for no address at all, which means everybody."""
    return standing.ids_of(desk.dataset, emails)


def uncounted(desk: Desk) -> int:
    """How many people's answers do not count because their addresses are not on the roster."""
    counted = ids_of(desk, desk.settings.verdicts.roster)
    data = desk.committed()
    if counted is None or data is None:
        return 0
    submitted = pl.col("state") == str(AnnotationState.SUBMITTED)
    live = data.last_states().filter(submitted, pl.col("project") != QUEUE)
    return live.filter(~pl.col("annotator_id").is_in(counted))["annotator_id"].n_unique()


def standing_votes(desk: Desk, as_of: str | None = None) -> pl.DataFrame:
    """The votes (`verdicts.VOTES`) that stand as of a version, those of the roster alone."""
    data = desk.readable(as_of)
    return standing.standing_votes(data, as_of, standing.ids_of(data, desk.settings.verdicts.roster))
