# What: listen comes before bind, so that the system has chosen a port already.
# Cause: missing-bind
# Line: 11
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
import socket

sock = socket.socket()
sock.listen(1)
sock.bind(("", 12000))
while True:
    conn, addr = sock.accept()
    conn.sendall(conn.recv(1024).decode().upper().encode())
    conn.close()
