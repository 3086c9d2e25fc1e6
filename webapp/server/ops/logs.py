"""How a log line looks: readable in development, JSON in production; both name the request and nothing private."""

import logging

from vault.host.logs import JsonFormatter, moment

from .request_ids import current_request_id

__all__ = ["AddRequestId", "JsonFormatter", "LineFormatter"]


class AddRequestId(logging.Filter):
    """Puts the current request's id on the record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


class LineFormatter(logging.Formatter):
    """time level logger [request] message"""

    def format(self, record: logging.LogRecord) -> str:
        request_id = getattr(record, "request_id", "-")
        head = f"{moment(record)} {record.levelname.lower()} {record.name} [{request_id}] {record.getMessage()}"
        return f"{head}\n{self.formatException(record.exc_info)}" if record.exc_info else head
