# What: receives into a buffer and sends all of it.
# Cause: extra-text
# Line: 14
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket

box = bytearray(1024)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 12000))
while True:
    count, peer = s.recvfrom_into(box)
    s.sendto(box.upper(), peer)
