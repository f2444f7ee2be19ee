"""The book's shared code: every chapter imports the same functions, and every function is tested.

`helpers.convolution` is the arithmetic, written from scratch in NumPy; `helpers.checks` tells you
what went wrong in an exercise; `helpers.widgets` holds the interactive figures. Import what you
need by name, for example `from helpers.convolution import convolve1d`.
"""
