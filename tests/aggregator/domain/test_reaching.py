"""Addresses that residents can open, told from those of one house."""

import pytest

from aggregator.domain.reaching import is_public


@pytest.mark.parametrize(
    "url",
    [
        "https://events.library.example",
        "https://events.library.example:8443/calendar",
        "http://93.184.216.34:8000",
        "https://[2606:2800:220:1::1]/",
    ],
)
def test_name_on_the_web_is_public(url: str) -> None:
    assert is_public(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
        "http://192.168.1.5",
        "http://10.0.0.7:8000",
        "http://[fd00::5]",
        "http://library-pc:8000",
        "http://townboard.local",
        "http://townboard.fritz.home.arpa.",
        "http://[nonsense",
        "",
    ],
)
def test_name_within_a_house_is_not(url: str) -> None:
    assert not is_public(url)
