# What: starts the thread that receives after it has closed.
# Cause: crash
# Line: 11
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket
import threading


def listen(s):
    print("From Server:", s.recv(1024).decode())


s = socket.create_connection(("localhost", 12000))
s.sendall(input("line: ").encode())
reader = threading.Thread(target=listen, args=(s,))
s.close()
reader.start()
reader.join()
