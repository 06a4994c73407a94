# What: newer syntax: an assignment in the loop's condition, and match.
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))

while received := sock.recvfrom(2048):
    match received:
        case (b"", _):
            print("nothing in it")
        case (data, address):
            sock.sendto(data.decode().upper().encode(), address)
