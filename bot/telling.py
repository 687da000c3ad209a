"""Structured logs of the app and of its libraries, as JSON or text, with no secret in them."""

import logging
import sys
import threading
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.redaction import Redactor
from bot.settings import Settings

_QUIET = ("alembic", "apscheduler", "httpx", "slack_bolt", "slack_sdk", "asyncio")
_OWN_HANDLERS = ("dbos",)
"""Libraries that write to the console by themselves unless they find a handler."""
_tell = structlog.get_logger(__name__)


def begin_telling(settings: Settings, *, to: TextIO | None = None) -> None:
    """Send every log line of this process to standard error, and what nobody catches as well."""
    handler = _Handler(to or sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(foreign_pre_chain=_EVERY, processors=_last(settings), logger=None)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_EVERY,
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    logging.captureWarnings(capture=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    for name in _OWN_HANDLERS:
        logging.getLogger(name).handlers = [handler]
        logging.getLogger(name).propagate = False
    sys.excepthook = _broken
    threading.excepthook = lambda it: _broken(
        it.exc_type, it.exc_value or it.exc_type(), it.exc_traceback
    )


_EVERY: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
)


def _last(settings: Settings) -> list[Processor]:
    is_json = settings.log_format == "json"
    plain = structlog.dev.plain_traceback
    return [
        ProcessorFormatter.remove_processors_meta,
        hiding(Redactor.of(settings)),
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if is_json
        else structlog.dev.ConsoleRenderer(
            colors=False, timestamp_key="at", exception_formatter=plain
        ),
    ]


def hiding(redactor: Redactor) -> Processor:
    """Make the processor that lets no secret through; the last before the rendering."""

    def hide(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        return redactor.value(event)

    return hide


class _Handler(logging.StreamHandler[TextIO]):
    """Says that a line could not be written, instead of printing what was to be in it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Name the place only: its arguments have not been through the redaction."""
        self.stream.write(f"A log line of {record.name}:{record.lineno} could not be written.\n")


def _broken(kind: type[BaseException], trouble: BaseException, trace: TracebackType | None) -> Any:
    _tell.critical("app.broken", exc_info=(kind, trouble, trace))
