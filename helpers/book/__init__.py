"""The Sphinx extension that makes the built book self-contained.

It puts the widgets and their host on the pages (`scripts`), serves mathematics (`mathematics`) and
icons (`icons`) from the book's own files, takes out what would call other hosts or fail without
them (`pages`), spares a page what the theme does twice when it opens (`theme`), lets its first
widget come before the sections below (`arrival`), names the buttons that show code (`folds`), says
what a page may load (`policy`), renews a file's address when the file changes (`digests`), lets a
downloaded notebook find the book's package (`alone`), derives the launch buttons from the checkout
(`checkout`), joins what cells printed (`outputs`), says how long a chapter takes (`times`), makes
the search (`search`), keys the cache of executed notebooks by what they depend on (`execution`),
and runs those that it lacks side by side (`kernels`). It reads the chapters (`chapters`) and lists
what is in the book (`gallery`, with the pictures of `stills`, which `printing` gives to printers,
and `exercises`), ties the chapters to their words (`glossary`, `index`), cites formulas by their
numbers (`numbers`), opens the front page with a living picture (`opening`), tells those who share a
link what it shows (`sharing`), and gives each widget a page of its own that other courses can put
into theirs (`frames`). What lecturers need comes when they ask for it (`lectures`). The whole
course lies beside the pages as one file (`bundle`).
"""

from pathlib import Path

import myst_nb.core.execute.cache
import myst_nb.core.render

from helpers.book import (
    arrival,
    bundle,
    checkout,
    digests,
    execution,
    exercises,
    folds,
    frames,
    gallery,
    glossary,
    index,
    kernels,
    lectures,
    mathematics,
    numbers,
    opening,
    outputs,
    pages,
    printing,
    rooms,
    scripts,
    search,
    sharing,
    stills,
    theme,
    times,
)
from helpers.book.scripts import (
    page_script,
    page_style,
    resource_file,
    resource_script,
    widget_script,
    widget_style,
)

__all__ = [
    "page_script",
    "page_style",
    "resource_file",
    "resource_script",
    "setup",
    "widget_script",
    "widget_style",
]


def configure(app, config):
    """Set what cannot be written down in ``_config.yml`` because it depends on the checkout."""
    folder = Path(app.outdir).parent
    execution.refuse_optimized()
    execution.lock_build(folder)
    execution.settle_home(folder)
    execution.use_cache(app, config)
    mathematics.use_katex(app, config)
    checkout.offer_repository(app, config)
    pages.set_buttons(app, config)
    pages.silence_thebe(app)


def unlock(app, exception):
    """Let the next build begin."""
    execution.unlock_build(Path(app.outdir).parent)


def setup(app):
    """Register with Sphinx."""
    myst_nb.core.execute.cache.get_cache = execution.quiet_cache
    myst_nb.core.render.coalesce_streams = outputs.join_pieces
    app.connect("config-inited", configure, priority=900)
    app.connect("builder-inited", scripts.add_files)
    app.connect("builder-inited", search.replace_sphinxs_own)
    app.connect("builder-inited", mathematics.add_katex)
    app.connect("builder-inited", mathematics.check_katex)
    app.connect("env-before-read-docs", kernels.begin)
    app.connect("doctree-read", times.note_times, priority=900)
    app.connect("env-updated", times.renew_front)
    app.connect("doctree-resolved", times.print_times)
    app.connect("html-collect-pages", search.results_page)
    app.connect("html-page-context", pages.prepare_page, priority=500)
    app.connect("html-page-context", pages.prepare_page, priority=900)
    app.connect("html-page-context", mathematics.leave_out_katex, priority=900)
    app.connect("html-page-context", folds.add_names)
    app.connect("html-page-context", scripts.add_widgets)
    app.connect("builder-inited", frames.add_script)
    app.connect("html-page-context", frames.add_pages)
    app.connect("html-page-context", opening.add_opening)
    app.connect("html-page-context", sharing.add_metadata)
    app.connect("html-page-context", arrival.add_arrival, priority=700)
    app.add_directive("living-sum", opening.Opening)
    app.add_directive("widget-gallery", gallery.Gallery)
    app.add_directive("exercise-overview", exercises.Overview)
    app.add_directive("book-index", index.Index)
    app.add_directive("lesson-file", lectures.LessonFile)
    app.connect("builder-inited", stills.copy_stills)
    app.connect("html-page-context", printing.add_stills, priority=600)
    app.connect("html-page-context", rooms.add_rooms, priority=650)
    app.connect("builder-inited", sharing.copy_preview)
    app.connect("doctree-resolved", gallery.dress_cards)
    app.connect("doctree-resolved", gallery.lay_out_cards)
    app.connect("doctree-resolved", glossary.add_words)
    app.connect("doctree-resolved", bundle.say_how_to_open)
    app.connect("env-updated", index.renew)
    app.connect("env-updated", pages.renew)
    app.connect("doctree-resolved", index.fill)
    app.add_post_transform(numbers.CiteByNumber)
    app.connect("html-page-context", pages.add_present_button, priority=600)
    app.connect("build-finished", search.write)
    app.connect("build-finished", lectures.write)
    app.connect("build-finished", frames.add_defaults)
    app.connect("build-finished", bundle.add_bundle)
    app.connect("build-finished", pages.finish)
    app.connect("build-finished", theme.calm)
    app.connect("build-finished", digests.renew, priority=800)
    app.connect("build-finished", pages.check_complete, priority=900)
    app.connect("build-finished", kernels.end, priority=100)
    app.connect("build-finished", unlock, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
