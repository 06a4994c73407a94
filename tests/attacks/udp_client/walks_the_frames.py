# What: Walks the frames below its own, takes what is there and spoils it, then asks properly.
# Earns: everything but ends
# Cause: crash
# Then: the reference
import sys

frame = sys._getframe()
while frame is not None:
    for names in (frame.f_locals, frame.f_globals):
        for name, value in list(names.items()):
            if type(value).__name__ == "Recorder":
                for attribute in list(vars(value)):
                    if attribute != "before":
                        try:
                            setattr(value, attribute, None)
                        except Exception:
                            pass
    if frame.f_back is not None and "GIVEN" in frame.f_globals:
        given = frame.f_globals["GIVEN"]
        secrets = [key for key in given if key in ("jail", "folder", "hidden", "submission", "results")]
        if secrets:
            raise RuntimeError(f"REACHED {secrets}")
    frame = frame.f_back
