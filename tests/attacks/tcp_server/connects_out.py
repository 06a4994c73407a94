# What: Tries to meet the machine, the network and the world, by TCP, UDP and names of the abstract kind; then serves.
# Earns: everything
# Then: the reference
import socket as sockets

reached = []
for family, host in ((sockets.AF_INET, "127.0.0.1"), (sockets.AF_INET, "@ADDRESS@"), (sockets.AF_INET6, "::1"), (sockets.AF_INET, "192.0.2.1"),
                     (sockets.AF_INET, "198.51.100.7")):
    for port in (@PORT@, 22, 80, 2024):
        one = sockets.socket(family, sockets.SOCK_STREAM)
        one.settimeout(0.2)
        try:
            one.connect((host, port))
            one.send(b"REACHED by TCP")
            reached.append((host, port))
        except OSError:
            pass
        one.close()
    other = sockets.socket(family, sockets.SOCK_DGRAM)
    try:
        other.sendto(b"REACHED by UDP", (host, @PORT@))
    except OSError:
        pass
    other.close()
for name in ("\0@ABSTRACT@", "@FOLDER@/socket", "/run/dbus/system_bus_socket", "/var/run/docker.sock"):
    one = sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM)
    try:
        one.connect(name)
        one.send(b"REACHED by a local name")
        reached.append(name)
    except OSError:
        pass
    one.close()
if reached:
    raise RuntimeError(f"REACHED {reached}")
