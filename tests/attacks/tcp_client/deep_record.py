# What: Writes into the record what is deep, long and wide of the kind that breaks those who read it; then asks properly.
# Earns: everything
# Then: the reference
import gc
import mmap

for record in [each for each in gc.get_objects() if isinstance(each, mmap.mmap)]:
    room = len(record) - 8
    text = b"[" * 200_000 + b"\n" + b'{"event": ' * 20_000 + b"\n"
    text += b'{"event": "call", "id": ' + b"9" * 5_000 + b', "name": "\\ud800", "fd": 1e999, "args": [], "line": 1, "at": 0}\n'
    text += b'{"event": "end", "type": {"a": [1]}, "message": "\\u0000\\u001b[2J", "line": -1, "lines": [1e400, NaN, "x"]}\n'
    text += b'{"event": "call", "id": 1, "name": "bind", "fd": 3, "args": ["\\u001b[2J"], "line": 99999999999, "at": 1}\n' * 3_000
    record[:8] = (1 << 63).to_bytes(8, "little")
    record[8:8 + min(room, len(text))] = text[:room]
