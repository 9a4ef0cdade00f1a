"""Log lines for machines: one JSON object each, so that no user can forge a line of her own."""

import datetime as dt
import json
import logging


class JsonLine(logging.Formatter):
    """Write a record as one line of ASCII: newlines and escape codes stay inside it."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat("T", "milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "correlation_id", None),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line)
