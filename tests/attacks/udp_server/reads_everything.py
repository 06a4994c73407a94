# What: Looks for solutions, neighbours, results and secrets wherever they may be, and tells what it finds.
# Earns: everything
import os
import threading
import time
from socket import AF_INET, SOCK_DGRAM, socket

MARKS = ("NEIGHBOUR" "-SECRET", "A server does not know how " "many clients will come", "def pytest_" "addoption")
found = [name for name in ("@FOLDER@", "@PROJECT@/solutions", "@PROJECT@/grading", "@PROJECT@/labs", "/home", "/root/.bashrc",
                           "/root/.ssh", "/root/.netrc", "/etc/passwd", "/etc/shadow", "/proc/self", "/sys/kernel", "/run", "/var", "/mnt", "/media")
         if os.path.exists(name) and (os.path.isfile(name) or os.listdir(name))]
found += [name for name in os.environ if "CANARY" in name]
if found:
    raise RuntimeError(f"REACHED {found[:20]}")
begin = time.monotonic()
own = os.getcwd()
for path, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if os.path.join(path, name) not in ("/usr", "/proc", "/sys", "/dev", own)
                  and not name.startswith("python3")]
    for name in files:
        if time.monotonic() - begin > 0.5:
            break
        try:
            with open(os.path.join(path, name), errors="replace") as file:
                if any(mark in file.read(100_000) for mark in MARKS):
                    found.append(os.path.join(path, name))
        except OSError:
            continue
for number in range(256):
    try:
        target = os.fstat(number)
    except OSError:
        continue
    if number > 2:
        found.append(f"descriptor {number}: {target}")
if found:
    raise RuntimeError(f"REACHED {found[:20]}")
server = socket(AF_INET, SOCK_DGRAM)
server.bind(("", 12000))
while True:
    message, client = server.recvfrom(2048)
    server.sendto(message.decode().upper().encode(), client)
