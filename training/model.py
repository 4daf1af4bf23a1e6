"""Phi-3, as formats.md describes it: fused qkv and gate_up, RMSNorm, rotate-half RoPE, no biases."""
import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class Config:
    hidden: int = 288
    heads: int = 3
    head_dim: int = 96
    ffn: int = 512
    layers: int = 4
    vocab: int = 7680
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


def batched(x, y):
    """Batched product as plain products: without MKL torch.bmm is several times slower than this."""
    out = x.new_empty(x.shape[0], x.shape[1], y.shape[2])
    for a, b, o in zip(x.unbind(0), y.unbind(0), out.unbind(0)):
        torch.mm(a, b, out=o)
    return out


def turn(x, cos, sin):
    """Rotate-half RoPE in place over the last axis; cos and sin are [T, head_dim/2]."""
    half = x.shape[-1] // 2
    a, b = x[..., :half], x[..., half:]
    a2 = a * cos
    a2.addcmul_(b, sin, value=-1)
    b.mul_(cos).addcmul_(a, sin)
    a.copy_(a2)


class Attention(torch.autograd.Function):
    """Fused qkv [B,T,3*H*hd] -> RoPE -> causal attention -> [B,T,H*hd]. One function, since the small pieces
    between the products would otherwise cost as much as the products."""

    @staticmethod
    def forward(ctx, qkv, cos, sin, heads, bias):
        b, t, width = qkv.shape
        hd = width // (3 * heads)
        x = qkv.view(b, t, 3 * heads, hd).transpose(1, 2).contiguous()
        turn(x[:, :2 * heads], cos, sin)
        p = x.new_empty(b, heads, t, t)
        for i in range(b):
            for j in range(heads):
                torch.mm(x[i, j], x[i, heads + j].t(), out=p[i, j])
        p = torch.softmax(p.mul_(hd ** -0.5).add_(bias), -1)
        out = x.new_empty(b, heads, t, hd)
        for i in range(b):
            for j in range(heads):
                torch.mm(p[i, j], x[i, 2 * heads + j], out=out[i, j])
        ctx.save_for_backward(x, p, cos, sin)
        return out.transpose(1, 2).reshape(b, t, heads * hd)

    @staticmethod
    def backward(ctx, g):
        x, p, cos, sin = ctx.saved_tensors
        b, heads, t, _ = p.shape
        hd = x.shape[-1]
        g = g.view(b, t, heads, hd).transpose(1, 2).contiguous()
        dx, dp = torch.empty_like(x), torch.empty_like(p)
        for i in range(b):
            for j in range(heads):
                torch.mm(p[i, j].t(), g[i, j], out=dx[i, 2 * heads + j])
                torch.mm(g[i, j], x[i, 2 * heads + j].t(), out=dp[i, j])
        ds = torch._softmax_backward_data(dp, p, -1, torch.float32).mul_(hd ** -0.5)
        for i in range(b):
            for j in range(heads):
                torch.mm(ds[i, j], x[i, heads + j], out=dx[i, j])
                torch.mm(ds[i, j].t(), x[i, j], out=dx[i, heads + j])
        turn(dx[:, :2 * heads], cos, -sin)
        return dx.transpose(1, 2).reshape(b, t, -1), None, None, None, None


class SwiGLU(torch.autograd.Function):
    """[gate | up] -> up * silu(gate)."""

    @staticmethod
    def forward(ctx, x):
        gate, up = x.chunk(2, -1)
        s = torch.sigmoid(gate)
        ctx.save_for_backward(x, s)
        return (gate * s).mul_(up)

    @staticmethod
    def backward(ctx, g):
        x, s = ctx.saved_tensors
        gate, up = x.chunk(2, -1)
        dx = torch.empty_like(x)
        dgate, dup = dx.chunk(2, -1)
        silu = gate * s
        torch.mul(g, silu, out=dup)
        # d silu = s + silu * (1 - s)
        torch.mul(silu.addcmul_(silu, s, value=-1).add_(s), up, out=dgate)
        dgate.mul_(g)
        return dx


class Phi3(nn.Module):
    def __init__(self, c, kin=None):
        super().__init__()
        self.c = c
        self.fake_quant = False
        self.merged = False  # True for weights read back from shards: lm_head is whole
        h, d = c.hidden, c.heads * c.head_dim

        def matrix(n, k, std):
            return nn.Parameter(torch.randn(n, k) * std)
        self.embd = matrix(c.vocab, h, 0.5)
        self.lm_head = nn.Parameter(torch.zeros(c.vocab, h))
        self.tie = nn.Parameter(torch.zeros(h, h))
        self.norm = nn.Parameter(torch.ones(h))
        self.qkv = nn.ParameterList([matrix(3 * d, h, 0.7 / math.sqrt(h)) for _ in range(c.layers)])
        self.out = nn.ParameterList([matrix(h, d, 0.1 / math.sqrt(h)) for _ in range(c.layers)])
        self.gate_up = nn.ParameterList([matrix(2 * c.ffn, h, 0.7 / math.sqrt(h)) for _ in range(c.layers)])
        self.down = nn.ParameterList([nn.Parameter(torch.zeros(h, c.ffn)) for _ in range(c.layers)])
        self.ln = nn.ParameterList([nn.Parameter(torch.ones(h)) for _ in range(c.layers)])
        self.post = nn.ParameterList([nn.Parameter(torch.ones(h)) for _ in range(c.layers)])
        if kin is not None:
            self.share_stems(kin)
        self.copy_friendly()
        inv = c.theta ** (-torch.arange(0, c.head_dim, 2, dtype=torch.float64) / c.head_dim)
        ang = torch.outer(torch.arange(c.context, dtype=torch.float64), inv)
        self.register_buffer("cos", ang.cos().float(), persistent=False)
        self.register_buffer("sin", ang.sin().float(), persistent=False)

    @torch.no_grad()
    def share_stems(self, kin):
        """jump, Jump, "jump and jumped begin near each other, so that copying a word from a request into a sentence that
        needs another form of it is a short way, too. `kin`: for each id (stem, word), see corpus/kin.py."""
        stem_ids, word_ids = (torch.tensor(x) for x in zip(*kin))
        stem, word = (torch.randn(int(x.max()) + 1, self.c.hidden) for x in (stem_ids, word_ids))
        words = 0.8 * stem[stem_ids] + 0.6 * word[word_ids]
        self.embd.copy_(0.5 * (0.93 * words + 0.37 * torch.randn_like(words)))

    @torch.no_grad()
    def copy_friendly(self):
        """A start from which copying is a short way off. Stories are made of words copied from the request, and a
        small model otherwise spends millions of tokens before it finds out how to copy at all.
        - the head reads a fixed rotation Q of the embedding, and the values of layers 2 and up write that rotation:
          whatever such a head looks at becomes more likely as the next token;
        - layer 0, head 0 looks one token back and writes that token in a second rotation R;
          layer 1, head 0 looks for what followed the present token before, and copies it."""
        c = self.c
        h, hd, half = c.hidden, c.head_dim, c.head_dim // 2
        q_rot, r_rot = (torch.linalg.qr(torch.randn(h, h))[0] for _ in range(2))
        self.embd[:, 0] = 2.5  # one constant feature, so that a head can look by position alone
        self.tie.copy_(q_rot * 0.12)
        self.tie[:, 0] = 0
        self.lm_head.zero_()
        for i in range(1, c.layers):
            basis = torch.linalg.qr(torch.randn(h, h))[0]
            self.qkv[i][2 * c.heads * hd:] = basis[:c.heads * hd]
            self.out[i] = q_rot @ basis[:c.heads * hd].t()
        # one token back: a query and a key that only see the constant feature, turned by one position
        freq = c.theta ** (-torch.arange(half) * 2.0 / hd)
        n, size = 12, 3.2
        q, k, v = (self.qkv[0][j * c.heads * hd:j * c.heads * hd + hd] for j in range(3))
        q.zero_(), k.zero_()
        k[:n, 0] = size
        q[:n, 0] = size * freq[:n].cos()
        q[half:half + n, 0] = -size * freq[:n].sin()
        basis = torch.linalg.qr(torch.randn(h, h))[0][:hd]
        v.copy_(basis)
        self.out[0][:, :hd] = r_rot @ basis.t() * 1.5
        # what came after the same token: slow frequencies only, where position hardly matters
        q, k = (self.qkv[1][j * c.heads * hd:j * c.heads * hd + hd] for j in range(2))
        slow = [d for d in range(26, half)] + [d for d in range(half + 26, hd)]
        look = torch.randn(len(slow), h) * 0.2
        q.mul_(0.1), k.mul_(0.1)
        q[slow], k[slow] = look, look @ r_rot.t()

    def head(self):
        """While training, lm_head = embd @ tie^T + own part: what is learnt about copying one word then holds for
        every word. What is shipped is the sum, an untied lm_head."""
        return self.lm_head if self.merged else self.lm_head + self.embd @ self.tie.t()

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
        out["lm_head"] = (self.lm_head if self.merged else self.head(), True)
        return out

    def w(self, p):
        return Straight.apply(p) if self.fake_quant else p

    def forward(self, ids, cache=None, select=None, pad=None):
        """ids [B,T] -> logits; `select` keeps only those flat positions for the head; `cache` makes it incremental;
        `pad` says how many positions at the beginning of each row nobody is to look at."""
        c = self.c
        b, t = ids.shape
        x = F.embedding(ids, self.w(self.embd))
        start = cache[0][0].shape[2] if cache and cache[0] is not None else 0
        cos, sin = self.cos[start:start + t], self.sin[start:start + t]
        bias = torch.zeros(t, start + t, dtype=x.dtype).masked_fill_(torch.ones(t, start + t, dtype=torch.bool).triu(start + 1), float("-inf"))
        if pad is not None:  # a large number and not infinity: rows that see nothing but padding must stay finite
            hidden = torch.arange(start + t).unsqueeze(0) < pad.unsqueeze(1)
            bias = bias.clamp_min(-1e9) + hidden[:, None, None, :] * -1e9
        for i in range(c.layers):
            qkv = F.linear(RMSNorm.apply(x, self.ln[i], c.eps), self.w(self.qkv[i]))
            a = Attention.apply(qkv, cos, sin, c.heads, bias) if cache is None else self.cached(qkv, cos, sin, bias, cache, i)
            x = x + F.linear(a, self.w(self.out[i]))
            h = F.linear(RMSNorm.apply(x, self.post[i], c.eps), self.w(self.gate_up[i]))
            x = x + F.linear(SwiGLU.apply(h), self.w(self.down[i]))
        if select is not None:
            x = x.reshape(b * t, -1)[select]
        elif cache is not None:
            x = x[:, -1:]
        return F.linear(RMSNorm.apply(x, self.norm, c.eps), self.w(self.head()))

    def cached(self, qkv, cos, sin, bias, cache, i):
        """The same attention with a KV cache, in plain steps; used for generation."""
        c = self.c
        b, t, _ = qkv.shape
        x = qkv.view(b, t, 3 * c.heads, c.head_dim).transpose(1, 2).contiguous()
        turn(x[:, :2 * c.heads], cos, sin)
        q, k, v = x.split(c.heads, 1)
        if cache[i] is not None:
            k, v = torch.cat([cache[i][0], k], 2), torch.cat([cache[i][1], v], 2)
        cache[i] = (k, v)
        p = torch.softmax(q @ k.transpose(2, 3) * c.head_dim ** -0.5 + bias, -1)
        return (p @ v).transpose(1, 2).reshape(b, t, c.heads * c.head_dim)
