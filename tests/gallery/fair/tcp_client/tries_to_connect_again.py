# What: tries again for a while when the server is not there yet.
import socket
import time

sock = None
for attempt in range(10):
    try:
        sock = socket.create_connection(("127.0.0.1", 12000), timeout=5)
        break
    except ConnectionRefusedError:
        print("server not ready, waiting")
        time.sleep(0.5)

if sock is None:
    raise SystemExit("no server")
with sock:
    sock.sendall(input("Your sentence, supported letters are a to z: ").encode())
    print(sock.recv(1024).decode())
