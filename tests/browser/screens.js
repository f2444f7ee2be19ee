/**
 * Measures a card: the height of what must be in sight at once, its smallest digit, and the smallest thing to press
 * outside its settings, in pixels of the screen.
 */
(card) => {
  const NOT_READ = "script, style, option, header, .cv-spoken, .cv-share, .cv-settings";
  const box = (element) => element.getBoundingClientRect();
  const seen = (name) => [...card.querySelectorAll(`:scope > .cv-${name}`)].filter((e) => e.getClientRects().length);
  const lesson = [...seen("stage"), ...seen("say")].map(box);
  const height = Math.max(0, ...lesson.map((part) => part.bottom)) - Math.min(...lesson.map((part) => part.top));
  const play = seen("play").reduce((sum, bar) => sum + box(bar).height, 0);

  const digits = [];
  function note(element, text) {
    if (!/\d/.test(text) || element.closest(NOT_READ)) return;
    const isShown = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const { width, height: tall } = box(element);
    if (!isShown || width < 1 || tall < 1) return;
    const size = parseFloat(getComputedStyle(element).fontSize);
    const drawn = element.ownerSVGElement && element.getScreenCTM();
    const scale = drawn ? Math.hypot(drawn.c, drawn.d) : (element.currentCSSZoom ?? 1);
    digits.push([size * scale, `${element.getAttribute("class")}: ${text.trim().slice(0, 30)}`]);
  }
  const texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) note(texts.currentNode.parentElement, texts.currentNode.data);
  for (const field of card.querySelectorAll("input[type=text], input[type=number]")) note(field, field.value);
  digits.sort(([one], [other]) => one - other);
  const [digit, where] = digits[0] ?? [null, ""];

  const pressed = ":is(.cv-stage, .cv-say, .cv-play) :is(button, input, select, [role=slider])";
  const isPressed = (e) => e.getClientRects().length && !e.matches(":is(label, .cv-stepped) *");
  const targets = [...card.querySelectorAll(pressed)].filter(isPressed).map((e) => {
    const { width, height: tall } = box(e);
    return [Math.min(width, tall), e.outerHTML.slice(0, 80)];
  });
  targets.sort(([one], [other]) => one - other);
  return {
    target: targets[0]?.[0] ?? null,
    pressed: targets[0]?.[1] ?? "",
    need: Math.round(height + play),
    wide: card.scrollWidth - card.clientWidth,
    digit,
    where,
  };
};
