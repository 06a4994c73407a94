# What: Asks for namespaces, mounts, keys, programs for the kernel and the like: each must be refused. Then serves.
# Earns: everything
# Then: the reference
import ctypes
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
buffer = ctypes.create_string_buffer(256)
CALLS = {
    "unshare user": (272, 0x10000000), "unshare mounts": (272, 0x00020000), "unshare network": (272, 0x40000000),
    "setns": (308, 0, 0), "mount": (165, b"x", b"/tmp", b"tmpfs", 0, None), "umount": (166, b"/tmp", 2), "pivot_root": (155, b"/tmp", b"/tmp"),
    "chroot": (161, b"/tmp"), "bpf": (321, 0, buffer, 120), "io_uring_setup": (425, 8, buffer), "keyctl": (250, 0, -3, 1),
    "add_key": (248, b"user", b"x", b"x", 1, -3), "userfaultfd": (323, 1), "perf_event_open": (298, buffer, 0, -1, -1, 0),
    "memfd_create": (319, b"x", 0), "kcmp": (312, 1, 1, 0, 0, 0), "ptrace traceme": (101, 0, 0, 0, 0), "personality": (135, 0x0040000),
    "fsopen": (430, b"tmpfs", 0), "open_tree": (428, -100, b"/", 1), "mount_setattr": (442, -1, b"/", 0, buffer, 32),
    "name_to_handle_at": (303, -100, b"/", buffer, buffer, 0), "quotactl": (179, 0, None, 0, None), "syslog": (103, 3, buffer, 256),
    "sethostname": (170, b"x", 1), "settimeofday": (164, None, None), "swapon": (167, b"x", 0), "reboot": (169, 1, 2, 3, None),
    "init_module": (175, None, 0, b""), "fanotify_init": (300, 0, 0), "iopl": (172, 3), "vmsplice": (278, 1, None, 0, 0),
    "shmget": (29, 0, 4096, 0o1600), "semget": (64, 0, 1, 0o1600), "msgget": (68, 0, 0o1600), "mq_open": (240, b"x", 0o102, 0o600, None),
}
GONE = {"shmget": 31, "semget": 66, "msgget": 71}  # calls with which they are taken away again
reached = []
if platform.machine() == "x86_64":
    for name, (number, *arguments) in CALLS.items():
        made = libc.syscall(ctypes.c_long(number), *arguments)
        if made >= 0:
            reached.append(name)
        if made >= 0 and name in GONE:
            libc.syscall(ctypes.c_long(GONE[name]), made, 0, 0)
    ctypes.set_errno(0)
    if libc.syscall(435, buffer, 64) >= 0 or ctypes.get_errno() != 38:  # clone3
        reached.append("clone3")
    for flag in (0x10000000, 0x40000000, 0x20000000, 0x00020000):
        made = libc.syscall(56, flag | 17, None, None, None, None)
        if made == 0:
            os._exit(0)
        if made > 0:
            reached.append(f"clone {flag:x}")
if reached:
    raise RuntimeError(f"REACHED {reached}")
