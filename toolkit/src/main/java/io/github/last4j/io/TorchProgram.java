package io.github.last4j.io;

import io.github.last4j.model.Activation;
import io.github.last4j.model.ChannelGroups;
import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.Pooling;
import java.util.Locale;
import java.util.Set;

/**
 * The code of a model in TorchScript: a class with buffers and a method forward(x, lengths=None).
 *
 * <p>A system is computed in chunks of 32 steps. Within a chunk the answer to its inputs is a
 * product with a triangular Toeplitz matrix; the states at the ends of chunks are a recurrence, and
 * what the state before a chunk adds to its steps is a product again. Complex numbers are pairs of
 * real ones throughout. Matrices are made of the poles in every pass, which takes little of its
 * time and keeps files small.
 */
final class TorchProgram {
  /** The name of the class. */
  static final String TYPE = "SequenceClassifier";

  private static final String POWERS =
      """
        def powers(self, re: Tensor, im: Tensor) -> Tuple[Tensor, Tensor]:
          fr = torch.unsqueeze(re, -1)
          fi = torch.unsqueeze(im, -1)
          pr = torch.ones_like(fr)
          pi = torch.zeros_like(fr)
          for _0 in range(5):
            nr = torch.sub(torch.mul(pr, fr), torch.mul(pi, fi))
            ni = torch.add(torch.mul(pr, fi), torch.mul(pi, fr))
            pr = torch.cat([pr, nr], -1)
            pi = torch.cat([pi, ni], -1)
            sr = torch.sub(torch.mul(fr, fr), torch.mul(fi, fi))
            fi = torch.mul(torch.mul(fr, fi), 2)
            fr = sr
          return (torch.cat([pr, fr], -1), torch.cat([pi, fi], -1))
        def toeplitz(self, values: Tensor) -> Tensor:
          t = torch.arange(32, dtype=4, device=values.device)
          lag = torch.sub(torch.unsqueeze(t, 0), torch.unsqueeze(t, 1))
          index = torch.reshape(torch.clamp(lag, 0), [-1])
          matrix = torch.reshape(torch.index_select(values, 1, index), [torch.size(values, 0), 32, 32])
          return torch.mul(matrix, torch.to(torch.ge(lag, 0), values))
        def rows(self, re: Tensor, im: Tensor) -> Tensor:
          return torch.cat([torch.cat([re, im], 2), torch.cat([torch.neg(im), re], 2)], 1)
      """;

  private static final String S5 =
      """
        def scan(self, v: Tensor, re: Tensor, im: Tensor) -> Tensor:
          batch = torch.size(v, 0)
          length = torch.size(v, 1)
          n = torch.size(re, 0)
          count = torch.floordiv(torch.add(length, 31), 32)
          padded = torch.constant_pad_nd(v, [0, 0, 0, torch.sub(torch.mul(count, 32), length)])
          parts = torch.permute(torch.reshape(padded, [batch, count, 32, 2, n]), [4, 0, 1, 3, 2])
          chunks = torch.reshape(parts, [n, torch.mul(batch, count), 64])
          pr, pi = self.powers(re, im)
          x = torch.bmm(chunks, self.rows(self.toeplitz(pr), self.toeplitz(pi)))
          ends = torch.select(torch.reshape(x, [n, batch, count, 2, 32]), 4, 31)
          qr = torch.unsqueeze(torch.slice(pr, 1, 1, 33), 1)
          qi = torch.unsqueeze(torch.slice(pi, 1, 1, 33), 1)
          last = self.rows(torch.slice(qr, 2, 31, 32), torch.slice(qi, 2, 31, 32))
          state = torch.zeros_like(torch.select(ends, 2, 0))
          before = annotate(List[Tensor], [])
          for k in range(count):
            _0 = torch.append(before, state)
            state = torch.baddbmm(torch.select(ends, 2, k), state, last)
          begin = torch.reshape(torch.stack(before, 2), [n, torch.mul(batch, count), 2])
          all = torch.reshape(torch.baddbmm(x, begin, self.rows(qr, qi)), [n, batch, count, 2, 32])
          steps = torch.reshape(
              torch.permute(all, [1, 2, 4, 3, 0]), [batch, torch.mul(count, 32), torch.mul(n, 2)])
          return torch.slice(steps, 1, 0, length)
      """;

  private static final String S4D =
      """
        def convolve(self, u: Tensor, re: Tensor, im: Tensor, cr: Tensor, ci: Tensor) -> Tensor:
          batch = torch.size(u, 0)
          length = torch.size(u, 1)
          h = torch.size(re, 0)
          m = torch.size(re, 1)
          count = torch.floordiv(torch.add(length, 31), 32)
          padded = torch.constant_pad_nd(u, [0, 0, 0, torch.sub(torch.mul(count, 32), length)])
          parts = torch.permute(torch.reshape(padded, [batch, count, 32, h]), [3, 0, 1, 2])
          chunks = torch.reshape(parts, [h, torch.mul(batch, count), 32])
          pr, pi = self.powers(re, im)
          wr = torch.unsqueeze(cr, -1)
          wi = torch.unsqueeze(ci, -1)
          outr = torch.sub(torch.mul(wr, pr), torch.mul(wi, pi))
          outi = torch.add(torch.mul(wr, pi), torch.mul(wi, pr))
          kernel = torch.slice(torch.sum(outr, [1]), 1, 0, 32)
          y = torch.bmm(chunks, self.toeplitz(kernel))
          tail = torch.cat([torch.slice(pr, 2, 0, 32), torch.slice(pi, 2, 0, 32)], 1)
          ends = torch.bmm(chunks, torch.transpose(torch.flip(tail, [2]), 1, 2))
          parts2 = torch.reshape(ends, [h, batch, count, 2, m])
          er = torch.select(parts2, 3, 0)
          ei = torch.select(parts2, 3, 1)
          ar = torch.unsqueeze(torch.select(pr, 2, 32), 1)
          ai = torch.unsqueeze(torch.select(pi, 2, 32), 1)
          sr = torch.zeros_like(torch.select(er, 2, 0))
          si = torch.zeros_like(sr)
          before = annotate(List[Tensor], [])
          for k in range(count):
            _0 = torch.append(before, torch.cat([sr, si], -1))
            nr = torch.add(torch.sub(torch.mul(sr, ar), torch.mul(si, ai)), torch.select(er, 2, k))
            si = torch.add(torch.add(torch.mul(sr, ai), torch.mul(si, ar)), torch.select(ei, 2, k))
            sr = nr
          begin = torch.reshape(torch.stack(before, 2), [h, torch.mul(batch, count), torch.mul(m, 2)])
          later = torch.cat([torch.slice(outr, 2, 1, 33), torch.neg(torch.slice(outi, 2, 1, 33))], 1)
          all = torch.reshape(torch.baddbmm(y, begin, later), [h, batch, count, 32])
          steps = torch.reshape(torch.permute(all, [1, 2, 3, 0]), [batch, torch.mul(count, 32), h])
          return torch.slice(steps, 1, 0, length)
      """;

  private final ModelConfig config;
  private final boolean doubles;
  private final StringBuilder body = new StringBuilder();

  private TorchProgram(ModelConfig config, boolean doubles) {
    this.config = config;
    this.doubles = doubles;
  }

  /**
   * The code of a model.
   *
   * @param buffers the names of its tensors
   * @param doubles whether they are float64, and not float32
   */
  static String of(ModelConfig config, Set<String> buffers, boolean doubles) {
    TorchProgram program = new TorchProgram(config, doubles);
    program.forward();
    StringBuilder code = new StringBuilder("class " + TYPE + "(Module):\n  __parameters__ = []\n");
    code.append("  __buffers__ = [");
    buffers.forEach(name -> code.append('"').append(name).append("\", "));
    code.append("]\n");
    buffers.forEach(name -> code.append("  ").append(name).append(" : Tensor\n"));
    code.append("  training : bool\n");
    code.append("  def forward(self, x: Tensor, lengths: Optional[Tensor]=None) -> Tensor:\n");
    code.append(program.body);
    code.append(POWERS).append(config.family() == Family.S5 ? S5 : S4D);
    // The class says what it is in every method.
    return code.toString().replace("(self,", "(self: __torch__." + TYPE + ",");
  }

  private void line(String format, Object... values) {
    body.append("    ").append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private void forward() {
    encoder();
    boolean masked = config.bidirectional() && config.maskPadding();
    line("counts = torch.arange(torch.size(h, 1), dtype=4, device=h.device)");
    line("if torch.__is__(lengths, None):");
    line("  mask = torch.to(torch.ones_like(counts), h)");
    line("  size = torch.sum(mask)");
    line("  mask = torch.reshape(mask, [1, -1, 1])");
    line("else:");
    if (config.pooling() == Pooling.LAST) {
      line("  ops.prim.RaiseException(\"lengths: expected none where the last step is pooled\")");
    }
    line("  ends = torch.reshape(unchecked_cast(Tensor, lengths), [-1, 1])");
    line("  inside = torch.lt(torch.reshape(counts, [1, -1]), ends)");
    line("  mask = torch.unsqueeze(torch.to(inside, h), -1)");
    line("  size = torch.to(ends, h)");
    for (int layer = 0; layer < config.layers(); layer++) {
      layer(layer, masked);
    }
    if (config.pooling() == Pooling.LAST) {
      line("p = torch.select(h, 1, -1)");
    } else {
      line("p = torch.div(torch.sum(torch.mul(h, mask), [1]), size)");
    }
    if (config.documentPairs()) {
      line("a, b = torch.chunk(p, 2)");
      line("p = torch.cat([a, b, torch.sub(a, b), torch.mul(a, b)], 1)");
      line("p = %s", gelu("torch.linear(p, self.decoder_layer1_weight, self.decoder_layer1_bias)"));
      line("p = torch.linear(p, self.decoder_layer2_weight, self.decoder_layer2_bias)");
    } else {
      line("p = torch.linear(p, self.decoder_weight, self.decoder_bias)");
    }
    line("return torch.log_softmax(p, -1)");
  }

  private void encoder() {
    if (config.tokens()) {
      line("words = torch.to(x, 4)");
      line("if torch.eq(torch.dim(words), 3):");
      line("  words = torch.squeeze(words, -1)");
      line("h = torch.add(torch.embedding(self.encoder_weight, words), self.encoder_bias)");
    } else {
      line(
          "h = torch.linear(torch.to(x, %d), self.encoder_weight, self.encoder_bias)",
          doubles ? 7 : 6);
    }
  }

  private void layer(int layer, boolean masked) {
    String name = "layers_" + layer + "_";
    line("u = %s", config.postNorm() ? "h" : norm("h", name));
    if (masked) {
      line("u = torch.mul(u, mask)");
    }
    system(layer, name);
    line("g = %s", gelu("y"));
    if (config.activation() != Activation.GELU) {
      String gated =
          switch (config.activation()) {
            case FULL_GLU -> dense(name + "out1");
            case HALF_GLU2 -> "y";
            default -> "g";
          };
      line("g = torch.mul(%s, torch.sigmoid(%s))", gated, dense(name + "out2"));
    }
    line("h = torch.add(h, g)");
    if (config.postNorm()) {
      line("h = %s", norm("h", name));
    }
  }

  private static String dense(String name) {
    return "torch.linear(g, self." + name + "_weight, self." + name + "_bias)";
  }

  private void system(int layer, String name) {
    line("y = torch.mul(u, self.%sD)", name);
    if (config.family() == Family.S5) {
      String poles = "self." + name + "lambda_re, self." + name + "lambda_im";
      line("v = torch.linear(u, self.%sB)", name);
      line("y = torch.add(y, torch.linear(self.scan(v, %s), self.%sC))", poles, name);
      if (config.bidirectional()) {
        line("w = torch.flip(self.scan(torch.flip(v, [1]), %s), [1])", poles);
        line("y = torch.add(y, torch.linear(w, self.%sC2))", name);
      }
      return;
    }
    ChannelGroups groups = ChannelGroups.of(config, layer);
    line("y = %s", convolved(name, groups, "u", "y", "C"));
    if (config.bidirectional()) {
      line("b = torch.flip(u, [1])");
      line("w = %s", convolved(name, groups, "b", "torch.zeros_like(b)", "C2"));
      line("y = torch.add(y, torch.flip(w, [1]))");
    }
  }

  /** The sum of y and what every channel with states makes of its input. */
  private String convolved(String name, ChannelGroups groups, String u, String y, String c) {
    if (groups.whole(config.channels())) {
      return "torch.add(" + y + ", " + convolved(name, 0, u, c) + ")";
    }
    line("s = torch.index_select(%s, 2, self.%sorder)", u, name);
    StringBuilder parts = new StringBuilder();
    int from = 0;
    for (int group = 0; group < groups.groups().size(); group++) {
      int to = from + groups.groups().get(group).channels().size();
      String slice = String.format(Locale.ROOT, "torch.slice(s, 2, %d, %d)", from, to);
      parts.append(group == 0 ? "" : ", ").append(convolved(name, group, slice, c));
      from = to;
    }
    return String.format(
        Locale.ROOT, "torch.index_add(%s, 2, self.%sorder, torch.cat([%s], 2))", y, name, parts);
  }

  private static String convolved(String name, int group, String u, String c) {
    return String.format(
        Locale.ROOT,
        "self.convolve(%1$s, self.%2$slambda_%3$d_re, self.%2$slambda_%3$d_im,"
            + " self.%2$s%4$s_%3$d_re, self.%2$s%4$s_%3$d_im)",
        u,
        name,
        group,
        c);
  }

  private String norm(String x, String name) {
    String both = "self." + name + "norm_scale, self." + name + "norm_bias";
    return config.normalization() == Normalization.BATCH
        ? String.format(
            Locale.ROOT,
            "torch.add(torch.mul(%s, self.%snorm_scale), self.%snorm_bias)",
            x,
            name,
            name)
        : String.format(
            Locale.ROOT,
            "torch.layer_norm(%s, [%d], %s, %s)",
            x,
            config.channels(),
            both,
            Double.toString(config.normalization().epsilon(config)).toLowerCase(Locale.ROOT));
  }

  private String gelu(String x) {
    return config.exactGelu()
        ? "torch.gelu(" + x + ")"
        : "torch.gelu(" + x + ", approximate=\"tanh\")";
  }
}
