# What: the slide's placeholder is still there instead of a host name.
# Cause: wrong-host
# Fails: connects_to_port_12000
from socket import *
serverName = "servername" #replace with actual name
serverPort = 12000
clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect((serverName,serverPort))
sentence = input("Input lowercase sentence:")
clientSocket.send(sentence.encode())
modifiedSentence = clientSocket.recv(1024)
print ("From Server:", modifiedSentence.decode())
clientSocket.close()
