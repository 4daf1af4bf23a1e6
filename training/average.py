"""Weights between the ends of one run. Where the rate has fallen to zero several times, what lies between the ends is better than
each of them (Izmailov et al., 2018, arXiv:1803.05407). Oldest first: each is mixed into what lies between those before it."""
import argparse

import torch


def between(a, b, weight):
    """State dicts of one shape. Floats are mixed, `weight` of them A's; what counts steps or names shapes is A's."""
    return {k: v * weight + b[k] * (1 - weight) if torch.is_floating_point(v) else v for k, v in a.items()}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("ends", nargs="+", help="checkpoints, oldest first")
    p.add_argument("--weight", type=float, default=0.5, help="of each end beside those before it")
    p.add_argument("--out", default="runs/between.pt")
    args = p.parse_args()
    first, *rest = (torch.load(path, weights_only=False) for path in args.ends)
    mixed = first
    for end in rest:
        end["model"] = between(end["model"], mixed["model"], args.weight)
        mixed = end
    torch.save(mixed, args.out)


if __name__ == "__main__":
    main()
