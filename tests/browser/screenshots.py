"""Takes all screenshots and the tour anew: python -m tests.browser.screenshots [NAME…]

A NAME is the slug of a milestone, "dashboard", "stages" or "tour": then only these are taken.

docs/screenshots/NN-slug-off.png and -on.png for every milestone with a page, -on-dark.png for the main ones,
dashboard and stages (-dark), and tour.webp.
"""

import sys

from tests.browser.chromium import Chromium
from tests.browser.office import office


def main(wanted: list[str]) -> None:
    with office() as server, Chromium() as chromium:
        # Only now: they need a Django that has started.
        from tests.browser.camera import Camera
        from tests.browser.taking import extras, milestones, unknown
        from tests.browser.tour import tour

        if names := unknown(wanted):
            sys.exit(f"There is nothing to take of {', '.join(names)}.")
        camera = Camera(chromium, server.url)
        sizes = milestones(camera, wanted) | extras(camera, wanted)
        if not wanted or "tour" in wanted:
            sizes |= tour(camera)
        for name, size in sizes.items():
            print(f"{size / 1000:7.1f} kB  {name}")
        print(f"{sum(sizes.values()) / 1000:7.1f} kB  in {len(sizes)} files")


if __name__ == "__main__":
    main(sys.argv[1:])
