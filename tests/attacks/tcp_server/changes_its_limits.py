# What: Asks for more than it may have, for itself and for its parent, then serves.
# Earns: everything
# Then: the reference
import os
import resource

reached = []
for name in ("NOFILE", "FSIZE", "DATA", "CPU", "NPROC", "CORE"):
    number = getattr(resource, f"RLIMIT_{name}")
    hard = resource.getrlimit(number)[1]
    for more in (resource.RLIM_INFINITY, hard + 1000):
        try:
            resource.setrlimit(number, (more, more))
        except (OSError, ValueError):
            continue
        if hard != resource.RLIM_INFINITY:
            reached.append(f"more of {name}")
    try:
        resource.prlimit(os.getppid(), number, (1, 1))
        if os.getppid() != os.getpid():
            reached.append(f"less {name} for its parent")
    except OSError:
        pass
for policy in (os.SCHED_FIFO, os.SCHED_RR):
    try:
        os.sched_setscheduler(0, policy, os.sched_param(1))
        reached.append("real time")
    except OSError:
        continue
if reached:
    raise RuntimeError(f"REACHED {reached}")
