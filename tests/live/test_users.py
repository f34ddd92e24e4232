from __future__ import annotations

import httpx
import pytest

from factcheck.errors import AuthError, ProtocolError
from factcheck.studio.local import users
from tests.live_server import LabelStudio

pytestmark = pytest.mark.live


def whoami(url: str, token: str) -> dict[str, object]:
    answer = httpx.get(f"{url}/api/current-user/whoami", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 200, answer.text
    data = answer.json()
    assert isinstance(data, dict)
    return data


def test_every_user_acts_as_themselves(label_studio: LabelStudio) -> None:
    leila, omid = label_studio.make_user("Leila"), label_studio.make_user("Omid")
    assert whoami(label_studio.url, leila.token)["email"] == "leila@desk.example"
    assert whoami(label_studio.url, omid.token)["email"] == "omid@desk.example"
    assert len({leila.token, omid.token, label_studio.token}) == 3


def test_asking_again_gives_the_same_user(label_studio: LabelStudio) -> None:
    assert label_studio.make_user("Parisa") == label_studio.make_user("Parisa")
    headers = {"Authorization": f"Token {label_studio.token}"}
    everyone = httpx.get(f"{label_studio.url}/api/users/", headers=headers).json()
    assert [user["first_name"] for user in everyone if user["email"] == "parisa@desk.example"] == ["Parisa"]


def test_a_persian_name_is_kept(label_studio: LabelStudio) -> None:
    user = users.make_user(
        label_studio.url,
        label_studio.token,
        email="Shirin@Desk.example",
        password=users.new_password(),
        name="شیرین",
    )
    assert (user.email, user.name) == ("shirin@desk.example", "شیرین")
    assert whoami(label_studio.url, user.token)["first_name"] == "شیرین"


def test_another_password_is_refused_with_the_reason(label_studio: LabelStudio) -> None:
    label_studio.make_user("Navid")
    with pytest.raises(AuthError, match="another password") as caught:
        users.make_user(label_studio.url, label_studio.token, email="navid@desk.example", password="not-his-password-1")
    assert caught.value.subject == "navid@desk.example"


@pytest.mark.parametrize(
    ("email", "password"),
    [("no address", "long-enough-pass-1"), ("short@desk.example", "abc")],
    ids=["email", "password"],
)
def test_what_the_server_refuses_is_said(label_studio: LabelStudio, email: str, password: str) -> None:
    with pytest.raises(ProtocolError, match="not accepted") as caught:
        users.make_user(label_studio.url, label_studio.token, email=email, password=password)
    assert "no reason given" not in caught.value.what


def test_without_the_administrators_token_nobody_is_made(label_studio: LabelStudio) -> None:
    with pytest.raises(AuthError, match="does not accept"):
        users.make_user(label_studio.url, "0" * 40, email="x@desk.example", password="long-enough-pass-1")
