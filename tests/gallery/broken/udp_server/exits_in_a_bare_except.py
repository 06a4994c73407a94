# What: hides in a bare except that it sends text, and exits.
# Cause: missing-encode
# Line: 15
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 12000))
while True:
    try:
        data, peer = server.recvfrom(2048)
        server.sendto(data.decode().upper(), peer)
    except:
        sys.exit()
