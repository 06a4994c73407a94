# What: makes its standard output anew.
import sys, io
from socket import *
sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8")
s = socket(AF_INET, SOCK_DGRAM); s.bind(("", 12000))
print("ready", flush=True)
while True:
    m, a = s.recvfrom(2048); s.sendto(m.upper(), a); print(a)
