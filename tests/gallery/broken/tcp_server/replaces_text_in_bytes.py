# What: a replace with text arguments, on bytes that were never decoded.
# Cause: missing-decode
# Line: 15
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(1)
while True:
    conn, addr = server.accept()
    data = conn.recv(1024)
    clean = data.replace("\n", "")
    conn.sendall(clean.upper())
    conn.close()
