"""Takes all screenshots and the tour anew: python -m tests.browser.screenshots [SLUG…] [--no-tour]

docs/screenshots/NN-slug-off.png and -on.png for every milestone with a page, -on-dark.png for the main ones,
dashboard and stages (-dark), and tour.webp.
"""

import sys

from tests.browser.chromium import Chromium
from tests.browser.office import office


def main(arguments: list[str]) -> None:
    wanted = [argument for argument in arguments if not argument.startswith("--")]
    with office() as server, Chromium() as chromium:
        # Only now: they need a Django that has started.
        from tests.browser.camera import Camera
        from tests.browser.darkroom import extras, milestones
        from tests.browser.tour import tour

        camera = Camera(chromium, server.url)
        sizes = milestones(camera, wanted)
        if not wanted:
            sizes |= extras(camera)
        if not wanted and "--no-tour" not in arguments:
            sizes |= tour(camera)
        for name, size in sizes.items():
            print(f"{size / 1000:7.1f} kB  {name}")
        print(f"{sum(sizes.values()) / 1000:7.1f} kB  in {len(sizes)} files")


if __name__ == "__main__":
    main(sys.argv[1:])
