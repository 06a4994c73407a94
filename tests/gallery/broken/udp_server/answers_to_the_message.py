# What: hands sendto the message where the address belongs.
# Cause: address-not-tuple
# Line: 13
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
while True:
    data, addr = sock.recvfrom(2048)
    sock.sendto(data.upper(), data)
