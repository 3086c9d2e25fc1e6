"""How a log line looks: readable in development, JSON in production; both name the request and nothing private."""

import json
import logging
from datetime import UTC, datetime

from .request_ids import current_request_id


class AddRequestId(logging.Filter):
    """Puts the current request's id on the record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class LineFormatter(logging.Formatter):
    """time level logger [request] message"""

    def format(self, record: logging.LogRecord) -> str:
        request_id = getattr(record, "request_id", "-")
        head = f"{_moment(record)} {record.levelname.lower()} {record.name} [{request_id}] {record.getMessage()}"
        return f"{head}\n{self.formatException(record.exc_info)}" if record.exc_info else head


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, request, message and, for a failure, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)
