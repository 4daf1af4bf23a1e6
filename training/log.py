"""The lines that train.py printed -> log.json, one point for about every 100,000 tokens, for the curve in the report."""
import json
import os
import sys


def main():
    points, last = [], -1
    with open(sys.argv[1], encoding="utf-8") as f:
        for line in f:
            if not line.startswith("{"):
                continue
            p = json.loads(line)
            points = [q for q in points if q["tokens"] < p["tokens"]]  # a run that was taken up again overwrites
            points.append(p)
    kept = []
    for p in points:
        if p["tokens"] // 100_000 != last:
            last = p["tokens"] // 100_000
            kept.append({"tokens": p["tokens"], "loss": p["loss"], "minutes": p["minutes"]})
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "log.json"), "w") as f:
        json.dump(kept, f)
        f.write("\n")


if __name__ == "__main__":
    main()
