"""The lines that train.py printed -> log.json, one point for about every 100,000 tokens of each run, for the report's curve:
python log.py NAME=FILE ..."""
import json
import os
import sys


def read(path):
    points = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("{"):
                p = json.loads(line)
                points = [q for q in points if q["tokens"] < p["tokens"]] + [p]  # a run that was taken up again overwrites
    kept = {p["tokens"] // 100_000: {"tokens": p["tokens"], "loss": p["loss"], "minutes": p["minutes"]} for p in reversed(points)}
    return [kept[k] for k in sorted(kept)]


def main():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "log.json"), "w") as f:
        json.dump(dict((name, read(path)) for name, path in (a.split("=", 1) for a in sys.argv[1:])), f, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
