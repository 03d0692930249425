"""A desk of the hotel: one keep-alive connection, logged in, that counts its requests."""

import http.client
import json
import time
from collections import Counter
from decimal import Decimal
from urllib.parse import urlencode

TIMEOUT_SECONDS = 60


class Refused(Exception):
    """An answer that is not the one asked for."""

    def __init__(self, method, path, status, problem):
        detail = problem.get("detail") or problem.get("title") if isinstance(problem, dict) else problem
        errors = problem.get("errors") if isinstance(problem, dict) else None
        super().__init__(f"{method} {path} -> {status}: {detail}{f' {errors}' if errors else ''}")
        self.status = status
        self.problem = problem


class Desk:
    """Speaks JSON with exact decimals; keeps the latency of every request."""

    def __init__(self, address):
        self._connection = http.client.HTTPConnection(*address, timeout=TIMEOUT_SECONDS)
        self._token = None
        self.latencies = []
        self.statuses = Counter()

    def login(self, username, password):
        self._token = self.post("/api/auth/login", username=username, password=password)["access_token"]
        self.latencies.clear()  # A password is slow on purpose.
        return self

    def get(self, path, **query):
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def post(self, path, **body):
        return self._call("POST", path, body)

    def patch(self, path, **body):
        return self._call("PATCH", path, body)

    def put(self, path, **body):
        return self._call("PUT", path, body)

    def every(self, path, **query):
        """All items of a list, page by page."""
        page = 1
        while True:
            answer = self.get(path, page=page, page_size=100, **query)
            yield from answer["items"]
            if page >= answer["pages"]:
                return
            page += 1

    def close(self):
        self._connection.close()

    def _call(self, method, path, body):
        start = time.perf_counter()
        self._connection.request(method, path, None if body is None else to_json(body).encode(), self._headers(body))
        response = self._connection.getresponse()
        content = response.read()
        self.latencies.append(time.perf_counter() - start)
        self.statuses[response.status] += 1
        answer = _from_json(content, response.headers.get("Content-Type", ""))
        if response.status >= 300:
            raise Refused(method, path, response.status, answer)
        return answer

    def _headers(self, body):
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        return headers


class Amount(int):
    """Cents that are written into JSON as an exact decimal number."""


def to_json(value):
    """JSON text in which amounts keep their cents without a float."""
    if isinstance(value, Amount):
        return str(Decimal(int(value)).scaleb(-2))
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{to_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(to_json(item) for item in value) + "]"
    if hasattr(value, "isoformat"):
        return json.dumps(value.isoformat())
    return json.dumps(value)


def _from_json(content, content_type):
    """The answer with exact decimals; text as it is; nothing for an empty body."""
    if not content:
        return None
    if "json" in content_type:
        return json.loads(content, parse_float=Decimal)
    return content.decode("utf-8", "replace")


def percentile(values, share):
    """The value below which a share (0…1) of the sorted values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0
