# What: a pool of threads keeps the exception to itself.
# Cause: missing-encode
# Line: 15
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket
from concurrent.futures import ThreadPoolExecutor

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))


def reply(data, addr):
    sock.sendto(data.decode().upper(), addr)


with ThreadPoolExecutor() as pool:
    while True:
        pool.submit(reply, *sock.recvfrom(2048))
