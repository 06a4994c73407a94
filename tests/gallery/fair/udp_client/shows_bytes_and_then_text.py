# What: shows what arrived as bytes, and a moment later as text.
import time
from socket import *
sock = socket(AF_INET, SOCK_DGRAM)
sock.sendto(input("> ").encode(), ("localhost", 12000)); data = sock.recv(2048)
print("raw:", data); time.sleep(0.2); print("text:", data.decode()); sock.close()
