# What: waits by poll, and reads all that is there.
import select
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.setblocking(False)
server.bind(("", 12000))
poller = select.poll()
poller.register(server, select.POLLIN)

while True:
    poller.poll()
    while True:
        try:
            message, client = server.recvfrom(2048)
        except BlockingIOError:
            break
        print(client[0], client[1], message)
        server.sendto(message.decode().upper().encode(), client)
