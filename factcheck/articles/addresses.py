"""Which network addresses may be fetched: those of the public internet, judged after the name was resolved."""

from __future__ import annotations

import ipaddress

_METADATA = frozenset({"169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192"})


def refusal(address: str) -> str | None:
    """The rule that forbids fetching from a numeric IP address, or None where it is public.

    Rules: metadata, loopback, link-local, private, shared (RFC 6598), multicast, unspecified, reserved. An IPv4
    address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) is judged by itself as well.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        for inner in _embedded(ip):
            if rule := refusal(str(inner)):
                return rule
    rules = (
        ("metadata", str(ip) in _METADATA),
        ("unspecified", ip.is_unspecified),
        ("loopback", ip.is_loopback),
        ("link-local", ip.is_link_local),
        ("multicast", ip.is_multicast),
        ("shared", ip.version == 4 and ip in ipaddress.ip_network("100.64.0.0/10")),  # noqa: PLR2004 - IP version
        ("private", ip.is_private),
        ("reserved", ip.is_reserved or not ip.is_global),
    )
    return next((name for name, holds in rules if holds), None)


def _embedded(ip: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in ipaddress.ip_network("64:ff9b::/96"):
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [inner for inner in found if inner is not None]
