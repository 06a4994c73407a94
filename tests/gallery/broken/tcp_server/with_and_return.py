# What: returns from inside with.
# Cause: one-client-only
# Line: 13
# Fails: answers_several_clients, answers_waiting_clients, survives_a_silent_client, keeps_welcoming
import socket


def serve(welcome):
    while True:
        conn, addr = welcome.accept()
        with conn:
            conn.sendall(conn.recv(1024).decode().upper().encode())
            return


with socket.socket() as welcome:
    welcome.bind(("", 12000))
    welcome.listen()
    serve(welcome)
