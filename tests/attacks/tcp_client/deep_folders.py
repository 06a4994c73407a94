# What: Makes folders a thousand deep and more, with names as long as can be; then asks properly.
# Earns: everything
# Then: the reference
import os

home = os.getcwd()
try:
    for _ in range(1200):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
except OSError:
    pass
os.chdir(home)
