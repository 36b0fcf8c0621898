"""axe-core, asked about WCAG 2.2 at level AA."""

from pathlib import Path

AXE = Path(__file__).with_name("vendor").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN = """
async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] };
  const { violations } = await axe.run(document, options);
  const places = (nodes) => nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | ");
  return violations.map(({ id, nodes }) => `${id}: ${places(nodes)}`);
}
"""
THEMES = ("light", "dark")


def violations(page) -> list[str]:
    """What axe finds on the page as it stands, in light and in dark: the rule and where."""
    page.evaluate(AXE)
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += [f"{theme}: {violation}" for violation in page.evaluate(RUN)]
    return found
