# What: wakes up every second so that Ctrl-C works on Windows.
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 12000))
server.settimeout(1.0)
print("press Ctrl-C to stop")
running = True
while running:
    try:
        message, address = server.recvfrom(2048)
    except socket.timeout:
        continue
    except KeyboardInterrupt:
        running = False
        continue
    server.sendto(message.decode().upper().encode(), address)
server.close()
