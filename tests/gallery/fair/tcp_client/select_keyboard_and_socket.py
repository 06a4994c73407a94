# What: waits for the keyboard and the server at once, by select.
import select
import socket
import sys

sock = socket.create_connection(("localhost", 12000))
print("Type a line, the server will shout it:")
waiting = [sys.stdin, sock]
while sock in waiting:
    readable, _, _ = select.select(waiting, [], [])
    if sys.stdin in readable:
        line = sys.stdin.readline()
        if line:
            sock.sendall(line.strip().encode())
        waiting.remove(sys.stdin)
    if sock in readable:
        answer = sock.recv(1024)
        if answer:
            print(answer.decode())
        waiting.remove(sock)
sock.close()
