# What: the loop's body stands at the margin.
# Cause: syntax-error
# Line: 12
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_again, answers_several_clients, answers_the_sender,
#   keeps_other_characters, answers_short_and_long, survives_an_empty_datagram, answers_once
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
while True:
data, addr = sock.recvfrom(2048)
sock.sendto(data.upper(), addr)
