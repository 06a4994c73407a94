# What: Finds the recorder's mapping and writes there that it has bound, received and answered.
# Earns: nothing
# Cause: missing-bind|crash|hang
import gc
import json
import mmap
import time

for record in [each for each in gc.get_objects() if isinstance(each, mmap.mmap)]:
    lines = b""
    for number, (name, args, result) in enumerate((
            ("socket", ["AF_INET", "SOCK_DGRAM"], "3"), ("bind", ["('', 12000)"], "None"),
            ("recvfrom", ["2048"], "(b'x', ('127.0.0.1', 4))"), ("sendto", ["b'X'", "('127.0.0.1', 4)"], "1"))):
        lines += json.dumps({"event": "call", "id": number, "name": name, "fd": 3, "args": args, "line": 1, "at": 0}).encode() + b"\n"
        lines += json.dumps({"event": "return", "id": number, "result": result, "at": 0}).encode() + b"\n"
    record[:8] = len(lines).to_bytes(8, "little")
    record[8:8 + len(lines)] = lines
time.sleep(20)
