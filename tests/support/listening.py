"""A mail server and a web server on the loopback, which keep what they get."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer


@dataclass
class Inbox:
    """
    What a server got, and how it answers.

    Attributes:
        answers: Status codes of the next answers, then all is taken.
        got: Headers and body of each request, or empty headers and the text of each mail.
    """

    port: int = 0
    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def answer(self, taken: int) -> int:
        """Give the next answer."""
        return self.answers.pop(0) if self.answers else taken


@contextmanager
def web_server() -> Iterator[Inbox]:
    """Give a server that takes posts."""
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            code = inbox.answer(204)
            inbox.got.append((dict(self.headers.items()), body))
            self.send_response(code)
            if code in {301, 302, 307}:
                self.send_header("Location", f"http://127.0.0.1:{inbox.port}/elsewhere")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        inbox.port = server.server_address[1]
        with _serving(server):
            yield inbox


@contextmanager
def mail_server() -> Iterator[Inbox]:
    """Give a server that speaks as much SMTP as a client needs (RFC 5321), without TLS."""
    inbox = Inbox()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self._say(220, "ready")
            while line := self.rfile.readline():
                match line.split(b" ")[0].strip().upper():
                    case b"DATA":
                        self._data()
                    case b"QUIT":
                        self._say(221, "bye")
                        return
                    case _:
                        self._say(250, "fine")

        def _data(self) -> None:
            self._say(354, "go on")
            text = b""
            while (line := self.rfile.readline()) != b".\r\n":
                text += line.removeprefix(b".")
            code = inbox.answer(250)
            inbox.got.append(({}, text))
            self._say(code, "done")

        def _say(self, code: int, text: str) -> None:
            self.wfile.write(f"{code} {text}\r\n".encode())

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        inbox.port = server.server_address[1]
        with _serving(server):
            yield inbox


@contextmanager
def _serving(server: ThreadingTCPServer | ThreadingHTTPServer) -> Iterator[None]:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
