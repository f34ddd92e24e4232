"""`pull`: what the annotators and the leads did comes home, and becomes a version."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from typing import Any, NamedTuple

import polars as pl

from factcheck import dataset as dataset_package
from factcheck import frames
from factcheck.dataset import annotators
from factcheck.errors import AccessError, ConfigError, ServerError, Unavailable
from factcheck.models import AnnotationEvent, AnnotationState, Rejection, Report, VerdictChange
from factcheck.pipeline.archive import SECONDS, SECONDS_OF_A_WATCH, Archived, archive
from factcheck.pipeline.decide import changed_verdicts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.fallen import fallen, told
from factcheck.pipeline.observe import Observed, look_at_page, note_doubts, observe, server_of, without_project
from factcheck.pipeline.pull_report import (
    PROPOSALS,
    contested,
    next_steps,
    of_answered,
    of_marked,
    of_moved,
    of_said,
    of_unread,
    of_withdrawn,
    with_words,
)
from factcheck.pipeline.recut import answered
from factcheck.pipeline.remote_project import find
from factcheck.pipeline.rule import (
    NOT_COUNTED,
    refuse_empty_roster,
    settings_rule,
    standing_rule,
    uncounted,
    unknown_addresses,
    without_effect,
)
from factcheck.settings import Settings
from factcheck.studio.api.client import Client
from factcheck.studio.sync.forgetting import CODE, Consent
from factcheck.studio.sync.project import stamp_version
from factcheck.studio.sync.states import to_frame

Say = Callable[[str], None]
_PEOPLE = {"user_id": pl.Int64(), "name": pl.String(), "email": pl.String()}


class Look(NamedTuple):
    """How a watch looks: through a client it keeps open, at what changed lately, at all task ids after deletions.

    `projects` are the ids of the Label Studio projects it has found, by name; None where it has not looked.
    """

    client: Client
    since: datetime | None = None
    sweep: bool = False
    projects: Mapping[str, int] | None = None


def pull(
    settings: Settings,
    *,
    project: str | None,
    full: bool,
    now: datetime,
    say: Say,
    look: Look | None = None,
    consent: Consent = Consent(),  # noqa: B008 - a constant
) -> Report:
    """The report of taking in what the annotators did; commits a version where something changed.

    Votes that are gone although nobody took them back wait, and are named, until `consent` says what becomes of them;
    everything else of the pull is committed.
    """
    began = time.monotonic()
    desk = Desk(settings)
    with desk.workspace.writing("watch" if look else "pull", now=now):
        moved = of_moved(desk) if look is None else []  # before the dataset is made
        with nullcontext(look) if look else _own_look(desk) as looking:
            found = _observe(desk, looking, project, full=full, now=now, say=say, consent=consent)
            version, warnings = _commit(desk, found, now=now)
            _stamp(desk, looking, project, found.cursors)
        desk.workspace.quarantine(found.rejected, now=now)
        desk.workspace.note_pull(now=now)
    if not version:
        say("nothing new: no version committed")
    kept = Archived({}, [])
    if settings.evidence.archive and (look is None or look.since is None):  # not while somebody waits for a glance
        kept = archive(desk, now=now, say=say, seconds=SECONDS_OF_A_WATCH if look else SECONDS)
    states = dict(found.events["state"].value_counts().sort("state").iter_rows())
    not_counted = [NOT_COUNTED.format(people)] if version and (people := uncounted(desk)) else []
    waiting = found.rejected.filter(pl.col("code") == CODE).height
    return Report(
        stage="pull",
        seen=found.seen,
        accepted=found.accepted,
        rejected=found.rejected.height,
        counts={"events": found.events.height, **states} | ({"waiting": waiting} if waiting else {}) | kept.counts,
        version=version,
        rejections=frames.to_records(Rejection, found.rejected),
        warnings=[
            *moved,
            *found.warnings,
            *of_marked(desk, found.events),
            *of_said(desk, found.events),
            *of_withdrawn(desk, found.events),
            *of_unread(desk, found.known),
            *warnings,
            *not_counted,
            *kept.warnings,
        ],
        seconds=time.monotonic() - began,
        next_steps=next_steps(
            version,
            waiting=bool(waiting),
            put_aside=bool(states.get(AnnotationState.PUT_ASIDE)),
            proposals=found.events.select(pl.any_horizontal(pl.col(list(PROPOSALS)).is_not_null()).any()).item(),
            contested=0 if look else contested(desk),
        ),
    )


def _stamp(desk: Desk, look: Look, project: str | None, cursors: Mapping[str, Any]) -> None:
    """Stamp the projects where nothing waits with the version that was pulled, so that a backup of before is known.

    Not at every look of one who looks often. A server that takes no stamp now gets it with the next pull.
    """
    if look.since is not None:
        return
    newest = desk.dataset.head
    for name in desk.watched(project):
        # The project that was read: the one that was known before may have been made anew since.
        cursor = cursors.get(name, {})
        if "project_created_at" not in cursor or cursor.get("waits") or int(cursor.get("stamp", newest)) >= newest:
            continue
        number, born = int(cursor["project_id"]), str(cursor["project_created_at"])
        with suppress(ServerError, AccessError, Unavailable):
            done = stamp_version(look.client, number, mark=desk.mark(name), version=newest)
            if done is not None:
                desk.workspace.remember_project(name, number, born, version=done)


@contextmanager
def _own_look(desk: Desk) -> Iterator[Look]:
    with desk.client() as client:
        yield Look(client)


def _observe(
    desk: Desk, look: Look, project: str | None, *, full: bool, now: datetime, say: Say, consent: Consent
) -> Observed:
    data = desk.dataset
    cursors = desk.cursors()
    known = data.last_states()
    events, rejected, seen, accepted = [frames.empty(AnnotationEvent)], [frames.empty(Rejection)], 0, 0
    warnings: list[str] = []
    met = _users(desk) if look.since else ()
    for name in desk.watched(project):
        remote = find(desk, look.client, name, look.projects)
        if remote is None:
            absent_votes = without_project(name, known, cursors, consent, now=now)
            events.append(to_frame(absent_votes.events))
            rejected.append(frames.from_records(Rejection, absent_votes.waiting))
            seen += len(absent_votes.events) + len(absent_votes.waiting)
            accepted += len(absent_votes.events)
            warnings += [absent_votes.why] if absent_votes.why else []
            continue
        warnings += [f"{name}: {said}" for said in look_at_page(desk, name, remote)]
        before = cursors.get(name, {})
        server = server_of(desk, cursors, name, remote)
        if full or name not in cursors:
            say(f"{name}: reading every task, about a minute for 50,000")
        pulled = observe(
            desk, look.client, name, remote, known, before, server=server, full=full, now=now,
            consent=consent, since=look.since, sweep=look.sweep, known_users=met,
        )  # fmt: skip
        annotators.remember(data, server, pl.DataFrame(pulled.people, _PEOPLE, orient="row"))
        note_doubts(desk, name, pulled)
        events.append(pulled.events)
        rejected.append(pulled.rejected)
        seen += pulled.seen
        accepted += pulled.accepted
        cursors[name] = pulled.cursor | {"server": server, "host": desk.server_name}
        warnings += [f"{name}: {pulled.waits}"] if pulled.waits else []
    found = pl.concat(rejected)
    emails = _emails(desk, look)
    return Observed(pl.concat(events), with_words(desk, found), cursors, seen, accepted, warnings, known, emails)


def _emails(desk: Desk, look: Look) -> list[str]:
    """The addresses of everybody the desk or the server knows, where the settings name one the desk does not know."""
    known: list[str] = annotators.people(desk.dataset)["email"].to_list()
    if not unknown_addresses(desk, known) or look.since is not None:
        return known
    return [*known, *(person.email for person in look.client.people())]


def _users(desk: Desk) -> list[int]:
    """The server's users the dataset knows already."""
    return annotators.people(desk.dataset).filter(pl.col("server") == desk.server_name)["user_id"].to_list()


def _commit(desk: Desk, found: Observed, *, now: datetime) -> tuple[int | None, list[str]]:
    """The number of the version that holds what was observed, None where there was nothing to say; and warnings.

    Verdicts are decided by the rule of the newest version: another one in the settings is for `decide` to apply.
    """
    data = desk.dataset
    head, asked, warnings = data.version(), settings_rule(desk), [*without_effect(desk.settings.verdicts)]
    rule = standing_rule(desk)
    if nobody := unknown_addresses(desk, found.emails):
        warnings.append(
            f"no Label Studio user has the address {', '.join(nobody)}, which [verdicts] names in the settings"
        )
        if rule == asked and asked.roster == [] and {*desk.settings.verdicts.roster} <= {*nobody}:
            _refuse_strangers(desk, found)
    if head is not None and head.policy and head.policy != asked.name:
        warnings.append(
            f"the settings name the policy {asked.name}, but version {head.version} was decided by "
            f"{head.policy}, which stays in force; run `factcheck decide` to apply the settings"
        )
    if rule is None:
        warnings.append(
            "it is not known here whose answers counted for the newest version: run `factcheck "
            "decide` to update the verdicts"
        )
        changed = frames.empty(VerdictChange)
    else:
        changed = changed_verdicts(desk, found.events, rule, known=found.known)
    fell = fallen(changed, data)
    cursors = found.cursors | (rule.as_cursor() if rule else {})
    if found.events.is_empty() and changed.is_empty():
        desk.staging.save_cursor(head.version_hash if head else None, found.cursors)
        _clear_committed(desk)
        return None, warnings
    articles, claims = desk.cut_articles(), desk.staging.claims()
    staged = claims["claim_id"]
    back = answered(desk, found.events)
    warnings += of_answered(back)
    if claims.height and head is not None:
        # What a run that was killed committed and left in staging may have got another group by then.
        there = data.claim_changes(head.version).filter(pl.col("claim_id").is_in(staged.implode())).select("claim_id")
        claims = claims.join(there.collect(), on="claim_id", how="anti", maintain_order="left")
    claims = pl.concat([claims.join(back, on="claim_id", how="anti", maintain_order="left"), back])
    version = dataset_package.commit(
        data,
        articles=articles,
        claims=claims,
        events=found.events,
        verdicts=changed,
        cause="pull",
        cursor=cursors,
        policy=rule.name if rule else "",
        now=now,
    )
    desk.staging.clear(articles=articles["article_id"], claims=staged)
    return (version.version, [*warnings, *told(fell, version=version.version)]) if version else (None, warnings)


def _clear_committed(desk: Desk) -> None:
    """Take out of staging what a run that was killed right after its commit has left there."""
    articles, claims = (
        desk.staging.articles(["article_id"])["article_id"],
        desk.staging.claims(["claim_id"])["claim_id"],
    )
    data = desk.committed()
    if data is None or not data.head or articles.is_empty():
        return
    there = {
        key: scan.select(key).filter(pl.col(key).is_in(ids.implode())).collect()[key]
        for key, scan, ids in (("article_id", data.articles(), articles), ("claim_id", data.claim_changes(), claims))
    }
    if there["article_id"].len():
        desk.staging.clear(articles=there["article_id"], claims=there["claim_id"])


def _refuse_strangers(desk: Desk, found: Observed) -> None:
    """Raises ConfigError where answers came and not one address of the roster is anybody's."""
    submitted = pl.col("state") == str(AnnotationState.SUBMITTED)
    if found.events.filter(submitted).height or found.known.filter(submitted).height:
        refuse_empty_roster(desk, settings_rule(desk))
        raise ConfigError(
            "no Label Studio user has an address in verdicts.roster, so no answer would count",
            subject=", ".join(desk.settings.verdicts.roster),
            hint=(
                "correct the addresses in factcheck.toml or FACTCHECK_VERDICTS_ROSTER, or empty the "
                "roster to count everybody"
            ),
        )
