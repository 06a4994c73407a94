# What: A daemon of its own session, which ignores every signal, holds the port and answers nobody.
# Earns: starts, binds_port_12000
# Cause: *
import contextlib
import os
import signal
import time
from socket import AF_INET, SOCK_STREAM, socket

server = socket(AF_INET, SOCK_STREAM)
server.bind(("", 12000))
server.listen()
if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
for number in signal.valid_signals():
    with contextlib.suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_IGN)
time.sleep(30)
