# What: sends once more, up to three times, when no answer comes in four seconds.
import socket

ADDRESS = ("localhost", 12000)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(4)
text = input("Enter text: ").strip()

for attempt in range(3):
    sock.sendto(text.encode(), ADDRESS)
    try:
        answer, peer = sock.recvfrom(2048)
    except socket.timeout:
        print("no answer, attempt", attempt + 1)
    else:
        print("Answer:", answer.decode())
        break
else:
    print("giving up")
sock.close()
