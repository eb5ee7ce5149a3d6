"""What a post ought to say by now, word by word."""

import pytest

from aggregator.domain.correcting import amended, cancelled, marked


def shown(before: str, after: str) -> tuple[str, str]:
    signs = {"same": "{}", "del": "[-{}-]", "ins": "[+{}+]"}
    left, right = marked(before, after)
    return (
        "".join(signs[each.kind].format(each.text) for each in left),
        "".join(signs[each.kind].format(each.text) for each in right),
    )


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        (
            "Meet at the bridge, 4:30 pm",
            "Meet at the weir, 5 pm",
            "Meet at the [-bridge-], [-4:30-] pm",
            "Meet at the [+weir+], [+5+] pm",
        ),
        ("Sat, 2–3 pm", "Sat, 4–5 pm", "Sat, [-2–3-] pm", "Sat, [+4–5+] pm"),
        ("As it was", "As it was", "As it was", "As it was"),
        ("Stories", "Cancelled: Stories", "Stories", "[+Cancelled: +]Stories"),
        ("", "New", "", "[+New+]"),
    ],
)
def test_only_what_differs_is_marked(before: str, after: str, left: str, right: str) -> None:
    assert shown(before, after) == (left, right)


def test_both_sides_joined_again_are_the_texts() -> None:
    before, after = "a b\nc  d, e", "a x\nc d! e f"
    left, right = marked(before, after)
    assert "".join(each.text for each in left) == before
    assert "".join(each.text for each in right) == after


def test_cancelled_is_said_once() -> None:
    assert cancelled(cancelled("Stories")) == "Cancelled: Stories"


def test_words_of_staff_change_where_they_name_what_changed_and_else_say_it_behind() -> None:
    changes = [
        ("when", "Sat, 2 pm", "Sat, 4 pm"),
        ("place", "Hall 1", "Hall 2"),
        ("name", "A", "B"),
    ]
    assert amended("Come! Sat, 2 pm.", changes) == "Come! Sat, 4 pm.\nNew: Hall 2"
    assert amended("Cancelled: Come to Hall 1", changes[1:]) == "Come to Hall 2"
