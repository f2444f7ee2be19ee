"""Looks for misspelt words in texts and sources, and for American spelling in what readers read.

    python scripts/check_spelling.py

Both lists are codespell's: words that are always wrong, and American forms with their British ones.
A word that is meant, a name say, belongs into MEANT; so does a typing error that a test makes.
"""

import re
import subprocess
import sys
from pathlib import Path

import codespell_lib

ROOT = Path(__file__).parents[1]
LISTS = Path(codespell_lib.__file__).parent / "data"
TEXTS = {".md", ".mjs", ".js", ".py", ".css", ".toml", ".yml", ".sh", ".cff"}

MEANT = {
    "cursos", "fro", "mis", "nd", "teh", "trough",
    # what readers may type
    "hiden", "insid", "kernal", "memmory", "othe", "padd", "quation", "smae", "sme", "wit",
}  # fmt: skip
ITSELF = {"check_spelling", "test_spelling"}
# American in one meaning, British in another
IN_BOTH = {"program", "programs", "story", "stories", "practice", "practices", "judgment"}

WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
SYMBOLS = re.compile(r"\w*[a-z][A-Z]\w*|\w*_\w*|\\\w+|https?://\S+|\S*@\S+")
# Code, formulas, addresses and labels of a page: names that others chose
NO_PROSE = re.compile(
    r"^(`{3,}|~{3,}|:{3,}\{(?:code|math)).*?^(?:`{3,}|~{3,}|:{3,})\s*$"
    r"|\$\$.*?\$\$|\$[^$\n]*\$|`[^`]*`|\]\([^)]*\)|^\(.*\)=$|^:[\w-]+:.*$|<[^>]*>|https?://\S+",
    re.M | re.S,
)
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
STYLE = re.compile(r"[\w-]*color[-:][^;]*")


def read_list(name):
    """Return a list of codespell's: {word: what it should be}."""
    lines = (LISTS / name).read_text("utf-8").splitlines()
    return dict(line.split("->", 1) for line in lines if "->" in line)


def american():
    """Return {American word: British word}, but for words that are British as well."""
    british = read_list("dictionary_en-GB_to_en-US.txt")
    turned = {us.strip(): gb for gb, words in british.items() for us in words.split(",")}
    return {us: gb for us, gb in turned.items() if us and us not in {*british, *IN_BOTH}}


def blank(match):
    return "\n" * match[0].count("\n") + " "


def prose(path, text):
    """Return what a page or a widget says to readers, each word on its own line of the file."""
    if path.suffix == ".md":
        return NO_PROSE.sub(blank, text)
    kept = [""] * (text.count("\n") + 1)
    for match in STRING.finditer(text) if path.suffix == ".mjs" else ():
        words = next(filter(None, match.groups()), "")
        if len(words.split()) > 3:
            first = text[: match.start()].count("\n")
            said = STYLE.sub(blank, re.sub(r"\$\{[^}]*\}", blank, words))
            for number, line in enumerate(said.split("\n")):
                kept[first + number] += " " + line
    return "\n".join(kept)


def problems(path, text, wrong, foreign):
    """Yield (line number, word, better word)."""
    for number, line in enumerate(text.splitlines(), 1):
        for word in WORD.findall(SYMBOLS.sub(" ", line)):
            better = wrong.get(word.lower())
            # A capital in the middle of nowhere is a name: Ans, Hart, Wit.
            if better and word.lower() not in MEANT and not (len(word) < 5 and word[0].isupper()):
                yield number, word, better
    if path.name == "bibliography.md":  # titles stay as they were printed
        return
    for number, line in enumerate(prose(path, text).splitlines(), 1):
        for word in WORD.findall(SYMBOLS.sub(" ", line)):
            if word.lower() in foreign:
                yield number, word, foreign[word.lower()]


def main():
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    wrong, foreign = read_list("dictionary.txt"), american()
    found = 0
    for path in (ROOT / name for name in sorted(names.splitlines())):
        if path.suffix not in TEXTS or not path.is_file() or path.stem in ITSELF:
            continue
        for number, word, better in problems(path, path.read_text("utf-8"), wrong, foreign):
            print(f"{path.relative_to(ROOT)}:{number}: {word} is spelt {better.strip(', ')}")
            found += 1
    return found


if __name__ == "__main__":
    sys.exit(main() and "Misspelt words; one that is meant belongs into MEANT of this script.")
