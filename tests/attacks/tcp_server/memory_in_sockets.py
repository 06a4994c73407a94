# What: Keeps what it can in the buffers of sockets and pipes that nobody reads: 100 MB at most; then serves.
# Earns: everything
# Then: the reference
import os
import socket as sockets
import time

ready, tell = os.pipe()
for _ in range(4):
    if os.fork() == 0:
        kept, left = [], 25 << 20
        try:
            while left > 0:
                pair = sockets.socketpair()
                kept += pair
                for end in pair:
                    end.setblocking(False)
                    end.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, 1 << 20)
                    try:
                        while left > 0:
                            left -= end.send(bytes(65536))
                    except BlockingIOError:
                        continue
        except OSError:
            pass
        os.write(tell, b".")
        time.sleep(10)
        os._exit(0)
for _ in range(4):
    os.read(ready, 1)
