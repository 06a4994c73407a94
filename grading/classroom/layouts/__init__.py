"""Finds the submissions of a class, however a system laid them out, and says which layout it saw.

========================  ===================================================================================
Canvas                    ``doejane_LATE_4711_90210_udp_server.py``: sortable name, user, attachment, file
                          (canvas-lms, ``lib/content_zipper.rb``); ``anon_x7Kd2_90210_…`` where names are hidden
Moodle                    ``Jane Doe_4711_assignsubmission_file/…``, or flat with the file's name at the end
                          (moodle, ``mod/assign/classes/downloader.php``)
nbgrader                  ``submitted/jane/lab1/…``
GitHub Classroom          ``lab1-jane/``, each with its ``.git``
any other                 a folder or a zip for each student; files that begin with the student's id
========================  ===================================================================================

Each may be a folder, or the zip of one, and may lie in one more folder. Nothing of a submission is read here, and
nothing is asked for.
"""

from grading.classroom.layouts.recognised import find_class

__all__ = ["find_class"]
