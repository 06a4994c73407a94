# What: Leaves by os._exit(0) as soon as it is connected.
# Earns: connects, connects_to_port_12000, uses_an_ephemeral_port
# Cause: *
import os
from socket import AF_INET, SOCK_STREAM, socket

client = socket(AF_INET, SOCK_STREAM)
client.connect(("127.0.0.1", 12000))
os._exit(0)
