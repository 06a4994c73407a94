# What: its own upper-case function keeps letters and spaces only.
# Cause: wrong-reply
# Fails: keeps_other_characters
import socket


def to_upper(text):
    result = ""
    for c in text:
        if "a" <= c <= "z":
            result += chr(ord(c) - 32)
        elif "A" <= c <= "Z" or c == " ":
            result += c
    return result


sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
while True:
    data, addr = sock.recvfrom(2048)
    sock.sendto(to_upper(data.decode()).encode(), addr)
