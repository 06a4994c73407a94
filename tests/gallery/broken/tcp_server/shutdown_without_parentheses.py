# What: names shutdown and close in a finally, without calling them.
# Cause: close-not-called
# Line: 18
# Fails: closes_the_connection
import socket

welcome = socket.socket()
welcome.bind(("", 12000))
welcome.listen()
conns = {}
while True:
    conn, where = welcome.accept()
    conns[where] = conn
    try:
        conn.sendall(conn.recv(1024).upper())
    finally:
        conn.shutdown
        conn.close
