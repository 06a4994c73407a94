# What: sends one letter at a time and waits for an answer to each.
# Cause: sent-more-than-once
# Line: 11
# Fails: sends_other_characters, works_with_the_reference_server
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.connect(("localhost", 12000))
answer = ""
for letter in input("Sentence: "):
    s.send(letter.encode())
    answer += s.recv(1024).decode()
print("From Server:", answer)
s.close()
