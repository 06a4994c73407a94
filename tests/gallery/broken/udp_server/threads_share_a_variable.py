# What: each thread looks its client up in a variable that the next datagram has changed.
# Cause: wrong-destination
# Line: 15
# Fails: answers_the_sender
import socket
import threading
import time

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))


def answer():
    time.sleep(0.1)
    sock.sendto(data.decode().upper().encode(), addr)


while True:
    data, addr = sock.recvfrom(2048)
    threading.Thread(target=answer).start()
