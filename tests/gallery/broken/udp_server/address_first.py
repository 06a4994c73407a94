# What: takes the address first and the message second.
# Cause: swapped-unpack
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
while True:
    addr, data = sock.recvfrom(2048)
    print("from", addr)
    sock.sendto(data.decode().upper().encode(), addr)
