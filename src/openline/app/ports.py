"""Takes a port, or says in words why it cannot be had."""

import errno
import socket

from openline.app.parent import listen
from openline.model import RefusedError


def taken(host: str, port: int, *, mend: str) -> socket.socket:
    """Returns a listening socket; raises `RefusedError` where the port cannot be had.

    `mend` says how to choose another.
    """
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno == errno.EACCES:
            raise RefusedError(
                f"Port {port} is for the administrator of this machine alone. Either type, once: "
                "echo 'net.ipv4.ip_unprivileged_port_start=80' | sudo tee "
                "/etc/sysctl.d/openline.conf && sudo sysctl --system; or let your router lead it "
                f"to a port above 1023, and {mend}.",
                code="port_forbidden",
            ) from error
        raise RefusedError(
            f"Port {port} on {host} cannot be had ({error.strerror}): another program uses it, "
            f"perhaps another Openline. Stop that one, or {mend}.",
            code="port_in_use",
        ) from error
