# What: Asks for raw, packet, kernel and machine sockets: each must be refused. Then serves.
# Earns: everything
# Then: the reference
import socket as sockets

reached = []
for family, kind, protocol in ((17, 3, 768), (17, 2, 768), (2, 3, 1), (2, 3, 6), (2, 3, 17), (2, 3, 255), (10, 3, 58), (38, 5, 0), (40, 1, 0),
                               (31, 3, 1), (29, 3, 1), (16, 3, 4), (16, 3, 9), (16, 3, 12), (16, 3, 15), (21, 5, 0), (30, 5, 0), (44, 3, 0), (4, 2, 0)):
    try:
        sockets.socket(family, kind, protocol).close()
        reached.append((family, kind, protocol))
    except OSError:
        continue
if reached:
    raise RuntimeError(f"REACHED {reached}")
