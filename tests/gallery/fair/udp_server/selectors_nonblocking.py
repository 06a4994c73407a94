# What: a socket that does not block, and a selector that says when to read.
import selectors
import socket

sel = selectors.DefaultSelector()
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 12000))
server.setblocking(False)
sel.register(server, selectors.EVENT_READ)
print("The server is ready to receive", flush=True)

while True:
    for key, _ in sel.select():
        try:
            data, peer = key.fileobj.recvfrom(2048)
        except BlockingIOError:
            continue
        key.fileobj.sendto(data.upper(), peer)
