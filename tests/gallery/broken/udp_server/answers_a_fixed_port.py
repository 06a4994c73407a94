# What: answers the right host, at a port made up for it.
# Cause: wrong-destination
# Line: 16
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket

SERVER_PORT = 12000
CLIENT_PORT = 12001

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", SERVER_PORT))
while True:
    data, (host, port) = sock.recvfrom(2048)
    sock.sendto(data.decode().upper().encode(), (host, CLIENT_PORT))
