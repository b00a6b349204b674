package io.github.last4j.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import io.github.last4j.bound.Nonlinearity;
import io.github.last4j.norm.StateNorms;
import io.github.last4j.prune.Criterion;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.complex.Complex;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Typical wrong answers: none passes, and each is told what is wrong with it. */
class WrongAnswersTest {
  /** An answer, and words of the hint that it must get. */
  private record Wrongly(String id, String hint, Function<Lab, Feedback> attempt) {}

  private static Wrongly value(String id, String hint, Object value) {
    return new Wrongly(id, hint, lab -> lab.check(id, value));
  }

  private static <A> Wrongly one(String id, String hint, Function<A, ?> answer) {
    return new Wrongly(id, hint, lab -> lab.check(id, answer));
  }

  private static <A, B> Wrongly two(String id, String hint, BiFunction<A, B, ?> answer) {
    return new Wrongly(id, hint, lab -> lab.check(id, answer));
  }

  private static Wrongly zoh(String hint, BiFunction<Complex, Double, Complex[]> mode) {
    TriFunction<Double, Double, Double> answer =
        (re, im, step) -> {
          Complex[] parts = mode.apply(new Complex(re, im), step);
          return new double[] {
            parts[0].getReal(), parts[0].getImaginary(),
            parts[1].getReal(), parts[1].getImaginary()
          };
        };
    return new Wrongly("1.2", hint, lab -> lab.check("1.2", answer));
  }

  private static Wrongly expm1(String hint, Function<Complex, Complex> function) {
    return two(
        "1.1",
        hint,
        (Double re, Double im) -> {
          Complex z = function.apply(new Complex(re, im));
          return new double[] {z.getReal(), z.getImaginary()};
        });
  }

  /** A response by the recurrence, of a wrong kind. */
  private static double[] respond(double[] pair, double[] u, boolean lag, double factor, int sign) {
    Complex pole = new Complex(pair[0], pair[1]);
    Complex b = new Complex(pair[2], pair[3]);
    Complex c = new Complex(pair[4], sign * pair[5]);
    Complex x = Complex.ZERO;
    double[] y = new double[u.length];
    for (int k = 0; k < u.length; k++) {
      Complex next = pole.multiply(x).add(b.multiply(u[k]));
      y[k] = factor * c.multiply(lag ? x : next).getReal();
      x = next;
    }
    return y;
  }

  private static double[] kernel(double[] pair, int length, int from) {
    Complex pole = new Complex(pair[0], pair[1]);
    Complex gain = new Complex(pair[2], pair[3]).multiply(new Complex(pair[4], pair[5]));
    return IntStream.range(from, from + length)
        .mapToDouble(l -> 2 * gain.multiply(pole.pow(l)).getReal())
        .toArray();
  }

  private static Complex gain(Complex lambda, Complex pole) {
    return pole.subtract(1).divide(lambda);
  }

  private static Stream<Wrongly> discretise() {
    return Stream.of(
        expm1("this is e^z", Complex::exp),
        expm1(
            "leaves out cos b - 1",
            z ->
                new Complex(
                    Math.expm1(z.getReal()) * Math.cos(z.getImaginary()),
                    Math.exp(z.getReal()) * Math.sin(z.getImaginary()))),
        expm1("the imaginary part has the wrong sign", z -> z.conjugate().exp().subtract(1)),
        expm1("right, but loses digits near 0", z -> z.exp().subtract(1)),
        expm1("is it a series that was cut off", z -> z.add(z.multiply(z).divide(2))),
        expm1(
            "cos b - 1 cancels",
            z ->
                new Complex(
                    Math.expm1(z.getReal()) * Math.cos(z.getImaginary())
                        + (Math.cos(z.getImaginary()) - 1),
                    Math.exp(z.getReal()) * Math.sin(z.getImaginary()))),
        two("1.1", "no answer yet", (Double re, Double im) -> null),
        two("1.1", "expected 2 numbers, got 1", (Double re, Double im) -> new double[] {re}),
        zoh("forward Euler", (l, d) -> new Complex[] {l.multiply(d).add(1), new Complex(d, 0)}),
        zoh(
            "backward Euler",
            (l, d) -> {
              Complex pole = Complex.ONE.divide(Complex.ONE.subtract(l.multiply(d)));
              return new Complex[] {pole, pole.multiply(d)};
            }),
        zoh(
            "this is the bilinear method",
            (l, d) -> {
              Complex half = l.multiply(d / 2);
              Complex below = Complex.ONE.subtract(half);
              return new Complex[] {
                half.add(1).divide(below), Complex.ONE.divide(below).multiply(d)
              };
            }),
        zoh(
            "b̄ = Δ is that of Euler's step",
            (l, d) -> new Complex[] {l.multiply(d).exp(), new Complex(d, 0)}),
        zoh(
            "b̄ lacks the factor 1/λ",
            (l, d) -> new Complex[] {l.multiply(d).exp(), l.multiply(d).exp().subtract(1)}),
        zoh(
            "b̄ has the wrong sign",
            (l, d) -> new Complex[] {l.multiply(d).exp(), gain(l, l.multiply(d).exp()).negate()}),
        zoh("b̄ is still b", (l, d) -> new Complex[] {l.multiply(d).exp(), Complex.ONE}),
        zoh(
            "one sample of the integral",
            (l, d) -> new Complex[] {l.multiply(d).exp(), l.multiply(d).exp().multiply(d)}),
        zoh(
            "λ̄ turns the wrong way",
            (l, d) -> new Complex[] {l.conjugate().multiply(d).exp(), Complex.ONE}),
        zoh(
            "λ̄ is real",
            (l, d) -> new Complex[] {new Complex(Math.exp(l.getReal() * d)), Complex.ONE}),
        zoh(
            "the quotient (λ̄ - 1)/λ is 0/0",
            (l, d) -> new Complex[] {l.multiply(d).exp(), gain(l, l.multiply(d).exp())}),
        zoh(
            "right, but loses digits of b̄ at Δ = 1e-",
            (l, d) ->
                new Complex[] {
                  l.multiply(d).exp(),
                  l.abs() == 0 ? new Complex(d, 0) : gain(l, l.multiply(d).exp())
                }),
        two(
            "1.3",
            "half of it is missing",
            (double[] pair, double[] u) -> respond(pair, u, false, 1, 1)),
        two(
            "1.3",
            "everything comes one step late",
            (double[] pair, double[] u) -> respond(pair, u, true, 2, 1)),
        two(
            "1.3",
            "c is not conjugated",
            (double[] pair, double[] u) -> respond(pair, u, false, 2, -1)),
        two(
            "1.4",
            "everything comes one step early",
            (double[] pair, Integer n) -> kernel(pair, n, 1)),
        value("1.5", "float32 still knows 1 - |λ̄|", 0.01),
        value("1.5", "larger steps are lost already", 1e-12),
        value("1.5", "no answer yet: the value is not a number", Double.NaN),
        new Wrongly(
            "1.6",
            "that is the λ you were given",
            lab -> lab.check("1.6", Arrays.copyOf(lab.numbers("1.6"), 2))),
        new Wrongly(
            "1.6",
            "must differ by 2π/Δ",
            lab -> {
              double[] mode = lab.numbers("1.6");
              return lab.check("1.6", new double[] {mode[0], mode[1] + 2 * Math.PI});
            }),
        new Wrongly(
            "1.6",
            "conjugate λ have conjugate λ̄",
            lab -> {
              double[] mode = lab.numbers("1.6");
              return lab.check("1.6", new double[] {mode[0], -mode[1]});
            }),
        value("1.7", "at so small a |λΔ|", new double[][] {{-0.1, 0}, {-0.2, 0}}),
        value("1.7", "have the same norm", new double[][] {{-1, 1}, {-1, 1}}),
        value("1.7", "a mode must decay", new double[][] {{1, 0}, {-1, 0}}));
  }

  private static double[] eq5(DiscreteSsm layer, Function<double[], Double> ofPoleAndProduct) {
    double[] norms = StateNorms.values(layer);
    double[] margin = layer.margin().toDoubleArray();
    double[] re = layer.lambdaBar().real().toDoubleArray();
    double[] im = layer.lambdaBar().imag().toDoubleArray();
    double[] answer = new double[norms.length];
    Arrays.setAll(
        answer,
        i ->
            ofPoleAndProduct.apply(
                new double[] {norms[i] * margin[i], margin[i], re[i], im[i], norms[i]}));
    return answer;
  }

  private static double grid(double[][] channel, int n, double to, boolean conjugates) {
    return IntStream.range(0, n)
        .mapToDouble(k -> new Channel(channel).transfer(to * k / (n - 1), conjugates).abs())
        .max()
        .orElseThrow();
  }

  private static double[] constant(int length) {
    double[] numbers = new double[length];
    Arrays.fill(numbers, 1);
    return numbers;
  }

  private static double[] impulse(int length) {
    double[] numbers = new double[length];
    numbers[0] = 1;
    return numbers;
  }

  private static Stream<Wrongly> amplify() {
    return Stream.of(
        one("2.1", "this is the square, Eq. 6", (DiscreteSsm s) -> eq5(s, x -> x[4] * x[4])),
        one("2.1", "the factor 1/(1 - |λ̄|) is missing", (DiscreteSsm s) -> eq5(s, x -> x[0])),
        one(
            "2.1",
            "1 - |λ̄|² belongs to the H2 norm",
            (DiscreteSsm s) -> eq5(s, x -> x[0] / (x[1] * (2 - x[1])))),
        one(
            "2.1",
            "is the gain at θ = 0",
            (DiscreteSsm s) -> eq5(s, x -> x[0] / Math.hypot(1 - x[2], x[3]))),
        one("2.1", "twice Eq. 5", (DiscreteSsm s) -> eq5(s, x -> 2 * x[4])),
        one(
            "2.1",
            "1 minus an absolute value cancels",
            (DiscreteSsm s) -> eq5(s, x -> x[0] / (1 - Math.hypot(x[2], x[3])))),
        one(
            "2.1",
            "it does not depend on B̄",
            (DiscreteSsm s) ->
                s.c().abs().square().sum(new int[] {0}).sqrt().div(s.margin()).toDoubleArray()),
        two(
            "2.2",
            "the conjugates are missing",
            (double[][] channel, Integer n) -> grid(channel, n, Math.PI, false)),
        two(
            "2.2",
            "does the grid go from 0 to π",
            (double[][] channel, Integer n) -> grid(channel, n, Math.PI / 2, true)),
        two(
            "2.2",
            "the sum of the norms is an upper bound",
            (double[][] channel, Integer n) ->
                2 * Arrays.stream(new Channel(channel).norms()).sum()),
        two(
            "2.2",
            "does not use the number of points",
            (double[][] channel, Integer n) -> grid(channel, 2001, Math.PI, true)),
        value(
            "2.3",
            "for 2 both members",
            new double[][] {{0.9, 1, 1, 0}, {0.99, 1.57, 1, 0}, {0.9, 0, 0, 1}}),
        value(
            "2.3",
            "for 1 the other member",
            new double[][] {{0.9, 0, 1, 0}, {0.5, 1, 1, 0}, {0.9, 0, 0, 1}}),
        value(
            "2.3",
            "for 0 the members must cancel",
            new double[][] {{0.9, 0, 1, 0}, {0.99, Math.PI / 2, 1, 0}, {0.9, 0, 1, 1}}),
        value(
            "2.3",
            "without stability there is no norm",
            new double[][] {{1.1, 0, 1, 0}, {0.99, 1.57, 1, 0}, {0.9, 0, 0, 1}}),
        value("2.4", "a peak is about 1 - |λ̄| wide", new double[][] {{0.9, 1.001, 1, 0}}),
        value("2.4", "is one of them", new double[][] {{1 - 1e-6, Math.PI * 300 / 999, 1, 0}}),
        value("2.5", "an impulse gains", impulse(784)),
        value("2.5", "a constant gains", constant(784)),
        value("2.5", "expected 784 numbers, got 10", constant(10)));
  }

  private static double bound(double[][] removed, double energy, double square, double sum) {
    double[] norms = new Channel(removed).norms();
    double total = Arrays.stream(norms).sum();
    return energy * (square * Arrays.stream(norms).map(x -> x * x).sum() + sum * total * total);
  }

  private static Stream<Wrongly> proofs() {
    double steep = Math.sqrt(2);
    double slope = Nonlinearity.GELU.slope();
    return Stream.of(
        value("3.1", "with one vector both sides are the same", new double[][] {{1, 2}}),
        value("3.1", "that is Pythagoras", new double[][] {{1, 0}, {0, 1}}),
        value("3.1", "vectors that oppose each other", new double[][] {{1, 0}, {-1, 0}}),
        value(
            "3.2",
            "One removed state has no cross term",
            new Counterexample(new double[][] {{0, 1}}, new double[0][], new double[] {1})),
        value(
            "3.2",
            "nothing is removed",
            new Counterexample(new double[0][], new double[0][], new double[] {1})),
        value(
            "3.2",
            "is not stable",
            new Counterexample(new double[][] {{1, 1}, {0, 1}}, new double[0][], new double[] {1})),
        value(
            "3.2",
            "A pole at 0 has no memory",
            new Counterexample(
                new double[][] {{0.9, 1}, {0.9, 1}}, new double[0][], new double[] {1})),
        value(
            "3.2",
            "push into the same direction",
            new Counterexample(
                new double[][] {{0, 1}, {0, -1}}, new double[0][], new double[] {1})),
        value("3.3", "no counterexample yet", new double[] {0, 0.1}),
        value("3.3", "on this side the GELU is flat", new double[] {-3, -3.1}),
        value("3.3", "the steepest place gives 1.274", new double[] {1, 2.5}),
        value(
            "3.3",
            "there the digits of the GELU begin to count",
            new double[] {steep, steep + 1e-9}),
        value("3.4", "where does kept·u put the first", new double[] {0, 0.1, 1, 1}),
        value("3.4", "a factor is 0", new double[] {0, 0.1, 0, 1}),
        two(
            "3.5",
            "This is Eq. 4",
            (double[][] removed, Double energy) -> bound(removed, energy, 1, 0)),
        two(
            "3.5",
            "It sums squares",
            (double[][] removed, Double energy) -> bound(removed, energy, 4 * slope * slope, 0)),
        two(
            "3.5",
            "A stored state is a conjugate pair",
            (double[][] removed, Double energy) -> bound(removed, energy, 0, slope * slope)),
        two(
            "3.5",
            "behind the GELU differences grow",
            (double[][] removed, Double energy) -> bound(removed, energy, 0, 4)),
        two(
            "3.5",
            "and so is the factor L²",
            (double[][] removed, Double energy) -> bound(removed, energy, 0, 4 * slope)),
        two(
            "3.5",
            "a constant that was rounded down",
            (double[][] removed, Double energy) -> bound(removed, energy, 0, 4 * 1.274)),
        two(
            "3.5",
            "It does not depend on ‖u‖²",
            (double[][] removed, Double energy) -> bound(removed, 1e-9, 0, 6)),
        two(
            "3.5",
            "true, and says nothing",
            (double[][] removed, Double energy) -> bound(removed, energy, 0, 1e6)),
        two(
            "3.5",
            "a result is infinite",
            (double[][] removed, Double energy) -> Double.POSITIVE_INFINITY));
  }

  private static double[] scored(DiscreteSsm layer, double times) {
    return Arrays.stream(StateNorms.logHinf(layer)).map(x -> times * x).toArray();
  }

  private static double[] last(double[] logs, boolean above, boolean below) {
    return Arrays.stream(logs)
        .map(
            own ->
                own
                    - Math.log(
                        Arrays.stream(logs)
                            .filter(x -> above && x > own || below && x < own || x == own)
                            .map(Math::exp)
                            .sum()))
        .toArray();
  }

  private static boolean[][] choose(double[][] scores, double ratio, int change, boolean best) {
    int total = Arrays.stream(scores).mapToInt(layer -> layer.length).sum();
    int count = Math.max(scores.length, (int) Math.floor(total * (1 - ratio) + 1e-9)) + change;
    List<int[]> all = new ArrayList<>();
    boolean[][] stay = new boolean[scores.length][];
    for (int l = 0; l < scores.length; l++) {
      stay[l] = new boolean[scores[l].length];
      for (int i = 0; i < scores[l].length; i++) {
        all.add(new int[] {l, i});
      }
    }
    all.sort(Comparator.comparingDouble(state -> -worth(scores, state, best)));
    all.subList(0, Math.min(total, count)).forEach(state -> stay[state[0]][state[1]] = true);
    return stay;
  }

  /** By scores; or the best of each layer first, and then the lowest scores. */
  private static double worth(double[][] scores, int[] state, boolean best) {
    double score = scores[state[0]][state[1]];
    boolean top = score == Arrays.stream(scores[state[0]]).max().orElseThrow();
    return best ? score : top ? 1e9 : -score;
  }

  private static double deviation(double... x) {
    double mean = Arrays.stream(x).average().orElseThrow();
    return Math.sqrt(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (x.length - 1));
  }

  private static double[] differences(double[] a, double... b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
  }

  private static double mean(double... x) {
    return Arrays.stream(x).average().orElseThrow();
  }

  private static Stream<Wrongly> pruning() {
    return Stream.of(
        one("4.1", "these are logarithms of the norms", (DiscreteSsm s) -> scored(s, 1)),
        one("4.1", "log10 is another logarithm", (DiscreteSsm s) -> scored(s, 2 / Math.log(10))),
        one(
            "4.1",
            "these are the scores, not their logarithms",
            (DiscreteSsm s) -> Arrays.stream(scored(s, 2)).map(Math::exp).toArray()),
        one(
            "4.1",
            "with C × 1e-170 it is -∞",
            (DiscreteSsm s) ->
                Arrays.stream(StateNorms.values(s)).map(x -> Math.log(x * x)).toArray()),
        one(
            "4.1",
            "the part -2·ln(1 - |λ̄|) is missing",
            (DiscreteSsm s) -> {
              double[] margin = s.margin().toDoubleArray();
              double[] logs = scored(s, 2);
              Arrays.setAll(logs, i -> logs[i] + 2 * Math.log(margin[i]));
              return logs;
            }),
        one(
            "4.2",
            "divided by the energy of all states",
            (double[] logs) -> last(logs, true, true)),
        one("4.2", "the sum is over the lower states", (double[] logs) -> last(logs, false, true)),
        one(
            "4.2",
            "these are the scores; asked for are",
            (double[] logs) -> Arrays.stream(last(logs, true, false)).map(Math::exp).toArray()),
        one("4.2", "nothing is divided", (double[] logs) -> logs),
        one("4.2", "exp leaves the range", (double[] logs) -> last(logs, true, false)),
        one(
            "4.2",
            "the scores come in sorted order",
            (double[] logs) -> {
              double[] sorted = last(logs, true, false);
              Arrays.sort(sorted);
              return IntStream.range(0, sorted.length)
                  .mapToDouble(i -> sorted[sorted.length - 1 - i])
                  .toArray();
            }),
        two(
            "4.3",
            "its best one must stay",
            (double[][] scores, Double ratio) -> choose(scores, ratio, 0, true)),
        two(
            "4.3",
            "all layers compete",
            (double[][] scores, Double ratio) -> choose(scores, ratio, 0, false)),
        two(
            "4.3",
            "5 should stay, and 6 do",
            (double[][] scores, Double ratio) -> choose(scores, ratio, 1, true)),
        two(
            "4.4",
            "the wrong sign",
            (double[] a, double[] b) -> new double[] {mean(b) - mean(a), 0}),
        two(
            "4.4",
            "that is the standard deviation of one difference",
            (double[] a, double[] b) ->
                new double[] {mean(a) - mean(b), deviation(differences(a, b))}),
        two(
            "4.4",
            "a seed that is better for both methods must change nothing",
            (double[] a, double[] b) ->
                new double[] {
                  mean(differences(a, b)),
                  Math.hypot(deviation(a), deviation(b)) / Math.sqrt(a.length)
                }),
        two(
            "4.4",
            "that is a variance",
            (double[] a, double[] b) ->
                new double[] {
                  mean(differences(a, b)), Math.pow(deviation(differences(a, b)), 2) / a.length
                }),
        two(
            "4.5",
            "a mask of zeros is computed",
            (DiscreteSsm s, StateSet kept) -> {
              NDArray mask = s.margin().mul(0);
              return s.withC(s.c().mul(mask));
            }),
        two(
            "4.5",
            "these are the states to remove",
            (DiscreteSsm s, StateSet kept) -> s.keep(kept.complement())),
        two(
            "4.5",
            "must lose the same states",
            (DiscreteSsm s, StateSet kept) ->
                s.keep(kept).withC(s.keep(StateSet.of(8, 0, 1, 2)).c().mul(2.0))));
  }

  private static Stream<Wrongly> horizon() {
    return Stream.of(
        value("5.1", "the four numbers must add up", new int[] {1, 2, 3, 4}),
        value("5.1", "these go", new int[] {1023, 353, 320, 352}),
        value("5.1", "LAST leaves others", new int[] {512, 512, 512, 512}),
        value("5.2", "the first number is the index", new double[] {-1, 1}),
        two(
            "5.3",
            "after one step this is |λ̄|",
            (Double margin, Integer length) -> Math.pow(1 - margin, length)),
        two(
            "5.3",
            "the exponent is one too small",
            (Double margin, Integer length) -> 1 - Math.pow(1 - margin, length - 1)),
        two(
            "5.3",
            "powers of a number near 1 cancel",
            (Double margin, Integer length) -> 1 - Math.pow(1 - margin, length)),
        two(
            "5.3",
            "what is left after L + M steps",
            (Double margin, Integer length) -> Math.min(1, margin * length)),
        one("5.4", "these are the norms of Eq. 5", (DiscreteSsm s) -> StateNorms.values(s)),
        one("5.4", "norms are asked for, not logarithms", (DiscreteSsm s) -> StateNorms.logHinf(s)),
        two(
            "5.5",
            "this is the H∞ norm",
            (double[][] channel, Integer n) ->
                n == 1
                    ? Math.abs(new Channel(channel).response(1)[0])
                    : new Channel(channel).norm(1e-6).upper()),
        two(
            "5.5",
            "Σ|K| is a bound",
            (double[][] channel, Integer n) ->
                Arrays.stream(new Channel(channel).response(impulse(n))).map(Math::abs).sum()),
        two(
            "5.5",
            "this is what an impulse gains",
            (double[][] channel, Integer n) -> norm(new Channel(channel).response(impulse(n)))),
        value(
            "5.6",
            "shares, from 0 to 1, not percent",
            new double[][] {{90, 90}, {90, 90}, {90, 90}}),
        value("5.7", "no answer yet", null),
        one(
            "6.1",
            "this ranks as LAST does",
            (DiscreteSsm s) -> Criterion.LAST.scores(List.of(s)).get(0)),
        one(
            "6.1",
            "Is it the wrong way round",
            (DiscreteSsm s) ->
                Arrays.stream(Criterion.LAST.scores(List.of(s)).get(0)).map(x -> -x).toArray()),
        one("6.1", "nothing is ranked", (DiscreteSsm s) -> new double[s.states()]),
        one("6.3", "the same half goes", (DiscreteSsm s) -> StateNorms.logHinf(s)),
        one(
            "6.3",
            "far above",
            (DiscreteSsm s) -> Arrays.stream(StateNorms.logHinf(s)).map(x -> -x).toArray()));
  }

  private static double norm(double... x) {
    return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
  }

  private static List<Wrongly> all() {
    return Stream.of(discretise(), amplify(), proofs(), pruning(), horizon())
        .flatMap(each -> each)
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> eachIsTold() {
    return all().stream()
        .map(
            wrong ->
                DynamicTest.dynamicTest(
                    wrong.id() + " " + wrong.hint(),
                    () -> {
                      Lab lab = Lab.open("lab-" + wrong.id().charAt(0), "a student");
                      Feedback feedback = wrong.attempt().apply(lab);
                      assertFalse(feedback.passed(), feedback.text());
                      assertTrue(feedback.hint().contains(wrong.hint()), feedback.text());
                    }));
  }

  @Test
  void everyHintIsOfItsOwn() {
    List<String> hints = all().stream().map(wrong -> wrong.id() + wrong.hint()).toList();
    assertEquals(hints.size(), new HashSet<>(hints).size());
    assertTrue(hints.size() >= 100, hints.size() + " wrong answers");
  }
}
