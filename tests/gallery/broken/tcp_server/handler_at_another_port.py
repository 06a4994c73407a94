# What: socketserver at another port.
# Cause: wrong-port
# Line: 13
# Fails: binds_port_12000
import socketserver


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.request.recv(1024).upper())


PORT = 21000
socketserver.TCPServer.allow_reuse_address = True
socketserver.TCPServer(("", PORT), Handler).serve_forever()
