# What: reads with sys.stdin.readline and sends the newline along.
# Findings: ignores-input
import sys
from socket import *

clientSocket = socket(AF_INET, SOCK_DGRAM)
print("Type a line:")
line = sys.stdin.readline()
clientSocket.sendto(line.encode(), ("localhost", 12000))
answer, server = clientSocket.recvfrom(2048)
print(answer.decode())
clientSocket.close()
