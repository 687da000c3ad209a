"""What the operator may type after `circletake`: one public file is one command.

Each file says what it does in its docstring's first line, takes its arguments in `arguments` and
does its work in `run`, which gives the exit status.
"""
