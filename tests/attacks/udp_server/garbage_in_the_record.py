# What: Serves, while it overwrites the recorder's mapping with random bytes.
# Earns: everything
import gc
import mmap
import os
import threading
import time
from socket import AF_INET, SOCK_DGRAM, socket

records = [each for each in gc.get_objects() if isinstance(each, mmap.mmap)]


def scribble():
    end = time.monotonic() + 20
    while time.monotonic() < end:
        for record in records:
            record[:] = os.urandom(4096) * (len(record) // 4096)
        time.sleep(0.02)


threading.Thread(target=scribble, daemon=True).start()
server = socket(AF_INET, SOCK_DGRAM)
server.bind(("", 12000))
while True:
    message, client = server.recvfrom(2048)
    server.sendto(message.decode().upper().encode(), client)
