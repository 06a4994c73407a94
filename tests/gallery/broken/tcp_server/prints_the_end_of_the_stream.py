# What: reads on after its client has left, and prints the nothing it gets each time.
# Cause: too-much-output
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters,
#   answers_short_and_long, survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket

s = socket.socket()
s.bind(("", 12000))
s.listen()
while True:
    c, a = s.accept()
    c.shutdown(socket.SHUT_RD)
    while True:
        text = c.recv(1024).decode()
        print("received:", text * 100 or "nothing" * 100)
