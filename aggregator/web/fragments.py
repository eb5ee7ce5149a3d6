"""A page, or the one block of it that htmx asked for: the same template block either way."""

from typing import Any

from flask import after_this_request, current_app, render_template, request
from werkzeug.wrappers import Response

#: What htmx 4 says of a request whose answer replaces a part of the page.
HEADER = "HX-Request-Type"

#: Rendered beside every fragment, to say what was done (out of band, by its id).
BESIDE = "toasts"


def is_partial() -> bool:
    """Whether a part of a page is asked for."""
    return request.headers.get(HEADER) == "partial"


def page(template: str, block: str, **values: Any) -> str:
    """The page; where htmx asks for a part, only that block of it and what is to be said."""
    after_this_request(_vary)
    if not is_partial():
        return render_template(template, **values)
    return fragment(template, block, **values)


def fragment(template: str, block: str, **values: Any) -> str:
    """That block of the template, and what is to be said beside it."""
    found = current_app.jinja_env.get_template(template)
    values["out_of_band"] = True
    current_app.update_template_context(values)
    context = found.new_context(values)
    # up to its first words: what the template and its parents import and set is then known
    next(found.root_render_func(context), None)
    blocks = [context.blocks[name][0] for name in (block, BESIDE) if name in context.blocks]
    return "".join(part for each in blocks for part in each(context))


def _vary(response: Response) -> Response:
    """A cache may not take the part for the page."""
    response.headers.add("Vary", HEADER)
    return response
