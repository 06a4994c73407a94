# What: adds the answer's bytes to a text.
# Cause: missing-decode
# Line: 12
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *

client = socket(AF_INET, SOCK_STREAM)
client.connect(('127.0.0.1', 12000))
client.send(input('sentence: ').encode())
answer = client.recv(1024)
print('From Server: ' + answer)
client.close()
