# What: left over from another exercise: takes the message for a number.
# Cause: crash
# Line: 14
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
total = 0
while True:
    data, address = sock.recvfrom(2048)
    total += int(data.decode())
    sock.sendto(str(total).encode(), address)
