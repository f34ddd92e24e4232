from __future__ import annotations

from pathlib import Path

import pytest

from factcheck.errors import InsecureUrl, ServerError, UsageError
from factcheck.studio.local import serving
from factcheck.studio.local.serving import Serving, checked


@pytest.mark.parametrize(
    ("host", "url", "error", "message"),
    [
        ("0.0.0.0", None, UsageError, "unencrypted"),
        ("192.168.1.7", None, UsageError, "unencrypted"),
        ("studio", None, UsageError, "IPv4"),
        ("::", "https://studio.desk.example", UsageError, "IPv4"),
        (None, "http://studio.desk.example", InsecureUrl, "unencrypted"),
        ("0.0.0.0", "http://studio.desk.example", InsecureUrl, "unencrypted"),
        (None, "http://127.0.0.1:8080", InsecureUrl, "unencrypted"),
        (None, "studio.desk.example", UsageError, "web address"),
        (None, "https://", UsageError, "web address"),
        (None, "https://me:secret@studio.desk.example", UsageError, "password"),
        (None, "https://studio.desk.example/labels", UsageError, "after the host"),
        (None, "https://studio.desk.example/?a=1", UsageError, "after the host"),
        (None, "https://استودیو.example", UsageError, "no browser sends"),
        (None, "https://studio.desk.example,evil.example", UsageError, "web address"),
    ],
)
def test_what_would_be_open_is_refused(
    host: str | None, url: str | None, error: type[UsageError], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        checked(host, url)
    assert caught.value.hint
    assert "secret" not in f"{caught.value} {caught.value.subject} {caught.value.hint}"


def test_a_server_for_this_machine_alone_is_told_no_more_than_before() -> None:
    assert Serving().variables() == {"LABEL_STUDIO_ALLOWED_HOSTS": "127.0.0.1,localhost"}
    assert checked(None, None) == Serving()


def test_a_public_one_has_secure_cookies_and_its_names() -> None:
    made = checked("0.0.0.0", "https://Studio.Desk.example:8443/")
    assert made.public_url == "https://studio.desk.example:8443"
    assert made.own_host == "127.0.0.1"
    assert made.variables() == {
        "LABEL_STUDIO_ALLOWED_HOSTS": "127.0.0.1,localhost,studio.desk.example",
        "LABEL_STUDIO_HOST": "https://studio.desk.example:8443",
        "LABEL_STUDIO_CSRF_TRUSTED_ORIGINS": "https://studio.desk.example:8443",
        "LABEL_STUDIO_SESSION_COOKIE_SECURE": "1",
        "LABEL_STUDIO_CSRF_COOKIE_SECURE": "1",
    }


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://studio.desk.example:443", "https://studio.desk.example"),
        ("HTTPS://STUDIO.desk.example/", "https://studio.desk.example"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_the_trusted_origin_is_the_one_that_browsers_name(url: str, origin: str) -> None:
    assert checked(None, url).variables()["LABEL_STUDIO_CSRF_TRUSTED_ORIGINS"] == origin


def test_it_is_remembered(tmp_path: Path) -> None:
    assert serving.remembered(tmp_path) == Serving()
    made = checked(None, "https://studio.desk.example")
    serving.remember(tmp_path, made)
    assert serving.remembered(tmp_path) == made


@pytest.mark.parametrize("text", ["", "[]", "{", '{"host": 3}', '{"door": "open"}'])
def test_a_damaged_memory_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "serving.json").write_text(text, "utf-8")
    with pytest.raises(ServerError, match="damaged"):
        serving.remembered(tmp_path)
