# What: sockets that do not block, and one selector for all of them.
import selectors
import socket

sel = selectors.DefaultSelector()


def accept(server):
    conn, addr = server.accept()
    conn.setblocking(False)
    sel.register(conn, selectors.EVENT_READ, answer)


def answer(conn):
    data = conn.recv(1024)
    if data:
        conn.sendall(data.upper())
    else:
        sel.unregister(conn)
        conn.close()


listener = socket.socket()
listener.bind(("", 12000))
listener.listen(10)
listener.setblocking(False)
sel.register(listener, selectors.EVENT_READ, accept)
print("running")
while True:
    for key, _ in sel.select():
        key.data(key.fileobj)
