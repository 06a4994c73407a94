# What: Keeps what it can in the buffers of sockets and pipes that nobody reads: 100 MB at most.
# Earns: nothing
# Cause: crash
import os
import socket as sockets
import time

ready, tell = os.pipe()
for _ in range(16):
    if os.fork() == 0:
        kept, left = [], 6 << 20
        try:
            while left > 0:
                pair = sockets.socketpair()
                kept += pair
                for end in pair:
                    end.setblocking(False)
                    end.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, 1 << 20)
                    try:
                        for _ in range(2):
                            left -= end.send(bytes(6144))
                    except BlockingIOError:
                        continue
        except OSError:
            pass
        os.write(tell, b".")
        time.sleep(10)
        os._exit(0)
for _ in range(16):
    os.read(ready, 1)
time.sleep(10)
