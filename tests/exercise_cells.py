"""The exercises of a chapter as a reader meets them: their cell, the answer put in, what it prints.

A chapter trains networks and draws figures that no exercise needs. So only those statements run
that the cells of its exercises depend on, found by the names that a statement binds and uses.
"""

import ast
import contextlib
import io
import re
import symtable
import types
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHAPTERS = sorted(Path(__file__).parents[1].glob("chapters/[0-9]*.md"))
PIECES = re.compile(
    r":::\{(exercise|solution)-start\}(?P<title>[^\n]*)\n(?P<options>(?::\w+:[^\n]*\n)*)"
    r"|:::\{(?P<end>exercise|solution)-end\}"
    r"|```\{code-cell\}[^\n]*\n(?P<code>.*?)^```",
    re.DOTALL | re.MULTILINE,
)


@dataclass
class Exercise:
    """An exercise that checks an answer, and what there was before a reader came to it."""

    label: str
    cell: ast.Module
    solution: ast.Module
    names: dict

    def told(self, answer):
        """Return what the cell prints with the answer in place of what it leaves open."""
        answer = ast.parse(answer)
        given = set().union(*map(bound, answer.body))
        first = next(i for i, statement in enumerate(self.cell.body) if bound(statement) & given)
        rest = [s for s in self.cell.body[first:] if is_check(s) or not bound(s) & given]
        body = [*self.cell.body[:first], *answer.body, *rest]
        return run(body, copied(self.names), f"<answer to {self.label}>")

    @property
    def as_it_stands(self):
        """What the cell prints before anybody has answered."""
        return run(self.cell.body, copied(self.names), f"<{self.label}>")

    @property
    def right(self):
        """What the cell of the solution prints."""
        names = copied(self.names)
        run(self.cell.body, names, f"<{self.label}>")
        return run(self.solution.body, names, f"<solution of {self.label}>")


def copied(names):
    """Return a copy of these names in which the functions see the copy too, not what came later."""
    copy = dict(names)
    for name, value in names.items():
        if isinstance(value, types.FunctionType) and value.__module__ == names["__name__"]:
            again = types.FunctionType(
                value.__code__, copy, name, value.__defaults__, value.__closure__
            )
            again.__kwdefaults__ = value.__kwdefaults__
            copy[name] = again
    return copy


def run(statements, names, where):
    """Run statements on these names and return what is printed."""
    printed = io.StringIO()
    code = compile(ast.Module(list(statements), []), where, "exec")
    with contextlib.redirect_stdout(printed):
        exec(code, names)
    return printed.getvalue()


def is_check(statement):
    """Tell whether a statement is nothing but the call of a check, as checks.value(...)."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return isinstance(statement, ast.For) and any(map(is_check, statement.body))
    called = ast.unparse(statement.value.func)
    return called.startswith(("checks.", "check_"))


@cache
def bound(statement):
    """Return the names that a statement at the top of a cell gives a value, wholly or in part."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return frozenset({statement.name})
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            names |= root(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            # A method may change what it is called on: model.fit(...), found.append(...)
            names |= root(node.value.func)
    return frozenset(names)


def root(node):
    """Return {name} for name[...] and name.other, and nothing for the rest."""
    if isinstance(node, ast.Name):
        return set()
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


@cache
def used(statement):
    """Return the names that a statement reads from outside, its functions included."""
    tables, names = [symtable.symtable(ast.unparse(statement), "", "exec")], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        names |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module")
        }
    return frozenset(names)


def settles(statement):
    """Return the names that have nothing left of an earlier value after a statement."""
    kinds = ast.Assign | ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
    return bound(statement) - used(statement) if isinstance(statement, kinds) else frozenset()


def needed(statements, wanted):
    """Return the numbers of those statements that the wanted ones, given by number, depend on."""
    imports = {s for s in statements if isinstance(s, ast.Import | ast.ImportFrom)}
    modules = frozenset().union(*map(bound, imports))
    names, kept = set(), set()
    for number in reversed(range(len(statements))):
        statement = statements[number]
        given = bound(statement) if statement in imports else bound(statement) - modules
        if number in wanted or statement in imports or given & names:
            names = names - settles(statement) | used(statement)
            kept.add(number)
    return kept


def cells_of(path):
    """Yield (kind, label, statements) for each code cell; kind is exercise, solution or nothing."""
    kind = label = None
    for piece in PIECES.finditer(path.read_text(encoding="utf-8")):
        if piece["end"]:
            kind = label = None
        elif piece["code"] is None:
            kind = piece[1]
            option = re.search(r":label: (\S+)", piece["options"])
            label = option[1] if kind == "exercise" else piece["title"].strip()
        else:
            code = re.sub(
                r"\A---\n.*?^---\n|\A(?::\w+:[^\n]*\n)+", "", piece["code"], flags=re.DOTALL | re.M
            )
            lines = [line for line in code.splitlines() if not line.startswith("%")]
            yield kind, label, ast.parse("\n".join(lines)).body


@cache
def exercises_of(path):
    """Return the exercises of a chapter that check an answer: {label: Exercise}."""
    cells = list(cells_of(path))
    checked = {
        label for kind, label, body in cells if kind == "exercise" and any(map(is_check, body))
    }
    numbered, wanted = [], set()
    for place, (kind, label, body) in enumerate(cells):
        for statement in body:
            inside = kind and label in checked
            if inside and (kind == "exercise" or is_check(statement)):
                wanted.add(len(numbered))
            numbered.append((place, statement))
    kept = needed([statement for _, statement in numbered], wanted)

    names, ready = {"__name__": path.stem}, {}
    for place, (kind, label, _) in enumerate(cells):
        body = [
            statement for n, (at, statement) in enumerate(numbered) if at == place and n in kept
        ]
        if kind == "exercise" and label in checked:
            ready[label] = Exercise(label, ast.Module(body, []), None, copied(names))
        elif kind == "solution" and label in checked:
            ready[label].solution = ast.Module(body, [])
        run(body, names, f"<{path.stem}>")
    return ready
