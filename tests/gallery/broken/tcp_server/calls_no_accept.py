# What: names accept without calling it, and tries to take that apart.
# Cause: missing-accept
# Line: 14
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.bind(("", 12000))
sock.listen(1)
while True:
    conn = sock.accept
    data = conn.recv(1024)
    conn.send(data.upper())
    conn.close()
