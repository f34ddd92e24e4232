"""A desk as the pipeline sees it: settings, state, staging, dataset, Label Studio; each opened when needed."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from factcheck import frames, verdicts, web
from factcheck import settings as settings_package
from factcheck.dataset import Dataset
from factcheck.dataset.staging import Staging
from factcheck.errors import ConfigError, NoDataset, Unavailable, UsageError
from factcheck.models import AnnotationEvent, AnnotationState, Article, Claim, Mark, digest
from factcheck.reading.standing import QUEUE, policy_of
from factcheck.settings import Project, Settings
from factcheck.studio.api.known import KnownProject
from factcheck.studio.local import server, server_files
from factcheck.workspace import Workspace

if TYPE_CHECKING:
    from factcheck.studio.api.client import Client


class Desk:
    """Everything one run works with. Frames hold what is committed and what is staged, each row once."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.workspace = Workspace(settings.state, patience=settings.desk.wait)
        self.staging = Staging(settings.state / "staging")
        self.studio_folder: Path = settings.state / "studio"

    @functools.cached_property
    def dataset(self) -> Dataset:
        """The dataset, made where there is none yet."""
        return Dataset.open(self.settings.dataset_uri, create=True, zone=self.settings.desk.time_zone)

    def committed(self) -> Dataset | None:
        """The dataset as it is; None where there is none yet, never where one cannot be read or reached."""
        try:
            return Dataset.open(self.settings.dataset_uri, zone=self.settings.desk.time_zone)
        except NoDataset:
            return None

    def readable(self, as_of: str | int | None = None) -> Dataset:
        """The dataset for a command that reads it as of a version; raises UsageError where none was committed.

        What is damaged after that version is no hindrance. Without `as_of` the newest version must be whole.
        """
        found = self.committed()
        if found is not None and (as_of is None or not found.last_good):
            found.resolve(None)  # raises for damage
        if found is None or not found.last_good:
            raise UsageError(
                "there is no version yet",
                subject=self.settings.dataset_uri,
                hint="`factcheck pull` commits the first version; `factcheck status` shows the next step",
            )
        return found

    def articles(self) -> pl.DataFrame:
        """models.Article rows, committed ones first."""
        columns = frames.schema(Article).names()
        return self._all("articles", self.staging.articles(columns), "article_id", columns)

    def articles_among(self, ids: pl.Series) -> pl.DataFrame:
        """As `articles`, those of the ids; the texts of others are not read."""
        mine, columns, found = (
            pl.col("article_id").is_in(ids.implode()),
            frames.schema(Article).names(),
            self.committed(),
        )
        staged = self.staging.articles(where=mine)
        if found is None:
            return staged
        rows = found.articles().filter(mine).select(columns).collect()
        return pl.concat([rows, staged.join(rows, on="article_id", how="anti", maintain_order="left")])

    def article_ids(self) -> pl.Series:
        """The ids of all articles, committed ones first; no text is read."""
        columns = ["article_id"]
        return self._all("articles", self.staging.articles(columns), "article_id", columns)["article_id"]

    def cut_articles(self) -> pl.DataFrame:
        """The staged articles that `claims` has looked at; it looks for the others in staging, where they stay."""
        return self.staging.articles(where=pl.col("article_id").is_in(self._cut().implode()))

    def not_cut(self) -> int:
        """How many staged articles `claims` has not looked at."""
        staged = self.staging.articles(["article_id"])
        return staged.join(self._cut().to_frame("article_id"), on="article_id", how="anti").height

    def _cut(self) -> pl.Series:
        looked_at = pl.Series("article_id", self.workspace.cut(), pl.String)
        return pl.concat([looked_at, self.staging.claims(["article_id"])["article_id"]]).unique()

    def claims(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """models.Claim rows, committed ones first; of them the columns named, `claim_id` among them."""
        names = list(columns or frames.schema(Claim).names())
        return self._all("claims", self.staging.claims(names), "claim_id", names)

    def claims_among(self, keys: pl.Series, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """As `claims`, those whose `claim_id` or `group_id` is among the keys; the texts of others are not read."""
        names = list(columns or frames.schema(Claim).names())
        mine = pl.col("claim_id").is_in(keys.implode()) | pl.col("group_id").is_in(keys.implode())
        staged, found = self.staging.claims(list(dict.fromkeys(["claim_id", *names])), mine), self.committed()
        if found is None:
            return staged.select(names)
        if staged.height:
            there = found.claim_changes().filter(pl.col("claim_id").is_in(staged["claim_id"].implode()))
            staged = staged.join(there.select("claim_id").collect(), on="claim_id", how="anti", maintain_order="left")
        return pl.concat([found.claims_among(keys).select(names).collect(), staged.select(names)])

    def article_count(self) -> int:
        """How many articles there are; no text is read, and no id where nothing is staged."""
        found, staged = self.committed(), self.staging.articles(["article_id"])
        if found is None or staged.is_empty():
            return staged.height if found is None else found.article_count()
        there = found.articles().filter(pl.col("article_id").is_in(staged["article_id"].implode())).select(pl.len())
        return found.article_count() + staged.height - int(there.collect().item())

    def committed_claims(self, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """models.Claim rows of the newest version; of them the columns named."""
        found, names = self.committed(), list(columns or frames.schema(Claim).names())
        return frames.empty(Claim).select(names) if found is None else found.claims().select(names).collect()

    def united(self) -> pl.DataFrame:
        """The group (`group_id`) of each claim (`claim_id`) that is in another's group; see `Dataset.united`."""
        found = self.committed()
        return pl.DataFrame(schema=["claim_id", "group_id"]).cast(pl.String) if found is None else found.united()

    def sent(self, project: str) -> pl.DataFrame:
        """The claims (`claim_id`) that were sent to the project, and the group of each (`group_id`) as it is now."""
        pushed = pl.DataFrame({"claim_id": self.workspace.pushed(project)}, {"claim_id": pl.String()})
        groups = self.united()
        if groups.is_empty():
            return pushed.with_columns(group_id="claim_id")
        found = pushed.join(groups, on="claim_id", how="left", maintain_order="left")
        return found.with_columns(pl.coalesce("group_id", "claim_id").alias("group_id"))

    def policy(self) -> verdicts.Policy:
        """How votes become verdicts here."""
        return policy_of(self.settings.verdicts)

    def rule(self) -> str:
        """The policy's name and, where not everybody votes, a digest of who does: all that verdicts depend on."""
        chosen = self.settings.verdicts
        people = [sorted(email.lower() for email in group) for group in (chosen.roster, chosen.leads)]
        return self.policy().name + (f" people:{digest(*people)[:12]}" if any(people) else "")

    def projects(self, name: str | None) -> dict[str, Project]:
        """The projects that a command is about: the named one, or all."""
        if QUEUE in self.settings.projects:
            raise ConfigError(
                f"a project cannot be named '{QUEUE}'",
                subject=settings_package.FILE_NAME,
                hint="choose another name: this one is reserved for the leads' project, see [queue]",
            )
        if name is None:
            return self.settings.projects
        if name not in self.settings.projects:
            raise UsageError(
                f"no such project: {name}",
                subject=settings_package.FILE_NAME,
                hint=f"use one of: {', '.join(self.settings.projects)}",
            )
        return {name: self.settings.projects[name]}

    def watched(self, name: str | None) -> list[str]:
        """The projects that a pull is about: the named one, or all and the leads' queue."""
        return [QUEUE] if name == QUEUE else [*self.projects(name), *([QUEUE] if name is None else [])]

    def mark(self, project: str) -> str:
        """What the Label Studio project of this dataset is found by, whatever its title becomes."""
        return f"factcheck:{self.identity}:{project}"

    def known_project(self, name: str) -> KnownProject | None:
        """The Label Studio project of the last push or pull; None where there was none."""
        if (known := self.workspace.project(name)) is not None:
            return known
        cursor = self.cursors().get(name, {})
        if {"project_id", "project_created_at"} <= cursor.keys():
            return KnownProject(int(cursor["project_id"]), str(cursor["project_created_at"]))
        return None

    def cursors(self) -> dict[str, Any]:
        """What the last pull left for the next, by project; empty before the first."""
        found = self.committed()
        head = found.version() if found else None
        return dict(self.staging.cursor(head.version_hash if head else None) or (head.cursor if head else {}))

    def live_annotations(self, name: str) -> pl.DataFrame:
        """The last states of annotations of the project that a new, empty one would take for deleted.

        Those that a person said to keep although the server has lost them are not among them.
        """
        found = self.committed()
        if found is None or not found.head:
            return frames.empty(AnnotationEvent)
        live = found.last_states().filter(pl.col("project") == name, pl.col("state") != str(AnnotationState.DELETED))
        return live.filter(pl.col("mark").ne_missing(pl.lit(str(Mark.KEPT))))

    @functools.cached_property
    def identity(self) -> str:
        """The dataset's own id, drawn when it was made; it stays the same wherever the dataset is moved to."""
        return self.dataset.id

    @property
    def server_name(self) -> str:
        """What the server is called in annotator ids: its host; the local one's port changes, so it is just `local`."""
        url = self.settings.studio.url
        return "local" if url is None else web.host(url)

    def server_url(self) -> str | None:
        """Where Label Studio is; None where the local one does not run."""
        if self.settings.studio.url:
            return settings_package.check_url(self.settings.studio.url, allow_http=self.settings.studio.allow_http)
        found = server.status(self.studio_folder)
        return found.url if found.state == "running" else None

    def address_for_people(self, url: str) -> str:
        """The address that people open for what this machine reaches at `url`: the proxy's where there is one."""
        public = None if self.settings.studio.url else server.status(self.studio_folder).public_url
        return public or url

    @contextmanager
    def client(self, **patience: Any) -> Iterator[Client]:
        """A client of the desk's Label Studio, checked for version and token, closed afterwards.

        `patience` is what `Client` takes: `deadline`, `sleep`.
        """
        from factcheck.studio.api.client import Client

        if (url := self.server_url()) is None:
            raise Unavailable("the local Label Studio is not running", subject="", hint="factcheck studio up")
        client = Client(url, self._token(), **({"route": self._route()} | patience))
        try:
            client.check_server(allow_unsafe=self.settings.studio.allow_unsafe_version)
            yield client
        finally:
            client.close()

    def _route(self) -> web.Route:
        """How the server is asked; the local one without a proxy, whatever the settings say of others."""
        environment = settings_package.process_environment()
        route = settings_package.to_studio(self.settings, environment)
        return route if self.settings.studio.url else web.Route(route.trust)

    def _token(self) -> str:
        if self.settings.studio.url:
            return settings_package.token(self.settings, settings_package.process_environment())
        return server_files.credentials(self.studio_folder).token

    def _all(self, table: str, staged: pl.DataFrame, key: str, columns: list[str]) -> pl.DataFrame:
        found = self.committed()
        if found is None:
            return staged.select(columns)
        rows = (found.articles() if table == "articles" else found.claims()).select(columns).collect()
        return pl.concat([rows, staged.select(columns).join(rows, on=key, how="anti", maintain_order="left")])
