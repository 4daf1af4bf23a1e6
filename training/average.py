"""Weights between two points of one run: weight * A + (1 - weight) * B. Where the rate has fallen to zero twice, as in a run that
goes on with another corpus, what lies between is better at both than either end (Izmailov et al., 2018, arXiv:1803.05407)."""
import argparse

import torch


def between(a, b, weight):
    """State dicts of one shape. Floats are mixed; what counts steps or names shapes is A's."""
    return {k: v * weight + b[k] * (1 - weight) if torch.is_floating_point(v) else v for k, v in a.items()}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("a")
    p.add_argument("b")
    p.add_argument("--weight", type=float, default=0.65, help="of A")
    p.add_argument("--out", default="runs/between.pt")
    args = p.parse_args()
    a, b = (torch.load(path, weights_only=False) for path in (args.a, args.b))
    a["model"] = between(a["model"], b["model"], args.weight)
    torch.save(a, args.out)


if __name__ == "__main__":
    main()
