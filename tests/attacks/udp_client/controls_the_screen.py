# What: Shows escape sequences, NUL, invalid UTF-8, bidirectional marks and markup, and crashes with them.
# Earns: nothing
# Cause: crash
import sys

nasty = "\x1b[2J\x1b]0;owned\x07\x1b[31m44 passed\x9b1A\r\0\u202e\u2066\u200b\ufeff\U000e0041<script>alert(1)</script>[bold]=cmd|' /C calc'!A0"
sys.stdout.buffer.write(nasty.encode() + b"\xff\xfe\xc3\x28\x1b[8m")
sys.stdout.buffer.flush()
Nasty = type(nasty.replace("\0", ""), (Exception,), {})
raise Nasty(nasty + "\n\n::error::owned\n")
