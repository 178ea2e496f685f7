"""How often something may be tried: a burst, then one each so often. It is kept in the database, so a restart forgets
nothing.

    name:9f86d081884c7d65      spent until 2024-08-15 09:31:20, refused 3 times since

One number does (the generic cell rate algorithm, ITU-T I.371): the time at which all that was spent is refilled.
"""

from __future__ import annotations

import ipaddress
from hashlib import sha256

from comity.accounts.change import Change

__all__ = ["address_key", "name_key", "take"]


def name_key(kind: str, name: str) -> str:
    """The key for a name; hashed, since what is typed into a name's field is now and then a password."""
    return f"{kind}:{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def address_key(address: str) -> str:
    """The key for an address; of IPv6 the first 64 bits, which is what one household or office is given."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return name_key("address", address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return f"address:{found.ipv4_mapped}"
        return f"address:{ipaddress.ip_network((found, 64), strict=False).network_address}/64"
    return f"address:{found}"


def take(change: Change, key: str, burst: int, refill_seconds: int) -> int:
    """Spend one; 0 where it was there, else the seconds to wait. The trail hears of the first, then how many."""
    every = refill_seconds * 1000
    row = change.row("SELECT spent, refused FROM allowance WHERE key=?", key)
    spent, refused = (int(row[0]), int(row[1])) if row is not None else (0, 0)
    spent = min(spent, change.now + burst * every)  # a clock that was set back shuts nobody out for long
    ahead = spent - change.now - (burst - 1) * every
    if ahead > 0:
        change.tell("INSERT OR REPLACE INTO allowance VALUES(?,?,?)", key, spent, refused + 1)
        if refused == 0:
            change.note("audit.slowed", kind=key.partition(":")[0])
        return -(-ahead // 1000)
    if refused > 1:
        change.note("audit.slowed_often", kind=key.partition(":")[0], count=refused)
    change.tell("INSERT OR REPLACE INTO allowance VALUES(?,?,0)", key, max(spent, change.now) + every)
    return 0
