# What: does not block, and says at every turn that nothing has come.
# Cause: too-much-output
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 12000))
s.setblocking(False)
while True:
    try:
        m = s.recv(2048)
    except BlockingIOError:
        print("nothing has come, nothing has come, nothing has come, nothing has come" * 100)
