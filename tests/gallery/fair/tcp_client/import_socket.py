# What: imports the module, sends with sendall to 127.0.0.1.
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("127.0.0.1", 12000))
msg = input("Message: ")
s.sendall(msg.encode())
print("Got back: " + s.recv(4096).decode() + " (thanks)")
s.close()
