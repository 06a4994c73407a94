# What: listens, says so, and waits for something else.
# Cause: missing-accept
# Line: 12
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket
import threading

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.bind(("", 12000))
sock.listen(1)
print("waiting for clients")
threading.Event().wait()
