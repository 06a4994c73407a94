# What: Makes a system call as programs of 32 bits do, past a filter of 64-bit calls (bounded: it asks for its PID alone).
# Earns: nothing
# Cause: *
import ctypes
import mmap
import platform

if platform.machine() == "x86_64":
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(bytes.fromhex("53 b8 14 00 00 00 cd 80 5b c3"))  # push rbx; mov eax, 20; int 0x80; pop rbx; ret
    place = ctypes.addressof(ctypes.c_char.from_buffer(code))
    pid = ctypes.CFUNCTYPE(ctypes.c_int)(place)()
    raise RuntimeError(f"REACHED the calls of 32 bits: {pid}")
raise SystemExit(1)
