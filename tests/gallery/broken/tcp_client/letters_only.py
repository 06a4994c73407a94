# What: drops everything but letters and spaces from what was typed.
# Cause: ignores-input
# Fails: sends_other_characters
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.connect(('localhost', 12000))
typed = input('Input lowercase sentence: ')
sentence = ''.join(c for c in typed if c.isalpha() or c == ' ')
s.send(sentence.encode())
print('From Server:', s.recv(1024).decode())
s.close()
