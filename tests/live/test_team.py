"""A team reaches the local Label Studio: nginx with the example of the docs and an own authority, on loopback.

One checker comes in as a browser does: link, sign-up, log-in, answer.
"""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from factcheck.errors import UsageError
from factcheck.studio.api import members
from factcheck.studio.api.client import Client
from factcheck.studio.local import security_check, server, serving
from tests.live_server import ROOT, say

pytestmark = pytest.mark.live
NAME = "localhost"
CONFIG = '<View><Text name="t" value="$t"/><Choices name="c" toName="t"><Choice value="a"/></Choices></View>'
ANSWER = [{"from_name": "c", "to_name": "t", "type": "choices", "value": {"choices": ["a"]}}]


class Office(NamedTuple):
    """A server behind nginx; `url` is where people come in, `plain` the proxy's door without TLS."""

    running: server.Server
    url: str
    plain: str
    trust: ssl.SSLContext

    def browser(self) -> httpx.Client:
        """Somebody's browser: cookies, the authority, and the origin that browsers name."""
        return httpx.Client(base_url=self.url, verify=self.trust, headers={"Origin": self.url}, timeout=60)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certify(folder: Path) -> Path:
    """An authority and a certificate of it for `NAME`, in `folder`; the authority's file."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    issuer, subject = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("The desk", NAME))

    def base(name: x509.Name, key: ec.EllipticCurvePrivateKey, *, authority: bool) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )

    root = base(issuer, keys[0], authority=True).sign(keys[0], hashes.SHA256())
    leaf = base(subject, keys[1], authority=False).add_extension(
        x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False
    )
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    (folder / "fullchain.pem").write_bytes(leaf.sign(keys[0], hashes.SHA256()).public_bytes(pem))
    plain, open_key = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(keys[1].private_bytes(pem, plain, open_key))
    return folder / "root.pem"


def configured(folder: Path, *, studio: int, tls: int, plain: int) -> Path:
    """The example of the docs with our names and ports, whole; nothing else of it is changed."""
    text = (ROOT / "docs/examples/nginx.conf").read_text("utf-8")
    for old, new in (
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl"),
        ("return 301 https://studio.desk.example", f"return 301 https://{NAME}:{tls}"),
        ("server_name studio.desk.example", f"server_name {NAME}"),
        ("/etc/ssl/studio/", f"{folder}/"),
        ("127.0.0.1:8080;", f"127.0.0.1:{studio};"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    path = folder / "nginx.conf"
    path.write_text(f"pid {folder}/pid;\nevents {{}}\nhttp {{\n{temporary}\n{text}\n}}\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def office(studio_environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    if nginx is None:
        pytest.skip("nginx is not installed here")
    folder = tmp_path_factory.mktemp("team")
    tls, plain = free_port(), free_port()
    url = f"https://{NAME}:{tls}"
    trust = ssl.create_default_context(cafile=certify(folder))
    studio = folder / "studio"
    proxy = None
    try:
        running = server.up(studio, studio_environment, webhooks=True, reach=serving.checked(None, url), progress=say)
        port = int(running.url.rpartition(":")[2])
        config = configured(folder, studio=port, tls=tls, plain=plain)
        command = [nginx, "-c", str(config), "-e", str(folder / "nginx.log"), "-g", "daemon off;"]
        proxy = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        made = Office(running, url, f"http://{NAME}:{plain}", trust)
        wait_for(made)
        yield made
    finally:
        if proxy is not None:
            proxy.terminate()
            proxy.wait(30)
        server.down(studio)


def wait_for(office: Office) -> None:
    for _ in range(100):
        try:
            with office.browser() as browser:
                browser.get("/health").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("nginx does not answer")


def submit(browser: httpx.Client, path: str, **fields: str) -> httpx.Response:
    """A form of Label Studio's, sent as a browser sends it."""
    page = browser.get(path)
    hidden = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert hidden, page.text[:300]
    sent = fields | {"csrfmiddlewaretoken": hidden[1]}
    return browser.post(path, data=sent, headers={"Referer": str(page.url)})


def test_a_checker_signs_up_by_link_and_answers_through_the_proxy(office: Office) -> None:
    client = Client(office.running.url, office.running.token)  # our own calls pass by the proxy
    project = client.ask("POST", "/api/projects/", json={"title": "Team", "label_config": CONFIG})["id"]
    client.ask("POST", f"/api/projects/{project}/import", json=[{"t": "one"}])
    link = members.invitation(client)
    with office.browser() as browser:
        joined = submit(browser, link, email="sara@desk.example", password="a-long-password-of-hers")
        assert joined.status_code == 302, joined.text[:500]
        lines = joined.headers.get_list("set-cookie")
        assert {line.partition("=")[0] for line in lines} >= {"sessionid", "csrftoken"}
        assert all("secure" in line.lower() and "samesite=lax" in line.lower() for line in lines)
        assert "max-age=" in joined.headers["strict-transport-security"]
    with office.browser() as browser:
        entered = submit(browser, "/user/login/", email="sara@desk.example", password="a-long-password-of-hers")
        assert entered.status_code == 302, entered.text[:500]
        task = browser.get(f"/api/projects/{project}/next").json()
        given = browser.post(f"/api/tasks/{task['id']}/annotations/", json={"result": ANSWER})
        assert given.status_code == 201, given.text
        assert office.url in browser.get("/projects/").text, "the page itself knows its address"
        left = browser.get("/logout/")
        assert left.status_code == 302
        assert left.headers["location"].startswith((office.url, "/"))
    (shown,) = client.ask("GET", f"/api/tasks/?project={project}&fields=all")["tasks"]
    sara = members.team(client).find("sara@desk.example")
    client.close()
    assert sara is not None
    assert [row["completed_by"] for row in shown["annotations"]] == [sara.user_id]


def test_webhooks_to_this_machine_go_on(office: Office) -> None:
    """The watch listens on 127.0.0.1 and asks there, whatever address people use."""
    heard: list[bytes] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    client = Client(office.running.url, office.running.token)
    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            project = client.ask("POST", "/api/projects/", json={"title": "Hook", "label_config": CONFIG})["id"]
            hook = {"url": f"http://127.0.0.1:{listening.server_port}", "send_for_all_actions": True}
            client.save_webhook(project, None, hook)
            client.ask("POST", f"/api/projects/{project}/import", json=[{"t": "one"}])
            (task,) = client.ask("GET", f"/api/tasks/?project={project}&fields=all")["tasks"]
            client.ask("POST", f"/api/tasks/{task['id']}/annotations/", json={"result": ANSWER})
        finally:
            client.close()
            listening.shutdown()
            thread.join()
    assert any(b"ANNOTATION_CREATED" in body for body in heard)


def test_what_is_not_meant_to_come_in_stays_out(office: Office) -> None:
    with office.browser() as browser:
        page = browser.get("/user/login/")
        hidden = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert hidden
        fields = {"email": "a@b.example", "password": "long-enough-pass-1", "csrfmiddlewaretoken": hidden[1]}
        assert browser.post("/user/signup/", data=fields, headers={"Referer": str(page.url)}).status_code == 403
        stranger = {"Origin": "https://other.example", "Referer": "https://other.example/"}
        assert browser.post("/user/login/", data=fields, headers=stranger).status_code == 403
        assert browser.get("/health", headers={"Host": "other.example"}).status_code == 400
    moved = httpx.get(f"{office.plain}/projects/?a=1")
    assert (moved.status_code, moved.headers["location"]) == (301, f"{office.url}/projects/?a=1")


def test_the_check_sees_it_from_both_sides(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = security_check.Ours(public_url=office.url)
    found = {one.name: one for one in security_check.check(office.running.url, office.running.token, ours=ours)}
    assert found["public address"].verdict == "fail", "nobody trusts the authority yet"
    monkeypatch.setenv("SSL_CERT_FILE", str(office.running.folder.parent / "root.pem"))
    found = {one.name: one for one in security_check.check(office.running.url, office.running.token, ours=ours)}
    assert {name: one.verdict for name, one in found.items() if one.verdict != "pass"} == {"legacy tokens": "unknown"}
    assert found["cookies"].seen == "sent over TLS only"


def test_it_is_remembered_and_not_changed_under_people_at_work(office: Office, studio_environment: Path) -> None:
    again = server.up(office.running.folder, studio_environment, progress=say)
    assert (again.pid, again.public_url) == (office.running.pid, office.url)
    assert server.status(office.running.folder).public_url == office.url
    with pytest.raises(UsageError, match="is running for"):
        server.up(office.running.folder, studio_environment, reach=serving.Serving(), progress=say)
