# What: Fills the disk: 300 MB, in files of 15 MB.
# Earns: nothing
# Cause: too-much-output
for number in range(20):
    with open(f"/tmp/fill{number}", "wb") as file:
        for _ in range(15):
            file.write(bytes(1 << 20))
