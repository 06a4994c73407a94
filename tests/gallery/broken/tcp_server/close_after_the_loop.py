# What: close stands outside the loop, where it is never reached.
# Cause: connection-not-closed
# Fails: closes_the_connection
import socket

connections = []
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(1)
while True:
    conn, addr = server.accept()
    connections.append(conn)
    text = conn.recv(1024).decode()
    conn.sendall(text.upper().encode())
for conn in connections:
    conn.close()
