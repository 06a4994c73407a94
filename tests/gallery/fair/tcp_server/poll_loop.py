# What: waits by poll for the welcoming socket and the connections.
import select
import socket

server = socket.socket()
server.bind(("", 12000))
server.listen(5)
sockets = {server.fileno(): server}
poller = select.poll()
poller.register(server, select.POLLIN)

while True:
    for fd, _ in poller.poll():
        if fd == server.fileno():
            conn, _ = server.accept()
            sockets[conn.fileno()] = conn
            poller.register(conn, select.POLLIN)
            continue
        poller.unregister(fd)
        with sockets.pop(fd) as conn:
            conn.sendall(conn.recv(1024).upper())
