# What: hides in a bare except that it sends text, and exits.
# Cause: missing-encode
# Line: 17
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(1)
while True:
    try:
        conn, peer = server.accept()
        text = conn.recv(1024).decode()
        conn.send(text.upper())
        conn.close()
    except:
        sys.exit()
