#!/usr/bin/env python3
"""Writes a folder of made pages with their truth, for pages.py: make_pages.py FOLDER [--seed S] [--count N]."""
import argparse
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from made import make


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder")
    options.add_argument("--seed", default="1")
    options.add_argument("--count", type=int, default=8, help="pages of each kind")
    arguments = options.parse_args()
    total = 0
    for name, data, truth in make(arguments.seed, arguments.count):
        place = os.path.join(arguments.folder, name)
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, "page.html"), "wb") as file:
            file.write(data)
        links = truth.pop("links", None)
        if links is not None:
            with open(os.path.join(place, "links.json"), "w", encoding="utf-8") as file:
                json.dump(links, file, ensure_ascii=False, indent=1)
        with open(os.path.join(place, "expected.json"), "w", encoding="utf-8") as file:
            json.dump(truth, file, ensure_ascii=False, indent=1)
        total += 1
    print("%d pages in %s" % (total, arguments.folder))


if __name__ == "__main__":
    main()
