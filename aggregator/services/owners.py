"""Who holds a claim: this machine, this process, this run."""

import os
import secrets
import socket
import uuid


def machine() -> str:
    """This machine's name in claims; the hardware address, since names are often alike."""
    return f"{socket.gethostname()}-{uuid.getnode():012x}:"


def owner() -> str:
    """A new name for a claim's owner."""
    return f"{machine()}{os.getpid()}:{secrets.token_hex(4)}"


def is_dead(name: str) -> bool:
    """Whether this owner, of this machine, certainly runs no more."""
    pid = name.removeprefix(machine()).partition(":")[0]
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it runs, as somebody else
        return False
    return False
