# What: a pool of threads, each client served until it closes.
import socket
from concurrent.futures import ThreadPoolExecutor


def talk(conn, addr):
    with conn:
        for data in iter(lambda: conn.recv(1024), b""):
            conn.sendall(data.decode().upper().encode())
    print("done with", addr)


with socket.create_server(("0.0.0.0", 12000), backlog=10) as server, ThreadPoolExecutor(8) as pool:
    print("ready")
    while True:
        pool.submit(talk, *server.accept())
