# What: Asks every way to become somebody else, by system calls and by programs that may, then asks properly.
# Earns: everything
# Then: the reference
import os
import subprocess

reached = []
for act in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0]), lambda: os.setresuid(0, 0, 0),
            lambda: os.chroot("/tmp"), lambda: os.chown("/tmp", 0, 0), lambda: os.nice(-10),
            lambda: os.mknod("device", 0o020666, os.makedev(1, 1))):
    try:
        act()
        reached.append("a right of root's")
    except OSError:
        continue
for command in (["su", "-c", "id -u"], ["sudo", "-n", "id", "-u"], ["pkexec", "id", "-u"], ["newgrp", "root"], ["mount", "-t", "tmpfs", "x", "/tmp"],
                ["unshare", "-Ur", "id", "-u"]):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=1, check=False)
    except (OSError, subprocess.TimeoutExpired):
        continue
    if done.returncode == 0:
        reached.append(f"{command[0]}: {done.stdout}")
if reached:
    raise RuntimeError(f"REACHED {reached}")
