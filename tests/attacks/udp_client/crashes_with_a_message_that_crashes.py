# What: Ends with an exception whose text, name and traceback cannot be made.
# Earns: nothing
# Cause: *
import sys


class Worse(BaseException):
    def __str__(self):
        raise self

    __repr__ = __str__

    @property
    def __traceback__(self):
        raise self


sys.excepthook = None
sys.unraisablehook = None
raise Worse
