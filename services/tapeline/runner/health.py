"""HTTP endpoints of a running session: /healthz, /readyz, /metrics."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

StartResponse = Callable[[str, list[tuple[str, str]]], object]
Ready = Callable[[], str | None]
"""None when ready, otherwise why not."""


STOP_LOOK_S = 0.05
"""How soon a stop is seen: the end of a process waits for it, and a handover for that end."""


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Probes come each second; they are no state change, so they are not logged."""


class HealthServer:
    """Serves probes and metrics from a thread.

    Args:
        port: TCP port on `host`; 0 picks a free one (see `port` after entering).
        registry: metrics to expose.
        ready: why the session is not ready, None when it is.
        host: address to listen on; loopback unless a probe comes from outside.
    """

    def __init__(
        self, port: int, registry: CollectorRegistry, ready: Ready, host: str = "127.0.0.1"
    ) -> None:
        self._metrics = make_wsgi_app(registry)
        self._ready = ready
        self._server: WSGIServer = make_server(host, port, self._app, handler_class=_Silent)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(STOP_LOOK_S,), name="health"
        )
        self.port = int(self._server.server_port)

    def __enter__(self) -> HealthServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _app(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO")
        if path == "/metrics":
            answer: Iterable[bytes] = self._metrics(environ, start)
            return answer
        if path == "/healthz":
            return _text(start, "200 OK", "alive")
        if path == "/readyz":
            why = self._ready()
            return _text(start, "200 OK" if why is None else "503 Not Ready", why or "ready")
        return _text(start, "404 Not Found", "paths: /healthz /readyz /metrics")


def _text(start: StartResponse, status: str, body: str) -> list[bytes]:
    start(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [body.encode() + b"\n"]
