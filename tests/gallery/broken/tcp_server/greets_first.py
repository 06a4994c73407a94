# What: greets each client before it reads.
# Cause: extra-text
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket

server = socket.create_server(("", 12000))
while True:
    conn, addr = server.accept()
    conn.sendall(b"Welcome to the upper-case server\n")
    data = conn.recv(1024)
    conn.sendall(data.decode().upper().encode())
    conn.close()
