"""Scripts of the pages without comments and needless white space.

`rjsmin` does the work, but takes a template literal to end at the next backtick, also where that
begins another one inside `${…}`, and then takes the spaces out of the inner one. So the template
literals are found here first and lie aside, as they are, until the rest is minified.
"""

import re

from rjsmin import jsmin

STRING = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""")
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
REGULAR_EXPRESSION = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/[a-z]*")
#: After these, and after `return`, a slash begins a regular expression; elsewhere it divides.
BEFORE_AN_OPERAND = set("(,=:[!&|?{};>+-*%<~^")


def minified(source):
    """Return a script that does the same without its comments and most of its white space.

    Parameters
    ----------
    source : str
        JavaScript, a module or a classic script.

    Examples
    --------
    >>> minified("const a = `${list.map((n) => `${n}, ${-n}`)} .`; // why")
    'const a=`${list.map((n) => `${n}, ${-n}`)} .`;'
    """
    found = []
    _end_of_code(source, 0, found)
    rest, at = "", 0
    for i, (start, end) in enumerate(found):
        rest += source[at:start] + f'"@@{i}@@"'
        at = end
    literals = [source[start:end] for start, end in found]
    return re.sub(r'"@@(\d+)@@"', lambda hit: literals[int(hit[1])], jsmin(rest + source[at:]))


def _end_of_code(source, at, found):
    """Return where code ends: after the brace that closes what is around it, or with the source.

    The places of the template literals on the way are appended to `found`.
    """
    depth, code = 0, ""
    while at < len(source):
        char = source[at]
        if char == "`":
            end = _end_of_template(source, at)
            found.append((at, end))
        elif char in "\"'":
            end = STRING.match(source, at).end()
        elif source.startswith(("//", "/*"), at):
            at = COMMENT.match(source, at).end()
            continue
        elif char == "/" and (code[-1:] in BEFORE_AN_OPERAND or code.endswith("return")):
            end = REGULAR_EXPRESSION.match(source, at).end()
        else:
            end = at + 1
            depth += (char == "{") - (char == "}")
            if depth < 0:
                return end
        if not char.isspace():
            code = (code + source[end - 1])[-6:]
        at = end
    return at


def _end_of_template(source, at):
    """Return where the template literal ends whose first backtick is at a place."""
    at += 1
    while source[at] != "`":
        if source.startswith("${", at):
            at = _end_of_code(source, at + 2, [])
        else:
            at += 2 if source[at] == "\\" else 1
    return at + 1
