"""Which networks a local Label Studio may not call when its webhooks are to reach us: all reserved ones but 127.0.0.1.

Label Studio has no list of exceptions. Its own list can only be switched off as a whole and be replaced by another.
"""

from __future__ import annotations

from ipaddress import ip_network

# The defaults of 1.23.2, core/utils/io.py.
_RESERVED = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("224.0.0.0/4", "233.252.0.0/24", "240.0.0.0/4", "255.255.255.255/32", "::/128", "::1/128", "::ffff:0:0/96"),
    *("::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:20::/28", "2001:db8::/32"),
    *("2002::/16", "fc00::/7", "fe80::/10", "ff00::/8"),
)
_LOOPBACK, _US = ip_network("127.0.0.0/8"), ip_network("127.0.0.1/32")


def webhook_variables() -> dict[str, str]:
    """The server's variables that let its webhooks reach 127.0.0.1 and no other reserved address."""
    rest_of_loopback = [str(net) for net in sorted(_LOOPBACK.address_exclude(_US))]  # type: ignore[arg-type]
    return {
        "LABEL_STUDIO_USE_DEFAULT_BANNED_SUBNETS": "false",
        "LABEL_STUDIO_USER_ADDITIONAL_BANNED_SUBNETS": ",".join([*_RESERVED, *rest_of_loopback]),
    }
