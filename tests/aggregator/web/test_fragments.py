"""What htmx asks for is the same block that stands in the page."""

from flask import Flask, Response

from aggregator.web import fragments

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_part_is_the_very_block_of_the_page_with_what_its_template_imports(app: Flask) -> None:
    with app.test_request_context("/login"):
        whole = fragments.page("door/used.html", "card")
    with app.test_request_context("/login", headers=PART):
        part = fragments.page("door/used.html", "card")
    assert part.strip()
    assert part.strip() in whole
    assert "<html" in whole
    assert "<html" not in part


def test_answer_with_a_part_says_that_it_is_not_the_page(app: Flask) -> None:
    with app.test_request_context("/login", headers=PART):
        fragments.page("door/used.html", "card")
        answer = app.process_response(Response())
    assert "HX-Request-Type" in answer.headers["Vary"]
