"""Packages for the systems where courses already are, and what runs there.

One module a platform: what its package holds, and how the grader's results become what the platform reads. The shell
scripts that a platform starts, and a README for whoever sets it up, are in ``templates/``.
"""
