# What: prints both addresses of each connection, and flushes.
import socket

welcoming = socket.socket()
welcoming.bind(("0.0.0.0", 12000))
welcoming.listen(1)
print("bound to", welcoming.getsockname(), flush=True)
while True:
    conn, _ = welcoming.accept()
    print(conn.getsockname(), "<->", conn.getpeername(), flush=True)
    text = conn.recv(1024).decode()
    conn.send(text.upper().encode())
    conn.close()
