# What: makes a thread for each client and never starts it.
# Cause: no-reply
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
import socket
import threading


def serve(conn):
    conn.sendall(conn.recv(1024).decode().upper().encode())
    conn.close()


server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(5)
while True:
    conn, addr = server.accept()
    worker = threading.Thread(target=serve, args=(conn,))
