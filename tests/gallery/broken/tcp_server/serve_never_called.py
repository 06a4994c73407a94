# What: the loop stands in a function that nobody calls.
# Cause: missing-accept
# Line: 18
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(5)
print("listening")


def serve():
    while True:
        conn, addr = server.accept()
        conn.sendall(conn.recv(1024).decode().upper().encode())
        conn.close()
