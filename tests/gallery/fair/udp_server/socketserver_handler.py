# What: the standard library's socketserver does the loop.
import socketserver


class UpperHandler(socketserver.BaseRequestHandler):
    def handle(self):
        data, sock = self.request
        sock.sendto(data.upper(), self.client_address)


if __name__ == "__main__":
    with socketserver.UDPServer(("0.0.0.0", 12000), UpperHandler) as server:
        server.serve_forever()
