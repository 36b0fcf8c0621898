"""The commands of `python manage.py stages`: a module's name is the command's, and it has HELP, add_arguments and run.

All of them are imported for any of them, so none imports at its top what production does not install.
"""
