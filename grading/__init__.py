"""The seed's contract as a black box: whether a Django project that somebody else wrote follows the course.

Nothing of the graded project is imported here. It runs as it is, in its own interpreter, and is asked over HTTP, by a
socket, and by small questions through its own `manage.py shell`.
"""
