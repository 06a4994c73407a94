# What: Five processes open as many sockets as they may, bind what they can, and keep them; then it serves.
# Earns: everything
# Then: the reference
import os
import socket as sockets
import time

ready, tell = os.pipe()
for _ in range(5):
    if os.fork() == 0:
        kept = []
        try:
            while len(kept) < 200:
                one = sockets.socket(sockets.AF_INET, (sockets.SOCK_DGRAM, sockets.SOCK_STREAM)[len(kept) % 2])
                one.bind(("127.0.0.1", 0))
                kept.append(one)
        except OSError:
            pass
        os.write(tell, b".")
        time.sleep(20)
        os._exit(0)
for _ in range(5):
    os.read(ready, 1)
