"""Servers of one test on this machine: with TLS by an authority of the test's own, a proxy, one that says nothing."""

from __future__ import annotations

import datetime as dt
import http.server
import ipaddress
import select
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


class _Quiet(http.server.ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that trusts us not is what the test is about."""


class Authority(NamedTuple):
    """The certificate that clients may trust, and what a server shows."""

    ca_file: Path
    chain: Path


def authority(folder: Path, *, names: Sequence[str] = ()) -> Authority:
    """A new authority and a certificate of it for 127.0.0.1, and for hosts of these names."""
    ours, theirs = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Desk authority")])
    now = dt.datetime.now(dt.UTC)

    def builder(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        made = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
        made = made.not_valid_after(now + dt.timedelta(days=30))
        known = x509.AuthorityKeyIdentifier.from_issuer_public_key(ours.public_key())
        return made.add_extension(known, critical=False)

    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    root = builder(issuer, ours).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    root = root.add_extension(usage, critical=True)
    root = root.add_extension(x509.SubjectKeyIdentifier.from_public_key(ours.public_key()), critical=False)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    leaf = builder(name, theirs).add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    shown = [x509.IPAddress(ipaddress.ip_address(HOST)), *map(x509.DNSName, names)]
    leaf = leaf.add_extension(x509.SubjectAlternativeName(shown), critical=False)
    pem = serialization.Encoding.PEM
    key = theirs.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    made = Authority(folder / "ca.pem", folder / "server.pem")
    made.ca_file.write_bytes(root.sign(ours, hashes.SHA256()).public_bytes(pem))
    made.chain.write_bytes(leaf.sign(ours, hashes.SHA256()).public_bytes(pem) + key)
    return made


@contextmanager
def answering(body: bytes, media_type: str, *, tls: Authority | None = None) -> Iterator[str]:
    """The address of a server that answers every request with that body."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = _Quiet((HOST, 0), Answer)
    if tls is not None:
        secure(server, tls)
    with _running(server):
        yield f"{'http' if tls is None else 'https'}://{HOST}:{server.server_address[1]}"


def secure(server: http.server.ThreadingHTTPServer, tls: Authority) -> None:
    """Make the server speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.chain)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)


@contextmanager
def proxying(hosts: Mapping[str, int] = MappingProxyType({})) -> Iterator[tuple[str, list[str]]]:
    """The address of a proxy that opens tunnels, and what it was asked for.

    `hosts` are names that it alone knows, with the port of this machine where each is.
    """
    asked: list[str] = []

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            asked.append(self.path)
            host, _, port = self.path.rpartition(":")
            host, port = (HOST, str(hosts[host])) if host in hosts else (host, port)
            with socket.create_connection((host, int(port)), timeout=5) as there:
                self.send_response(200)
                self.end_headers()
                self.wfile.flush()
                _joined(self.connection, there)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = _Quiet((HOST, 0), Proxy)
    with _running(server):
        yield f"http://{HOST}:{server.server_address[1]}", asked


@contextmanager
def hanging() -> Iterator[int]:
    """The port of a server that takes connections and never says anything."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(64)
        yield listener.getsockname()[1]


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(server: http.server.ThreadingHTTPServer) -> Iterator[None]:
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _joined(one: socket.socket, other: socket.socket) -> None:
    while True:
        ready, _, _ = select.select([one, other], [], [], 5)
        if not ready:
            return
        for side in ready:
            if not (data := side.recv(65536)):
                return
            (other if side is one else one).sendall(data)
