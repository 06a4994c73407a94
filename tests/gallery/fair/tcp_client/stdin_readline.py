# What: reads with sys.stdin.readline and takes the newline off.
import socket
import sys

client = socket.socket()
client.connect(("localhost", 12000))
print("Sentence:", end=" ", flush=True)
sentence = sys.stdin.readline().rstrip("\r\n")
client.send(sentence.encode())
sys.stdout.write("[" + client.recv(1024).decode() + "]")
client.close()
