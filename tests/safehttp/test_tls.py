"""TLS: verified against the name that was asked, on the address that was checked."""

import socket
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from safehttp.errors import NoAnswerError, NotSentError
from tests.safehttp.servers import (
    Server,
    World,
    headers_of,
    read_request,
    reply,
    says,
)

PUBLIC = "93.184.216.34"


@dataclass(frozen=True)
class Certificate:
    """A key with its certificate, signed by itself, as files."""

    path: Path

    def server(self) -> ssl.SSLContext:
        """For who answers."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context

    def trusted(self) -> ssl.SSLContext:
        """For who asks and trusts this certificate alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.path)
        return context


def _certificate(path: Path, names: list[str], *, days: int = 10) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Town Library")])
    until = datetime.now(UTC) + timedelta(days=days)
    alternatives: list[x509.GeneralName] = [
        x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
        for name in names
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=30))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return Certificate(path)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return _certificate(
        tmp_path_factory.mktemp("tls") / "good.pem", ["library.example", "127.0.0.1"]
    )


def _secure(certificate: Certificate, seen: list[str | None]) -> Server:
    """A server that speaks TLS and keeps the names it was asked for."""
    context = certificate.server()
    context.sni_callback = lambda _sock, name, _context: seen.append(name)

    def script(connection: socket.socket, _: bytes) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            request = read_request(secure)
            server.requests.append(request)
            secure.sendall(reply(headers_of(request)["host"].encode()))

    server = Server(script, listens=False)
    return server


@pytest.mark.parametrize("host", ["library.example", "library.example."])
def test_certificate_is_checked_against_the_name_on_the_address_that_was_checked(
    good: Certificate, host: str
) -> None:
    seen: list[str | None] = []
    with _secure(good, seen) as server:
        world = World({host: [PUBLIC]}, {(PUBLIC, 443): server})
        answer = world.door(tls=good.trusted()).get(f"https://{host}/")
    assert answer.body.decode() == host
    assert seen == ["library.example"]
    assert world.dialled == [(PUBLIC, 443)]


def test_certificate_of_a_literal_address_is_checked(good: Certificate) -> None:
    with _secure(good, []) as server:
        url = server.url.replace("http:", "https:")
        assert server.door(tls=good.trusted()).get(url).status == 200


def test_certificate_that_nobody_vouches_for_is_refused_and_nothing_sent(good: Certificate) -> None:
    with _secure(good, []) as server:
        with pytest.raises(NotSentError) as failed:
            server.door().post(server.url.replace("http:", "https:"), json={"secret": 1})
        assert failed.value.code == "door.tls"
        assert server.requests in ([], [b""])


@pytest.mark.parametrize(("names", "days"), [(["other.example"], 10), (["library.example"], -1)])
def test_certificate_of_another_name_or_past_its_time_is_refused(
    names: list[str], days: int, tmp_path: Path
) -> None:
    certificate = _certificate(tmp_path / "bad.pem", names, days=days)
    with _secure(certificate, []) as server:
        world = World({"library.example": [PUBLIC]}, {(PUBLIC, 443): server})
        with pytest.raises(NotSentError) as failed:
            world.door(tls=certificate.trusted()).get("https://library.example/")
    assert failed.value.code == "door.tls"


def test_environment_can_not_add_whom_we_trust(good: Certificate) -> None:
    code = (
        "import sys; from safehttp.door import Door; from safehttp.errors import NotSentError\n"
        "door = Door(user_agent='x', allow_private=[('127.0.0.1', int(sys.argv[1]))])\n"
        "try: door.get(f'https://127.0.0.1:{sys.argv[1]}/'); print('trusted')\n"
        "except NotSentError as error: print(error.code)\n"
    )
    with _secure(good, []) as server:
        done = subprocess.run(
            [sys.executable, "-c", code, str(server.address[1])],
            env={"SSL_CERT_FILE": str(good.path), "PATH": ""},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
    assert done.stdout == "door.tls\n"


def test_plain_server_that_is_asked_for_tls_is_not_sent_to() -> None:
    with Server(says()) as server, pytest.raises(NotSentError) as failed:
        server.door(within=0.5).post(server.url.replace("http:", "https:"), json={})
    assert failed.value.code in {"door.tls", "door.timeout"}


def test_server_that_never_answers_the_handshake_ends_at_the_connect_cap() -> None:
    with Server(lambda *_: time.sleep(1), listens=False) as server:
        began = time.monotonic()
        with pytest.raises(NotSentError) as failed:
            server.door(connect=0.3).post(server.url.replace("http:", "https:"), json={})
        assert time.monotonic() - began < 3
    assert failed.value.code == "door.timeout"


def test_drip_over_tls_ends_in_time(good: Certificate) -> None:
    context = good.server()

    def script(connection: socket.socket, _: bytes) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            read_request(secure)
            secure.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                secure.sendall(b"x")
                time.sleep(0.02)

    with Server(script, listens=False) as server:
        began = time.monotonic()
        with pytest.raises(NoAnswerError) as failed:
            server.door(tls=good.trusted(), within=0.5).get(server.url.replace("http:", "https:"))
        assert time.monotonic() - began < 3
    assert failed.value.code == "door.timeout"


def test_step_from_https_to_http_is_followed_without_secrets_and_is_no_move(
    good: Certificate,
) -> None:
    context = good.server()

    def script(connection: socket.socket, _: bytes) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            read_request(secure)
            secure.sendall(reply(b"", 301, location="http://library.example/plain"))

    with Server(script, listens=False) as secure, Server(says(b"plain")) as plain:
        servers = {(PUBLIC, 443): secure, (PUBLIC, 80): plain}
        door = World({"library.example": [PUBLIC]}, servers).door(tls=good.trusted())
        answer = door.get("https://library.example/", {"Authorization": "Bearer t"})
        assert "authorization" not in headers_of(plain.requests[0])
    assert (answer.body, answer.url) == (b"plain", "http://library.example/plain")
    assert answer.moved_to is None
