"""Phi-3, as formats.md describes it: fused qkv and gate_up, RMSNorm, rotate-half RoPE, no biases."""
import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class Config:
    hidden: int = 192
    heads: int = 2
    head_dim: int = 96
    ffn: int = 512
    layers: int = 8
    vocab: int = 4096
    eps: float = 1e-5
    theta: float = 10000.0
    context: int = 1024

    def dict(self):
        return asdict(self)


GROUP = 32


def quantise(w):
    """group 32 along K: (q in 0..14, scale as f16); the f16 scale is the one used for rounding."""
    n, k = w.shape
    g = w.detach().float().view(n, k // GROUP, GROUP)
    scale = (g.abs().amax(-1) / 7).half()
    s = scale.float().unsqueeze(-1)
    q = torch.where(s > 0, torch.round(g / s.clamp_min(1e-12)) + 7, torch.full_like(g, 7.0)).clamp_(0, 14)
    return q.view(n, k), scale


def dequantise(q, scale):
    n, k = q.shape
    return ((q.view(n, k // GROUP, GROUP) - 7) * scale.float().unsqueeze(-1)).view(n, k)


class Straight(torch.autograd.Function):
    """Quantise-dequantise forward, identity backward."""

    @staticmethod
    def forward(ctx, w):
        return dequantise(*quantise(w))

    @staticmethod
    def backward(ctx, g):
        return g


class RMSNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, eps):
        r = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps)
        xn = x * r
        ctx.save_for_backward(xn, r, w)
        return xn * w

    @staticmethod
    def backward(ctx, g):
        xn, r, w = ctx.saved_tensors
        gw = (g * xn).flatten(0, -2).sum(0)
        gx = g * w
        return (gx - xn * (gx * xn).mean(-1, keepdim=True)) * r, gw, None


class Phi3(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.fake_quant = False
        h, d = c.hidden, c.heads * c.head_dim

        def matrix(n, k, std):
            return nn.Parameter(torch.randn(n, k) * std)
        out_std = 1 / math.sqrt(h) / math.sqrt(2 * c.layers)
        self.embd = matrix(c.vocab, h, 0.05)
        self.lm_head = matrix(c.vocab, h, 0.5 / math.sqrt(h))
        self.norm = nn.Parameter(torch.ones(h))
        self.qkv = nn.ParameterList([matrix(3 * d, h, 1 / math.sqrt(h)) for _ in range(c.layers)])
        self.out = nn.ParameterList([matrix(h, d, out_std) for _ in range(c.layers)])
        self.gate_up = nn.ParameterList([matrix(2 * c.ffn, h, 1 / math.sqrt(h)) for _ in range(c.layers)])
        self.down = nn.ParameterList([matrix(h, c.ffn, out_std) for _ in range(c.layers)])
        self.ln = nn.ParameterList([nn.Parameter(torch.ones(h)) for _ in range(c.layers)])
        self.post = nn.ParameterList([nn.Parameter(torch.ones(h)) for _ in range(c.layers)])
        inv = c.theta ** (-torch.arange(0, c.head_dim, 2, dtype=torch.float64) / c.head_dim)
        ang = torch.outer(torch.arange(c.context, dtype=torch.float64), inv)
        self.register_buffer("cos", torch.cat([ang.cos(), ang.cos()], -1).float(), persistent=False)
        self.register_buffer("sin", torch.cat([-ang.sin(), ang.sin()], -1).float(), persistent=False)

    def mlc_names(self):
        """MLC name -> (parameter, is it quantised)."""
        out = {"transformer.embd": (self.embd, True)}
        for i in range(self.c.layers):
            p = "transformer.h.%d." % i
            out[p + "ln.weight"] = (self.ln[i], False)
            out[p + "mixer.qkv_proj"] = (self.qkv[i], True)
            out[p + "mixer.out_proj"] = (self.out[i], True)
            out[p + "post_attention_layernorm.weight"] = (self.post[i], False)
            out[p + "mlp.gate_up_proj"] = (self.gate_up[i], True)
            out[p + "mlp.down_proj"] = (self.down[i], True)
        out["transformer.norm.weight"] = (self.norm, False)
        out["lm_head"] = (self.lm_head, True)
        return out

    def w(self, p):
        return Straight.apply(p) if self.fake_quant else p

    def rope(self, x, start):
        t, half = x.shape[-2], self.c.head_dim // 2
        turned = torch.cat([x[..., half:], x[..., :half]], -1)
        return x * self.cos[start:start + t] + turned * self.sin[start:start + t]

    def forward(self, ids, cache=None, select=None):
        """ids [B,T] -> logits; `select` keeps only those flat positions for the head; `cache` makes it incremental."""
        c = self.c
        b, t = ids.shape
        start = cache[0][0].shape[2] if cache and cache[0] is not None else 0
        x = F.embedding(ids, self.w(self.embd))
        future = torch.ones(t, start + t, dtype=torch.bool).triu(start + 1)
        bias = torch.zeros(t, start + t, dtype=x.dtype).masked_fill_(future, float("-inf"))
        for i in range(c.layers):
            h = RMSNorm.apply(x, self.ln[i], c.eps)
            qkv = F.linear(h, self.w(self.qkv[i])).view(b, t, 3 * c.heads, c.head_dim).transpose(1, 2)
            qk = self.rope(qkv[:, :2 * c.heads], start)
            q, k, v = qk[:, :c.heads], qk[:, c.heads:], qkv[:, 2 * c.heads:]
            if cache is not None:
                if cache[i] is not None:
                    k, v = torch.cat([cache[i][0], k], 2), torch.cat([cache[i][1], v], 2)
                cache[i] = (k, v)
            s = torch.baddbmm(bias.expand(b * c.heads, t, start + t), q.reshape(b * c.heads, t, -1),
                              k.reshape(b * c.heads, start + t, -1).transpose(1, 2), alpha=c.head_dim ** -0.5)
            a = torch.bmm(torch.softmax(s, -1), v.reshape(b * c.heads, start + t, -1))
            a = a.view(b, c.heads, t, c.head_dim).transpose(1, 2).reshape(b, t, c.heads * c.head_dim)
            x = x + F.linear(a, self.w(self.out[i]))
            h = RMSNorm.apply(x, self.post[i], c.eps)
            gate, up = F.linear(h, self.w(self.gate_up[i])).split(c.ffn, -1)
            x = x + F.linear(F.silu(gate) * up, self.w(self.down[i]))
        if select is not None:
            x = x.reshape(b * t, -1)[select]
        return F.linear(RMSNorm.apply(x, self.norm, c.eps), self.w(self.lm_head))
