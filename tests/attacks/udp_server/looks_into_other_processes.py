# What: Tries to attach to, read and write its parent, PID 1 and others, then serves.
# Earns: everything
# Then: the reference
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
reached = []
buffer = ctypes.create_string_buffer(8)


class Vector(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


here = Vector(ctypes.addressof(buffer), 8)
for pid in {os.getppid(), 1, @PID@}:
    for request in (16, 0x4206):  # PTRACE_ATTACH, PTRACE_SEIZE
        if libc.ptrace(request, pid, None, None) == 0:
            reached.append(f"ptrace {pid}")
    for call in (310, 311):  # process_vm_readv, process_vm_writev
        if libc.syscall(call, pid, ctypes.byref(here), 1, ctypes.byref(here), 1, 0) >= 0:
            reached.append(f"memory of {pid}")
    handle = libc.syscall(434, pid, 0)  # pidfd_open
    if handle >= 0 and libc.syscall(438, handle, 0, 0) >= 0:  # pidfd_getfd
        reached.append(f"descriptor of {pid}")
    for name in ("mem", "environ", "cmdline", "cwd", "root", "fd", "maps"):
        if os.access(f"/proc/{pid}/{name}", os.R_OK):
            reached.append(f"/proc/{pid}/{name}")
if reached:
    raise RuntimeError(f"REACHED {reached}")
