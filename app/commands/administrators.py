"""The three administrators of those who operate the service (三员): system, security and audit. Each command that a
person gives belongs to one of them, and nobody is two."""

from __future__ import annotations

import os
import pwd
import socket
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from app.kernel.errors import Forbidden
from app.kernel.settings import Settings
from app.measures.roles import Role
from app.measures.text import Text

# Of the kernel's audit; a process without root changes it for nobody.
_SIGNED_IN = Path("/proc/self/loginuid")
_NOBODY = 2**32 - 1


class Administrator(StrEnum):
    """As whom somebody acts at the command line."""

    # Accounts, settings, the running of the service, backups.
    SYSTEM = "system"
    # Keys and second factors, and who is who at the outside provider.
    SECURITY = "security"
    # Looks at the record, and takes it away to be kept.
    AUDIT = "audit"


_NAMED: Mapping[Administrator, Text] = {
    Administrator.SYSTEM: Text("系统管理员", "system administrator"),
    Administrator.SECURITY: Text("安全管理员", "security administrator"),
    Administrator.AUDIT: Text("审计管理员", "audit administrator"),
}


# As whom the service knows them; the auditor changes nothing that another would confirm.
_ROLES = {
    Administrator.SYSTEM: Role.SYSTEM_ADMINISTRATOR,
    Administrator.SECURITY: Role.SECURITY_ADMINISTRATOR,
}


def acting_as(settings: Settings, *wanted: Administrator) -> Administrator:
    """As which of these the machine's user acts: the first one where the settings name nobody; `Forbidden` where they
    do, and the user is none of them."""
    known = settings.administrator_users
    user = host_user()
    for administrator in wanted:
        if not known or user in known[administrator]:
            return administrator
    named = [_NAMED[administrator] for administrator in wanted]
    zh = "、".join(name.zh for name in named)
    en = " or ".join(f"the {name.en}'s" for name in named)
    raise Forbidden(
        Text(
            f"此命令属于{zh}，用户 {user} 不是",
            f"This command is {en}, and the user {user} is none",
        )
    )


def role_of(settings: Settings, administrator: Administrator) -> Role | None:
    """As whom this administrator makes and changes accounts, so that the other one confirms it; None where the settings
    name nobody: one operator is all three."""
    return _ROLES.get(administrator) if settings.administrator_users else None


def host_user() -> str:
    """Who signed in at the machine, whatever the environment says: the kernel remembers it through `sudo`. The user of
    the process where nobody signed in, as in a container."""
    number = os.getuid()
    with suppress(OSError, ValueError):
        signed_in = int(_SIGNED_IN.read_text())
        number = number if signed_in == _NOBODY else signed_in
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        # A container may run under a number that has no name.
        return f"uid {number}"


def host_origin() -> str:
    """From where: the address of the connection that the shell came by, else the machine itself."""
    connection = os.environ.get("SSH_CONNECTION", "").split()
    return connection[0][:45] if connection else socket.gethostname()[:45]
