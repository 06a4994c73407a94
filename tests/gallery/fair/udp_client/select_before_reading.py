# What: waits by select, then reads.
import select
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setblocking(False)
message = input("lower case please: ")
sock.sendto(message.encode(), ("localhost", 12000))
readable, _, _ = select.select([sock], [], [])
if sock in readable:
    data, address = sock.recvfrom(2048)
    print(data.decode())
sock.close()
