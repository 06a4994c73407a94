# What: Puts 30 MB at a time into shared memory that belongs to no process: 600 MB at most.
# Earns: everything
# Then: the reference
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
made = []
for _ in range(20):
    segment = libc.shmget(0, 30 << 20, 0o1600)
    if segment < 0:
        break
    made.append(segment)
    place = libc.shmat(segment, None, 0)
    ctypes.memset(place, 1, 30 << 20)
    libc.shmdt(ctypes.c_void_p(place))
for segment in made:
    libc.shmctl(segment, 0, None)
if made:
    raise RuntimeError(f"REACHED {30 * len(made)} MB that count for nobody")
if libc.semget(0, 1, 0o1600) >= 0 or libc.msgget(0, 0o1600) >= 0:
    raise RuntimeError("REACHED System V semaphores or queues")
