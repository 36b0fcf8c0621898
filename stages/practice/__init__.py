"""Practice: a milestone's core is taken out of the files, written again by a learner, and put back to the byte.

The standard library alone, so that a syntax error anywhere in the project stops none of it. All it keeps lies in
`.practice/`: `originals/` the files as they were, `state.json` what is taken out, `attempts/` what learners wrote.
"""
