"""What processes say while they run: one readable line each, to standard error, in UTC."""

import logging
import sys
import time

import structlog


def configure() -> None:
    """Send our own lines, and warnings of the libraries, the same way. Once a process."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=False, exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    line = "%(asctime)s [%(levelname)-8s] %(message)s logger=%(name)s"
    handler.setFormatter(logging.Formatter(line, "%Y-%m-%dT%H:%M:%SZ"))
    if handler.formatter is not None:
        handler.formatter.converter = time.gmtime
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
