"""Log lines: they name the request, they are one line each, and they hold nothing private."""

import json
import logging

import pytest
from django.http import HttpResponse

from webapp.server.ops.logs import AddRequestId, JsonFormatter, LineFormatter
from webapp.server.ops.request_ids import RequestIds, current_request_id


def record(message: str, *arguments: object) -> logging.LogRecord:
    made = logging.LogRecord("coffer.test", logging.INFO, __file__, 1, message, arguments, None)
    AddRequestId().filter(made)
    return made


def test_a_request_is_named_in_its_response_and_its_log_lines(rf):
    seen = []

    def view(request):
        seen.append(json.loads(JsonFormatter().format(record("hello %s", "there"))))
        return HttpResponse()

    response = RequestIds(view)(rf.get("/"))
    assert seen[0]["request"] == response["X-Request-Id"]
    assert seen[0]["message"] == "hello there"
    assert seen[0]["level"] == "info"
    assert seen[0]["time"].endswith("Z")


@pytest.mark.parametrize("given", ["x", "<script>", "a" * 65, "ABCDEF0123", "1234567\n8"])
def test_a_malformed_id_from_outside_is_replaced(rf, given):
    response = RequestIds(lambda request: HttpResponse())(rf.get("/", headers={"X-Request-Id": given}))
    assert response["X-Request-Id"] != given


def test_a_wellformed_id_of_a_proxy_is_kept(rf):
    response = RequestIds(lambda request: HttpResponse())(rf.get("/", headers={"X-Request-Id": "0123456789abcdef"}))
    assert response["X-Request-Id"] == "0123456789abcdef"


def test_a_json_line_stays_one_line_whatever_is_logged():
    current_request_id.set("-")
    assert "\n" not in JsonFormatter().format(record("a\nb\r\nc"))


def test_a_readable_line_names_the_request():
    current_request_id.set("0123456789abcdef")
    assert "[0123456789abcdef] hello" in LineFormatter().format(record("hello"))


@pytest.mark.django_db
def test_a_refused_request_is_logged_without_its_query(client, caplog):
    client.get("/nowhere/?email=ana@example.org&code=1234-5678")
    assert "/nowhere/" in caplog.text
    assert "ana@example.org" not in caplog.text
    assert "1234-5678" not in caplog.text
