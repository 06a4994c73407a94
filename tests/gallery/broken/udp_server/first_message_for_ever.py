# What: computes its answer only if it has none yet.
# Cause: wrong-reply
# Line: 15
# Fails: answers_again, answers_several_clients, answers_the_sender, answers_short_and_long,
#   survives_an_empty_datagram, answers_once
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
s.bind(("", 12000))
answer = None
while True:
    message, client = s.recvfrom(2048)
    if answer is None:
        answer = message.decode().upper()
    s.sendto(answer.encode(), client)
