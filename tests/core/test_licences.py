from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import licences


@pytest.mark.parametrize(
    ("text", "kept", "name", "url"),
    [
        (
            "cc-by-4.0",
            "CC-BY-4.0",
            "Creative Commons Attribution 4.0 International",
            "creativecommons.org/licenses/by/",
        ),
        ("CC0-1.0", "CC0-1.0", "Creative Commons Zero 1.0 Universal", "creativecommons.org/publicdomain/zero/"),
        ("MIT", "MIT", "MIT", "spdx.org/licenses/MIT.html"),
        ("GPL-3.0+", "GPL-3.0+", "GPL-3.0+", "spdx.org/licenses/GPL-3.0.html"),
        ("mit or cc0-1.0", "MIT OR CC0-1.0", "MIT OR CC0-1.0", ""),
        ("LicenseRef-desk", "LicenseRef-desk", "LicenseRef-desk", ""),
        (
            "https://desk.example/licence",
            "https://desk.example/licence",
            "https://desk.example/licence",
            "desk.example",
        ),
    ],
)
def test_a_licence_has_a_name_and_where_there_is_one_an_address(text: str, kept: str, name: str, url: str) -> None:
    assert licences.check(text) == kept
    found = licences.of(kept)
    assert found is not None
    assert found.name == name
    assert url in found.url
    assert bool(found.url) == bool(url)
    assert found.address_or_id


@pytest.mark.parametrize("url", [
    "http://creativecommons.org/licenses/by-sa/4.0", "https://creativecommons.org/licenses/by-sa/4.0/deed.fa",
    "https://www.creativecommons.org/licenses/by-sa/4.0/legalcode",
])  # fmt: skip
def test_an_address_of_an_open_licence_is_that_licence(url: str) -> None:
    assert licences.of(licences.check(url)) == licences.OPEN["CC-BY-SA-4.0"]


@pytest.mark.parametrize(("text", "near"), [("CC BY 4.0", "CC-BY-4.0"), ("ODbL", "ODbL-1.0"), ("ccby", "CC-BY")])
def test_what_is_no_licence_is_refused_with_the_nearest(text: str, near: str) -> None:
    with pytest.raises(ValueError, match=f"no SPDX licence and no web address; did you mean '{near}"):
        licences.check(text)


def test_a_text_near_to_none_is_told_the_open_ones() -> None:
    with pytest.raises(ValueError, match=r"CC-BY-4\.0, CC-BY-SA-4\.0, CC0-1\.0, ODbL-1\.0, ODC-By-1\.0"):
        licences.check("all rights reserved by the desk and its friends")


def test_none_is_none() -> None:
    assert licences.of(licences.check("  ")) is None


@settings(max_examples=200)
@given(text=st.text(max_size=20) | st.sampled_from(sorted(licences.OPEN)).map(str.lower))
def test_what_is_kept_is_kept_again(text: str) -> None:
    try:
        kept = licences.check(text)
    except ValueError as error:
        assert "no SPDX licence" in str(error)  # noqa: PT017
    else:
        assert licences.check(kept) == kept
        assert (licences.of(kept) is None) == (not kept)


def test_every_open_licence_is_spdx() -> None:
    for name, one in licences.OPEN.items():
        assert licences.check(name) == name == one.id
        assert licences.of(one.url) == one
