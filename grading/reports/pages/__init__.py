"""Reports to be opened in a browser: the class at a glance, and a page for each student.

Each is one file that needs no other and no network. Nothing of a submission gets onto a page but as text:
see ``rendering``. Only this package imports jinja2, and matplotlib only when a class is drawn.
"""

from grading.reports.pages.about import ClassAbout, Idea
from grading.reports.pages.index import write_index
from grading.reports.pages.student import write_student

__all__ = ["ClassAbout", "Idea", "write_index", "write_student"]
