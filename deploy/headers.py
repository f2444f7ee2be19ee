"""Write the headers of the built book for the server in front of it: Netlify, nginx or Caddy.

    python deploy/headers.py netlify > _build/html/_headers
    python deploy/headers.py nginx > book.conf
    python deploy/headers.py caddy > Caddyfile

`headers_of` is the one truth; the three files say it in three languages. A file whose name, or
whose address in the page, changes with its content is kept for a year and never asked for again.
A page is asked for each time, and mostly answered by "not modified". The rest is kept for ten
minutes. Every page gets its own Content-Security-Policy, the one that stands in it.
"""

import argparse
import re
from pathlib import Path

from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "_build" / "html"

FOREVER = "public, max-age=31536000, immutable"
SHORTLY = "public, max-age=600, must-revalidate"
EACH_TIME = "no-cache"
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin"}

# A digest in a file's name stands before its extension, one in an address after `v` or `digest`.
IN_NAME = r"[-.][0-9a-f]{8,64}\.\w+"
IN_QUERY = r"(?:v|digest)=[0-9a-f]{8,}"


def cache_of(path, query=""):
    """Return how long a browser and a CDN may keep what stands at an address.

    Examples
    --------
    >>> cache_of("/chapters/03-convolution-2d.html")
    'no-cache'
    >>> cache_of("/_static/book-widgets-28d0b819.js")
    'public, max-age=31536000, immutable'
    >>> cache_of("/_static/book.css", "v=a82f35d9") == FOREVER
    True
    >>> cache_of("/_static/book.css")
    'public, max-age=600, must-revalidate'
    """
    if path.endswith((".html", "/")):
        return EACH_TIME
    if re.search(f"{IN_NAME}$", path) or re.fullmatch(IN_QUERY, query):
        return FOREVER
    return SHORTLY


def policy_in(page):
    """Return the policy that a page carries in its head, or "" where it has none."""
    tag = BeautifulSoup(page.split("<body", 1)[0], "html.parser").find(
        "meta", attrs={"http-equiv": "Content-Security-Policy"}
    )
    return tag["content"] if tag else ""


def headers_of(path, query="", page=""):
    """Return the headers of an address, and of the page that stands there if one does."""
    found = {**ALWAYS, "Cache-Control": cache_of(path, query)}
    if policy := policy_in(page):
        found["Content-Security-Policy"] = policy
    return found


def addresses(book):
    """Return every address of the built book, {address: text of the page}, a folder's first."""
    found = {}
    for file in sorted(path for path in book.rglob("*") if path.is_file()):
        address = "/" + file.relative_to(book).as_posix()
        if address == "/_headers":
            continue
        text = file.read_text("utf-8") if file.suffix == ".html" else ""
        if file.name == "index.html":
            found[address.removesuffix("index.html")] = text
        found[address] = text
    return found


def netlify(book):
    """Return the file `_headers`, one rule an address: two that fit would be joined by a comma.

    Its rules do not see what follows a question mark; such a file is kept shortly.
    """
    lines = []
    for address, page in addresses(book).items():
        lines.append(address.replace(" ", "%20"))
        lines += [f"  {name}: {value}" for name, value in headers_of(address, "", page).items()]
    return "\n".join(lines) + "\n"


def nginx(book):
    """Return two maps for the `http` part and a server that uses them."""
    policies = {a: policy_in(page) for a, page in addresses(book).items() if page}
    policies = "\n".join(f'  "{a}" "{policy}";' for a, policy in policies.items() if policy)
    always = "\n".join(f'  add_header {name} "{value}" always;' for name, value in ALWAYS.items())
    return f"""map_hash_bucket_size 4096;
map $uri $book_name {{
  default other;
  "~(\\.html|/)$" page;
  "~{IN_NAME}$" hashed;
}}
map "$book_name $args" $book_cache {{
  default "{SHORTLY}";
  "~^page " "{EACH_TIME}";
  "~^hashed " "{FOREVER}";
  "~^other {IN_QUERY}$" "{FOREVER}";
}}
map $uri $book_policy {{
  default "";
{policies}
}}
server {{
  listen 127.0.0.1:8080;
  root /srv/book;
  gzip on;
  gzip_types text/css text/javascript application/javascript application/json image/svg+xml;
{always}
  add_header Cache-Control $book_cache;
  add_header Content-Security-Policy $book_policy always;
}}
"""


def caddy(book):
    """Return a Caddyfile; of the lines of a route that fit, the last one counts."""
    always = "\n".join(f'    header {name} "{value}"' for name, value in ALWAYS.items())
    policies = {a: policy_in(page) for a, page in addresses(book).items() if page}
    policies = "\n".join(
        f'    header "{address}" Content-Security-Policy "{policy}"'
        for address, policy in policies.items()
        if policy
    )
    return f"""http://127.0.0.1:8080 {{
  root * /srv/book
  encode gzip
  @asked expression `{{query}}.matches("^{IN_QUERY}$")`
  @hashed path_regexp {IN_NAME}$
  @page path_regexp (\\.html|/)$
  route {{
{always}
    header Cache-Control "{SHORTLY}"
    header @asked Cache-Control "{FOREVER}"
    header @hashed Cache-Control "{FOREVER}"
    header @page Cache-Control "{EACH_TIME}"
{policies}
    file_server
  }}
  handle_errors {{
    header Cache-Control "no-store"
    respond "{{err.status_code}} {{err.status_text}}"
  }}
}}
"""


LANGUAGES = {"netlify": netlify, "nginx": nginx, "caddy": caddy}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("language", choices=LANGUAGES)
    parser.add_argument("book", type=Path, nargs="?", default=BOOK, help="the built book")
    options = parser.parse_args()
    print(LANGUAGES[options.language](options.book), end="")


if __name__ == "__main__":
    main()
