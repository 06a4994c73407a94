# What: Sends the name server garbage, half queries, loops and controls, then asks properly.
# Earns: everything but sends_to_port_12000
# Cause: wrong-host
# Then: the reference
import os
import socket as sockets

resolver = sockets.socket(sockets.AF_INET, sockets.SOCK_DGRAM)
resolver.connect(("127.0.0.1", 53))
head = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
for garbage in (head + b"\x05<b>hi\0\0\1\0\1", b"", b"\0", os.urandom(12), os.urandom(512), head, head + b"\xff" * 300, head + b"\xc0\x0c" * 8,
                head + b"\x3f" + b"\x1b[2J\n\0" * 8 + b"\0\0\1\0\1", head + bytes(4000)):
    for _ in range(20):
        try:
            resolver.send(garbage)
        except OSError:
            pass
resolver.close()
