"""Headers that every answer carries."""

from flask import Flask, request
from werkzeug.wrappers import Response

from aggregator import access

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def install(app: Flask) -> None:
    """Add them after every request."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    response.headers.update(ALWAYS)
    if request.endpoint == "static" and request.args.get("v"):
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    endpoint = request.endpoint or ""
    if not access.is_open(endpoint) or endpoint.startswith(("door.", "welcome.")):
        response.headers["Cache-Control"] = "no-store"
    return response
