# What: does the server's work before sending.
# Cause: ignores-input
# Fails: sends_what_was_typed
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sentence = input("Input lowercase sentence: ").upper()
sock.sendto(sentence.encode(), ("localhost", 12000))
reply, _ = sock.recvfrom(2048)
print("Reply:", reply.decode())
sock.close()
