# What: never notices the end of the stream, and doubles its message for ever.
# Cause: out-of-memory
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters,
#   answers_short_and_long, survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket

s = socket.socket()
s.bind(("", 12000))
s.listen()
while True:
    c, a = s.accept()
    text = c.recv(1024).decode()
    while not text.endswith("\n"):
        text = text + text
    c.send(text.upper().encode())
    c.close()
