# What: cleans the text of punctuation on the way.
# Cause: wrong-reply
# Fails: keeps_other_characters
import socket
import string

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(1)
table = str.maketrans("", "", string.punctuation)
while True:
    conn, addr = server.accept()
    with conn:
        text = conn.recv(1024).decode()
        conn.sendall(text.translate(table).upper().encode())
