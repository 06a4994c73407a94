# What: listens only after it has accepted.
# Cause: missing-listen
# Line: 17
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
import socket

class Server:
    def __init__(self, port):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.bind(("", port))

    def run(self):
        while True:
            conn, peer = self.sock.accept()
            self.sock.listen(5)
            with conn:
                conn.sendall(conn.recv(1024).decode().upper().encode())

Server(12000).run()
