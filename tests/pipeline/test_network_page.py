"""The page on the network, followed on servers of this machine: its settings as they stand, names of hosts too."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from factcheck import dataset as ds
from factcheck import settings, web
from factcheck.cli import app
from factcheck.pipeline.desk import Desk
from tests.docs import reach
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import Checker
from tests.fake_studio.served import serving
from tests.pipeline import loopback
from tests.pipeline.test_ways_out import AWS, PAGE

TEXT = (Path(__file__).parents[2] / "docs" / "network.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL))
STUDIO, PROXY, OUTLET = "studio.desk.example", "http://proxy.desk.example:3128", "news.example"
ARTICLE = "The mayor said that the bridge cost 12 million pounds in 2025.\n"


def toml(section: str) -> str:
    (found,) = re.findall(r"^```toml\n(.*?)^```", SECTIONS[section], re.MULTILINE | re.DOTALL)
    return str(found)


class Network(NamedTuple):
    """An authority, a Label Studio and an outlet with its certificates, and a proxy that alone knows their names."""

    tls: loopback.Authority
    fake: FakeStudio
    studio: str
    proxy: str
    asked: list[str]


@contextmanager
def network(folder: Path) -> Iterator[Network]:
    tls = loopback.authority(folder, names=[STUDIO, OUTLET])
    fake = FakeStudio()
    with ExitStack() as running:
        studio = running.enter_context(serving(fake, dress=partial(loopback.secure, tls=tls)))
        outlet = running.enter_context(loopback.answering(PAGE, "text/html", tls=tls))
        hosts = {STUDIO: _port(studio), OUTLET: _port(outlet)}
        proxy, asked = running.enter_context(loopback.proxying(hosts))
        yield Network(tls, fake, studio.replace("http:", "https:"), proxy, asked)


def _port(url: str) -> int:
    found = web.parts(url)
    assert found is not None
    assert found.port
    return found.port


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Network]:
    (tmp_path / "network").mkdir()
    with network(tmp_path / "network") as found:
        yield found


class Typist:
    """Somebody at a desk's command line; proxies of the shell lead nowhere, and nothing else is in the environment."""

    def __init__(self, folder: Path, text: str, there: Network) -> None:
        folder.mkdir()
        (folder / settings.FILE_NAME).write_text(f'[desk]\nlanguages = ["en"]\n{text}', "utf-8")
        (folder / "article.txt").write_text(ARTICLE, "utf-8")
        shutil.copyfile(there.tls.ca_file, folder / "desk-authority.pem")
        nowhere = f"http://127.0.0.1:{loopback.closed_port()}"
        self.folder = folder
        self.environment = {"FACTCHECK_TOKEN": ADMIN_TOKEN, "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere}

    def type(self, *arguments: str, code: int = 0, given: Mapping[str, str] = MappingProxyType({})) -> str:
        runner = CliRunner(env={**self.environment, **given})
        done = runner.invoke(app, ["--desk", str(self.folder), *arguments])
        assert done.exit_code == code, done.output
        return done.output

    def type_in_a_process(self, *arguments: str, code: int = 0, given: Mapping[str, str]) -> str:
        """The same for an object store: its library holds this process's lock while it waits for our server."""
        command = [sys.executable, "-m", "factcheck", *arguments]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FACTCHECK_")}
        environment |= {**self.environment, **given}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr


def test_an_authority_of_ones_own(tmp_path: Path, there: Network) -> None:
    text = toml("An authority of your own").replace(f"https://{STUDIO}", there.studio)
    desk = Typist(tmp_path / "desk", text, there)
    desk.type("ingest", str(desk.folder / "article.txt"))
    desk.type("claims")
    desk.type("push")
    person = Checker("http://127.0.0.1:9", ADMIN_TOKEN, there.fake)
    person.submit(min(there.fake.store.tasks), "verified")
    desk.type("pull")
    person.close()
    assert ds.open(desk.folder / "dataset").head == 1
    assert not there.asked
    # Without it nothing is sent; a variable names it as well, and a file that is none is refused.
    file = desk.folder / settings.FILE_NAME
    file.write_text(file.read_text("utf-8").replace("ca_file", "# ca_file"), "utf-8")
    assert "error [CERTIFICATE]" in desk.type("pull", code=13)
    desk.type("pull", given={"FACTCHECK_STUDIO_CA_FILE": "desk-authority.pem"})
    desk.type("pull", given={"SSL_CERT_FILE": str(there.tls.ca_file)})
    assert "error [CONFIG]" in desk.type("pull", code=4, given={"FACTCHECK_STUDIO_CA_FILE": "article.txt"})


def test_a_proxy(tmp_path: Path, there: Network) -> None:
    """Studio and outlet are asked by the names that stand on the page, which the proxy alone can look up."""
    named = toml("An authority of your own") + toml("A proxy").replace("[studio]\n", "", 1)
    assert named.count(PROXY) == 2
    desk = Typist(tmp_path / "desk", named.replace(PROXY, there.proxy), there)
    desk.type("ingest", str(desk.folder / "article.txt"))
    desk.type("claims")
    desk.type("push")
    assert {*there.asked} == {f"{STUDIO}:443"}
    (desk.folder / "addresses.txt").write_text(f"https://{OUTLET}/bridge\nhttp://127.0.0.1/\n", "utf-8")
    told = desk.type("ingest", "--urls", str(desk.folder / "addresses.txt"))
    assert "[ADDRESS]" in told, "what this machine knows to be private is refused all the same"
    assert {*there.asked} == {f"{STUDIO}:443", f"{OUTLET}:443"}
    urls = Desk(settings.load(desk.folder, {})).articles()["url"].to_list()
    assert f"https://{OUTLET}/bridge" in urls
    gone = f"http://127.0.0.1:{loopback.closed_port()}"
    assert "error [PROXY]" in desk.type("pull", code=12, given={"FACTCHECK_STUDIO_PROXY": gone})


def test_an_object_store(tmp_path: Path, there: Network) -> None:
    """An empty bucket was reached, and is no dataset; one that does not answer is never taken for empty."""
    empty = b"<?xml version='1.0'?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
    section = SECTIONS["An object store"]
    names = {*re.findall(r"`(AWS_\w+)`", section)}
    assert names == {*AWS, "AWS_ENDPOINT_URL"} - {"AWS_ALLOW_HTTP"}
    desk = Typist(tmp_path / "desk", toml("An object store"), there)
    with loopback.answering(empty, "application/xml", tls=there.tls) as url:
        # The library of the store goes through a proxy of the environment, where none of the others does.
        through = desk.type_in_a_process("log", code=11, given=AWS | {"AWS_ENDPOINT_URL": url})
        assert "tunnel" in through
        store = AWS | {"AWS_ENDPOINT_URL": url, "NO_PROXY": loopback.HOST}
        assert "factcheck pull" in desk.type_in_a_process(
            "log", given=store | {"SSL_CERT_FILE": str(there.tls.ca_file)}
        )
        assert "error [CERTIFICATE]" in desk.type_in_a_process("log", code=13, given=store)
    assert "NO_PROXY" in section
    assert "error [STORE_UNREACHABLE]" in desk.type_in_a_process("log", code=11, given=store)


def test_what_cannot_be_reached_has_the_codes_of_the_table() -> None:
    rows = re.findall(r"^\| .*? \| (`.*`) \| (.*?) \|$", SECTIONS["What cannot be reached"], re.MULTILINE)
    assert len(rows) == 5
    for codes, exit_codes in rows[:4]:
        (code,) = re.findall(r"`(\w+)`", codes)
        assert str(reach.kinds()[code].exit_code) == exit_codes
    assert rows[4][1].startswith("3 ")


@pytest.mark.parametrize("mode", [0o440, 0o400, 0o644, 0o444])
def test_secrets_in_containers(tmp_path: Path, there: Network, mode: int) -> None:
    text = toml("An authority of your own").replace(f"https://{STUDIO}", there.studio)
    desk = Typist(tmp_path / "desk", text, there)
    secret = tmp_path / "token"
    secret.write_text(f"{ADMIN_TOKEN}\n", "ascii")
    secret.chmod(mode)
    # A file that is not root's is judged like the token file: only its owner may read it.
    taken = mode in ({0o440, 0o400} if os.getuid() == 0 else {0o400})
    named = {"FACTCHECK_TOKEN": "", "FACTCHECK_TOKEN_FILE": str(secret)}
    said = desk.type("pull", code=0 if taken else 6, given=named)
    assert taken or "error [TOKEN_EXPOSED]" in said
    assert "are both set" in desk.type("pull", code=6, given={"FACTCHECK_TOKEN_FILE": str(secret)})
