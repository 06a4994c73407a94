# What: answers each datagram in a thread of its own.
import socket
import threading

PORT = 12000


def answer(sock, data, addr):
    reply = data.decode().upper()
    sock.sendto(reply.encode(), addr)


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", PORT))
print("UDP server is up")
while True:
    data, addr = sock.recvfrom(2048)
    t = threading.Thread(target=answer, args=(sock, data, addr))
    t.daemon = True
    t.start()
