"""Whether a page holds together: nothing wider than the window, no text cut off, no control under something else."""

from textwrap import shorten

# What is meant to be heard and not seen, and what ends in an ellipsis on purpose, is not cut off by accident.
SHARED = """
const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
const forEarsOnly = (element) => {
  for (let part = element; part; part = part.parentElement) {
    if (part.matches(".visually-hidden, .visually-hidden-focusable, .skip-link, template, noscript")) return true;
    if (getComputedStyle(part).clipPath !== "none") return true;
  }
  return false;
};
const words = (element) => (element.innerText || element.value || element.ariaLabel || element.id || "").trim();
"""
CUT_OFF = """
() => {
  SHARED
  const clips = (style) => ["hidden", "clip"].some((way) => style.overflowX === way || style.overflowY === way);
  const cutOff = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
    for (let part = node.parentElement; part && part !== document.body; part = part.parentElement) {
      const style = getComputedStyle(part);
      if (style.overflowX === "auto" || style.overflowX === "scroll" || style.textOverflow === "ellipsis") return false;
      if (!clips(style)) continue;
      const frame = part.getBoundingClientRect();
      if (boxes.some((box) => box.left < frame.left - 1 || box.right > frame.right + 1
        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)) return true;
    }
    return false;
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    const parent = node.parentElement;
    if (!node.data.trim() || !seen(parent) || forEarsOnly(parent)) continue;
    if (parent.closest("script, style, svg, .uplot") || !cutOff(node)) continue;
    found.push(node.data.trim());
  }
  return found;
}
""".replace("SHARED", SHARED)
# The innermost boxes that stick out; what scrolls by itself may.
STICKS_OUT = """
() => {
  const scrolls = (element) => {
    for (let part = element.parentElement; part; part = part.parentElement) {
      if (part !== document.body && getComputedStyle(part).overflowX !== "visible") return true;
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter(
    (one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5 && !scrolls(one));
  const innermost = wide.filter((one) => !wide.some((other) => other !== one && one.contains(other)));
  return innermost.slice(0, 3).map((one) => `${one.tagName.toLowerCase()}.${one.className} ${one.textContent.trim()}`);
}
"""
COVERED = """
(scrolls) => {
  SHARED
  const usable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]";
  const dialog = document.querySelector("dialog[open]");
  const found = [];
  for (const control of (dialog ?? document).querySelectorAll(usable)) {
    if (!seen(control) || forEarsOnly(control) || control.disabled || control.closest("[inert]")) continue;
    if (scrolls) control.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    // A link that goes over two lines is hit where one of them is.
    const boxes = [...control.getClientRects()].filter((box) => box.width > 2 && box.height > 2);
    const middles = boxes.map((box) => [box.left + box.width / 2, box.top + box.height / 2]);
    const inside = middles.filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
    if (!middles.length || (!inside.length && !scrolls)) continue;
    const there = inside.map(([x, y]) => document.elementFromPoint(x, y));
    const hits = (one) => control.contains(one) || [...(control.labels ?? [])].some((label) => label.contains(one));
    if (there.some(hits)) continue;
    const over = there[0] ? there[0].outerHTML.split(">")[0] + ">" : "nothing: outside the window";
    found.push(`${words(control)} (under ${over})`);
  }
  return found;
}
""".replace("SHARED", SHARED)

# In the page, not in the window: scrolling moves nothing. The notices are what has come.
PLACES = """
() => {
  const found = {};
  const all = document.body.querySelectorAll("*:not(#notices *, #notices, svg *)");
  [...all].forEach((element, number) => {
    const { left, top } = element.getBoundingClientRect();
    found[`${number} ${element.tagName.toLowerCase()}#${element.id}.${element.getAttribute("class")}`] =
      [Math.round(left + scrollX), Math.round(top + scrollY)];
  });
  return found;
}
"""


def sideways(page) -> int:
    """Pixels that the page is wider than its window."""
    return page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth")


def cut_off(page) -> list[str]:
    """Texts of which a part lies outside a box that hides what does not fit."""
    return [shorten(text, 60) for text in page.evaluate(CUT_OFF)]


def covered(page, *, scrolls: bool = True) -> list[str]:
    """Controls in whose middle a click meets something else, also after scrolling to them.

    Without `scrolls` those that the window shows as it stands.
    """
    found = [shorten(text, 90) for text in page.evaluate(COVERED, scrolls)]
    if scrolls:
        page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    return found


def places_of_everything(page) -> dict[str, list[int]]:
    """Where each element of the page begins, whether it is in the window or not."""
    return page.evaluate(PLACES)


def moved(before: dict[str, list[int]], after: dict[str, list[int]]) -> list[str]:
    """What begins elsewhere, has gone or has come."""
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


def broken(page) -> dict[str, object]:
    """What does not hold; nothing, hopefully."""
    pixels = sideways(page)
    wrong = {"cut off": cut_off(page), "covered": covered(page)}
    if pixels > 0:
        wrong[f"{pixels} pixels too wide"] = [shorten(text, 60) for text in page.evaluate(STICKS_OUT)]
    return {name: value for name, value in wrong.items() if value}
