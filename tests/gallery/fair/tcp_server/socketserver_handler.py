# What: the standard library's socketserver does the loop.
import socketserver


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        data = self.request.recv(1024)
        self.request.sendall(data.decode().upper().encode())


socketserver.TCPServer.allow_reuse_address = True
with socketserver.TCPServer(("", 12000), Handler) as server:
    print("The server is ready to receive")
    server.serve_forever()
