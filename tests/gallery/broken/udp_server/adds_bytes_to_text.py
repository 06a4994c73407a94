# What: never decodes, and adds the bytes to a text for the log.
# Cause: missing-decode
# Line: 15
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
from socket import *

port = 12000
s = socket(AF_INET, SOCK_DGRAM)
s.bind(('', port))
print("up on port " + str(port))
while True:
    msg, client = s.recvfrom(2048)
    print("got: " + msg)
    s.sendto(msg.upper(), client)
