# What: reads and writes the connection as a file.
import socket

sock = socket.create_connection(("127.0.0.1", 12000))
stream = sock.makefile("rw", newline="")
stream.write(input("Sentence: "))
stream.flush()
print("From Server:", stream.read())
stream.close()
sock.close()
