"""How differently people read the same page: another font, larger text, more room between the letters.

A page that holds in one font only holds by luck: which one a machine has is not ours to say.
"""

from dataclasses import dataclass

# What a user may set at least without losing anything (WCAG 1.4.12).
TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
# Not by a <style>: the Content-Security-Policy would refuse it.
PUT_ON = """
(text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [sheet];
}
"""
# A font that is not there is drawn as the one named after it, so both widths are the same.
IS_THERE = """
(family) => {
  const context = document.createElement("canvas").getContext("2d");
  const width = (font) => ((context.font = `40px ${font}`), context.measureText("Miiil").width);
  return ["monospace", "serif"].some((other) => width(`"${family}", ${other}`) !== width(other));
}
"""


@dataclass(frozen=True)
class Reading:
    """`percent` is the size of text that the user has set in the browser."""

    name: str
    family: str = "DejaVu Sans"
    weight: str = ""
    spaced: bool = False
    percent: int = 100

    @property
    def css(self) -> str:
        weight = f"font-weight: {self.weight} !important;" if self.weight else ""
        font = f'* {{ font-family: "{self.family}" !important; {weight} }}'
        return font + (TEXT_SPACING if self.spaced else "")


READINGS = (
    Reading("DejaVu Sans"),
    Reading("serif", family="DejaVu Serif"),
    Reading("wide", family="DejaVu Sans Mono"),
    Reading("bold", weight="700"),
    Reading("text spacing", spaced=True),
    Reading("wide with text spacing", family="DejaVu Sans Mono", spaced=True),
    Reading("text at 200 %", percent=200),
)


class Reader:
    """Reads one page in one way after the other, without loading it anew."""

    def __init__(self, page) -> None:
        self._page = page
        self._devtools = page.context.new_cdp_session(page)

    def reads(self, reading: Reading) -> None:
        """Raises AssertionError where this machine has no such font: the check would prove nothing."""
        assert self._page.evaluate(IS_THERE, reading.family), f"{reading.family} is not installed"
        # As the browser's own settings do it: media queries in rem and em follow.
        sizes = {"standard": 16 * reading.percent // 100, "fixed": 13 * reading.percent // 100}
        self._devtools.send("Page.setFontSizes", {"fontSizes": sizes})
        self._page.evaluate(PUT_ON, reading.css)
