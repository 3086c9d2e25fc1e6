"""A log line as JSON, one object a line, for whichever program's log is read by a machine."""

import json
import logging
from datetime import UTC, datetime


def moment(record: logging.LogRecord) -> str:
    """When it happened, UTC, to the millisecond."""
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, request (- where there is none), message and, for a failure, the traceback."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "time": moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        return json.dumps(event, ensure_ascii=False)
