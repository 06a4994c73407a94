# What: Deletes, and overwrites, all that it can reach, then asks properly.
# Earns: everything
# Then: the reference
import os
import shutil
import time

if "SOCKETLABS_CANARY" in os.environ or os.getuid() == 0 or os.path.exists("@FOLDER@"):
    raise RuntimeError("REACHED the machine itself: nothing is deleted")
own = os.getcwd()
reached = []
end = time.monotonic() + 0.1
for top in ("/socketlabs", "/etc", "/dev", "/opt", "/home", "/root", "/var", "/lib", "/bin", "@PROJECT@", os.path.dirname(os.__file__)):
    for path, folders, files in os.walk(top):
        if time.monotonic() > end:
            break
        for name in files[:50]:
            target = os.path.join(path, name)
            if os.path.exists(target) and not os.path.isfile(target):
                continue
            for act in (lambda: open(target, "r+b").close(), lambda: os.chmod(target, 0o777), lambda: os.rename(target, target + "x"),
                        lambda: os.unlink(target)):
                try:
                    act()
                    reached.append(target)
                except OSError:
                    continue
shutil.rmtree(own, ignore_errors=True)
if reached:
    raise RuntimeError(f"REACHED {reached[:20]}")
