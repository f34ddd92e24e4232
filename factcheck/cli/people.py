"""`factcheck studio user ...` and `factcheck studio invite`: the people who check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from factcheck.pipeline.people import Invitation

_ONLY_HERE = (
    "  this link opens on this machine only; for a team, put a proxy with TLS before Label Studio and start it with "
    "`factcheck studio up --public-url https://...`"
)
Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's e-mail address.")]


@verb(example="factcheck studio user list")
def list_(run: Run) -> Output:
    """List everybody who has an account, with who owns the server, who is a lead, whose votes count."""
    from factcheck.cli.output import table
    from factcheck.pipeline import people as pipeline
    from factcheck.text import isolate

    found = pipeline.people(run.settings)
    rows = [
        {
            "e-mail": one.email,
            "name": isolate(one.name) if one.name else None,
            "role": ", ".join(word for word, on in (("owner", one.owner), ("lead", one.lead)) if on),
            "votes": "count" if one.counts else "do not count",
            "last active": one.last_active[:16].replace("T", " "),
        }
        for one in found.colleagues
    ]
    lines = [found.url, *table(rows, ["e-mail", "name", "role", "votes", "last active"])]
    if found.removed:
        lines.append(f"  and {found.removed:,} removed, whose votes stay")
    steps = [f"factcheck studio user add {email}   (a lead without an account)" for email in found.missing_leads]
    data = {
        "url": found.url,
        "people": [one._asdict() for one in found.colleagues],
        "removed": found.removed,
        "leads_without_account": found.missing_leads,
    }
    return Output(data=data, lines=lines, next_steps=steps or ["factcheck studio user add EMAIL"])


@verb(example="factcheck studio user add sara@desk.example")
def add_(
    run: Run,
    *,
    email: Email,
    lead: Annotated[
        bool, typer.Option(help="Also let this person decide contested claims: writes [verdicts] leads.")
    ] = False,
) -> Output:
    """Invite somebody: prints the link to send them. They choose their own password when they sign up."""
    from factcheck.pipeline import people as pipeline

    made = pipeline.add(run.settings, email, lead=lead)
    lines = [f"{made.email} is a lead now: [verdicts] leads in factcheck.toml"] if lead else []
    lines += (
        [f"send this link to {made.email}; they sign up with exactly this address:", *_link(made)] if made.link else []
    )
    steps = [
        "factcheck studio user list   (when they have signed up)",
        "factcheck studio invite --reset   (when everybody is in: the link works for whoever has it)",
    ]
    return Output(data=_data(made), lines=lines, next_steps=["factcheck push --queue"] if not made.link else steps)


@verb(example="factcheck studio user remove sara@desk.example")
def remove(run: Run, *, email: Email) -> Output:
    """Take somebody out of Label Studio; their votes stay and go on counting."""
    from factcheck.pipeline import people as pipeline

    gone = pipeline.remove(run.settings, email)
    kept = {None: "all their answers stay and count as before", 0: "they had given no answer"}
    kept[1] = "their one answer stays and counts as before"
    many = f"their {gone.answers or 0:,} answers stay and count as before"
    lines = [f"{gone.email} can no longer see tasks or answer; {kept.get(gone.answers, many)}"]
    if gone.lead:
        lines.append("  their decisions as a lead stay too: leave the address in [verdicts] leads, or they fall")
    lines.append("  Label Studio shows them as 'Deleted User' from now on; the desk still knows who it was")
    steps = [
        "factcheck studio invite --reset   (they may still have the link)",
        "factcheck forget EMAIL   (only to erase their name and address for good)",
    ]
    return Output(data=gone._asdict(), lines=lines, next_steps=steps)


@verb(example='factcheck studio user consent sara@desk.example --name "Sara Ahmadi"')
def consent(
    run: Run,
    *,
    email: Email,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="They agreed to be named like this where they checked a claim.")
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="They do not want to be named any more.")] = False,
) -> Output:
    """Note that somebody agreed to be named on the pages of claims they checked, or took that back; else show it."""
    from factcheck.errors import UsageError
    from factcheck.pipeline import consents as pipeline
    from factcheck.text import isolate

    if withdraw and name is not None:
        raise UsageError("--name and --withdraw say opposite things", subject=email, hint="give one of the two")
    build = ["factcheck publish", "factcheck export public-site"]
    if withdraw:
        stands = pipeline.withdraw(run.settings, email)
        line = "is not named any more, from the next build of the site on" if stands.before else "was not named before"
        return Output(data=stands._asdict(), lines=[f"{email} {line}"], next_steps=build if stands.before else [])
    if name is None:
        stands = pipeline.standing_of(run.settings, email)
        said = f"agreed to be named as {isolate(stands.name)}" if stands.name else "did not agree to be named"
        return Output(data=stands._asdict(), lines=[f"{email} {said}"])
    stands = pipeline.consent(run.settings, email, name=name, now=run.now)
    lines = [
        f"{email} agreed to be named as {isolate(stands.name)}",
        "  tell them: readers see that they checked a claim and never what they answered, but where a claim has one",
        "  checker, or all agreed, the verdict tells it; only a site whose profile says so names anybody",
    ]
    steps = ["credits = true under [site] in the site's profile.toml", *build]
    return Output(data=stands._asdict(), lines=lines, next_steps=steps)


@verb(example="factcheck studio invite")
def invite(
    run: Run,
    *,
    reset: Annotated[bool, typer.Option(help="Make a new link; the old one stops working.")] = False,
) -> Output:
    """Print the link at which checkers sign up; whoever has it can, so send it to them alone."""
    from factcheck.pipeline import people as pipeline

    made = pipeline.invite(run.settings, reset=reset)
    before = ["a new link; the old one no longer works:"] if reset else ["send this link to your checkers:"]
    after = [] if reset else ["factcheck studio invite --reset   (when everybody is in)"]
    return Output(data=_data(made), lines=[*before, *_link(made)], next_steps=["factcheck studio user list", *after])


def _link(made: Invitation) -> list[str]:
    return [f"  {made.link}", *([_ONLY_HERE] if made.only_here else [])]


def _data(made: Invitation) -> dict[str, str | bool]:
    return {"email": made.email, "lead": made.lead, "link": made.link, "only_here": made.only_here, "reset": made.reset}
