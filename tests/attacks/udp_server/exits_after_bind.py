# What: Leaves by os._exit(0) as soon as it is bound.
# Earns: nothing
# Cause: *
import os
from socket import AF_INET, SOCK_DGRAM, socket

server = socket(AF_INET, SOCK_DGRAM)
server.bind(("", 12000))
os._exit(0)
