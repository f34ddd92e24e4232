"""What a push says at its end: what was forgotten before it, and where the work goes on."""

from __future__ import annotations

from factcheck.pipeline.desk import Desk
from factcheck.studio.local import server_files


def warning(count: int) -> list[str]:
    """That `claims` was forgotten between ingest and push."""
    if not count:
        return []
    articles = "1 article was" if count == 1 else f"{count:,} articles were"
    return [f"{articles} ingested and not read for claims: run `factcheck claims`, then `factcheck push` again"]


def doors(desk: Desk, url: str, project_ids: list[int], *, lead: bool) -> list[str]:
    """Where the pushed projects are opened, and as whom in the desk's own server; no password.

    Of the queue only a lead's answers count, so nobody is told to answer there as the server's owner.
    """
    if not project_ids:
        return []
    address = f"{url.rstrip('/')}/projects/{project_ids[0]}/data"
    if lead:
        return [f"open {address} and log in as a lead: only the answers of [verdicts] leads decide"]
    own = server_files.credentials_file(desk.studio_folder)
    if desk.settings.studio.url or not own.exists():  # to ask for them would make them
        return [f"open {address} and log in with your account there"]
    email = server_files.credentials(desk.studio_folder).email
    return [f"open {address}, log in as {email} (password: {own})"]
