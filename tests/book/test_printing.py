"""The stills that stand in for widgets on paper."""

from helpers.book.printing import with_stills
from helpers.book.stills import SIZE


def container(name):
    state = '<script type="application/json">{"title": "a \\u003c b"}</script>'
    return f'<div class="cv-widget" data-widget="{name}">{state}<p>Words.</p></div>'


def test_each_widget_but_the_self_check_has_its_still():
    page = "".join(map(container, ["Convolve1D", "SelfCheck", "Nobody", "Neuron"]))
    better = with_stills(page, "../")
    assert better.count("<figure") == 2
    assert 'src="../_static/stills/Convolve1D-light.webp"' in better
    assert f'width="{SIZE[0]}" height="{SIZE[1]}" loading="lazy"' in better
    assert "“One neuron”" in better
    for name in ["SelfCheck", "Nobody"]:
        assert container(name) in better
