package io.github.last4j.audit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.last4j.norm.Signals;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.States;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The ledger: every equation of the paper and every step of its appendices A and B, tried out.
 *
 * <p>For each claim a search looks for systems and inputs that make its left side as large as
 * possible against its right side. A claim <em>holds</em> here if none was found that exceeds one
 * by more than rounding; it <em>holds with a constant</em> if one was found, but none that exceeds
 * the constant; else it <em>fails</em>. A verdict "holds" is what the search did not refute, not a
 * proof; the proofs are in the notebooks. Feedthrough is left out, as in App. B.
 *
 * @param evaluations of a claim's ratio by the search, for each size of system
 * @param restarts of the search
 * @param samples random systems for the slack
 * @param seed what all is drawn from
 */
public record Ledger(int evaluations, int restarts, int samples, long seed) {
  /** What the ledger under data/ was made with. */
  public static final Ledger FULL = new Ledger(3000, 4, 200, 0);

  /**
   * Layers on which the claims' slack is measured.
   *
   * @param layers one layer, or a stack of them
   * @param kept the states that stay
   * @param input the first layer's input, shape (L, channels)
   */
  public record Case(List<DiscreteSsm> layers, States kept, NDArray input) {
    /** Copies the list. */
    public Case {
      layers = List.copyOf(layers);
    }

    private Sample sample() {
      kept.requireStates("kept", layers.stream().map(DiscreteSsm::states).toList());
      return new Sample(layers, kept, Signals.of(input));
    }
  }

  /** How many claims there are, for progress. */
  public static int size() {
    return Claims.all().size();
  }

  /**
   * Makes the ledger.
   *
   * @param manager holds what is made on the way
   * @param initial layers and stacks at initialisation
   * @param trained trained layers and stacks with real inputs
   * @param afterEach called after each claim
   * @return one row a claim, in the paper's order: id, place, statement, verdict, constant, worst
   *     ratio of left to right found, counterexample, repaired statement, its worst ratio, and the
   *     median and largest ratio on random systems, at initialisation, and on trained layers; empty
   *     where there is none. For equations the ratio is the larger side over the smaller.
   */
  public Table table(
      NDManager manager, List<Case> initial, List<Case> trained, Runnable afterEach) {
    Columns columns = new Columns();
    List<Sample> initialSamples = initial.stream().map(Case::sample).toList();
    List<Sample> trainedSamples = trained.stream().map(Case::sample).toList();
    for (Claim claim : Claims.all()) {
      Finding finding = find(claim, manager);
      columns.add(
          claim,
          finding,
          List.of(
              random(claim, manager),
              onCases(claim, initialSamples),
              onCases(claim, trainedSamples)));
      afterEach.run();
    }
    return columns.table();
  }

  /**
   * What a search found.
   *
   * @param worst the largest ratio
   * @param repaired the largest ratio of the repaired statement, or NaN
   * @param counterexample in words and short numbers, or empty
   * @param verdict that follows
   */
  record Finding(double worst, double repaired, String counterexample, Verdict verdict) {}

  /** Tries a claim. */
  Finding find(Claim claim, NDManager manager) {
    Search search = new Search(evaluations, restarts, seed);
    double worst = Double.NEGATIVE_INFINITY;
    double repaired = Double.NaN;
    String counterexample = "";
    for (Domain domain : claim.domains()) {
      ToDoubleFunction<double[]> printed =
          natural -> Claim.ratio(claim.printed(), domain, natural, manager);
      double[] point = search.worst(domain, printed);
      Simple simple = Simple.of(claim.relation(), domain, printed, point);
      worst = Math.max(worst, Math.max(printed.applyAsDouble(point), simple.ratio()));
      if (counterexample.isEmpty()) {
        counterexample = simple.text();
      }
      if (claim.repairedRatio(domain, point, manager).isPresent()) {
        ToDoubleFunction<double[]> mended =
            natural -> claim.repairedRatio(domain, natural, manager).orElse(Double.NaN);
        double ratio = mended.applyAsDouble(search.worst(domain, mended));
        repaired = Double.isNaN(repaired) ? ratio : Math.max(repaired, ratio);
      }
    }
    return new Finding(worst, repaired, counterexample, verdict(claim, worst));
  }

  private static Verdict verdict(Claim claim, double worst) {
    if (!claim.relation().violatedBy(worst)) {
      return Verdict.HOLDS;
    }
    return claim.constant().isPresent()
            && !claim.relation().violatedBy(worst / claim.constant().get())
        ? Verdict.HOLDS_WITH_A_CONSTANT
        : Verdict.FAILS;
  }

  /**
   * A counterexample in short numbers that keeps most of the violation.
   *
   * @param ratio of the sides, or -∞ where nothing is violated
   * @param text the numbers and the ratio, or empty
   */
  private record Simple(double ratio, String text) {
    private static final double SHARE = 0.75;

    static Simple of(
        Relation relation, Domain domain, ToDoubleFunction<double[]> ratio, double[] point) {
      double found = ratio.applyAsDouble(point);
      for (UnaryOperator<BigDecimal> rounding : roundings()) {
        for (double[] start : List.of(domain.simpler(point), point)) {
          double[] rounded = round(start, rounding);
          if (!domain.contains(rounded)) {
            continue;
          }
          double value = ratio.applyAsDouble(rounded);
          boolean most = value - 1 >= SHARE * (found - 1) || relation == Relation.BELOW;
          if (relation.violatedBy(value) && most) {
            String numbers = domain.show(rounded);
            return new Simple(
                value,
                String.format(
                    Locale.ROOT, "%s%sratio %.5g", numbers, numbers.isEmpty() ? "" : "; ", value));
          }
        }
      }
      return new Simple(Double.NEGATIVE_INFINITY, "");
    }

    /** From whole numbers to all digits. */
    private static List<UnaryOperator<BigDecimal>> roundings() {
      List<UnaryOperator<BigDecimal>> roundings = new ArrayList<>();
      for (int k = 0; k <= 2; k++) {
        int decimals = k;
        roundings.add(x -> x.setScale(decimals, RoundingMode.HALF_EVEN));
      }
      for (int k = 1; k <= 17; k++) {
        MathContext digits = new MathContext(k);
        roundings.add(x -> x.round(digits));
      }
      return roundings;
    }

    private static double[] round(double[] point, UnaryOperator<BigDecimal> rounding) {
      double[] rounded = new double[point.length];
      Arrays.setAll(rounded, i -> rounding.apply(new BigDecimal(point[i])).doubleValue());
      return rounded;
    }
  }

  private double[] random(Claim claim, NDManager manager) {
    Domain domain = Claims.largest(claim);
    if (domain.dimension() == 0) {
      return new double[0];
    }
    // The ledger's points are its draws. The first one hardly differs between small seeds: one
    // coordinate of one point.
    Random random = new Random(seed + 1);
    double[] ratios = new double[samples];
    Arrays.setAll(
        ratios,
        i ->
            Claim.ratio(
                claim.printed(),
                domain,
                domain.natural(Search.draw(random, domain.dimension())),
                manager));
    return ratios;
  }

  private static double[] onCases(Claim claim, List<Sample> cases) {
    if (claim.onLayers().isEmpty()) {
      return new double[0];
    }
    return cases.stream()
        .filter(sample -> sample.layers.size() > 1 == claim.stacked())
        .filter(sample -> claim.bidirectional() == (sample.layer().terms > sample.layer().states))
        .mapToDouble(claim.onLayers().get().ratio())
        .toArray();
  }

  /** The columns of the table, as they fill. */
  private static final class Columns {
    private static final List<String> SYSTEMS = List.of("random", "initial", "trained");

    private final StringColumn id = StringColumn.create("id");
    private final StringColumn place = StringColumn.create("place");
    private final StringColumn statement = StringColumn.create("statement");
    private final StringColumn verdict = StringColumn.create("verdict");
    private final DoubleColumn constant = DoubleColumn.create("constant");
    private final DoubleColumn worst = DoubleColumn.create("worst ratio");
    private final StringColumn counterexample = StringColumn.create("counterexample");
    private final StringColumn repaired = StringColumn.create("repaired");
    private final DoubleColumn repairedWorst = DoubleColumn.create("repaired worst ratio");
    private final List<DoubleColumn> slack = new ArrayList<>();

    Columns() {
      for (String systems : SYSTEMS) {
        slack.add(DoubleColumn.create(systems + " median"));
        slack.add(DoubleColumn.create(systems + " largest"));
      }
    }

    void add(Claim claim, Finding finding, List<double[]> ratios) {
      id.append(claim.id());
      place.append(claim.place());
      statement.append(claim.statement());
      verdict.append(finding.verdict().title());
      if (claim.constant().isPresent()) {
        constant.append(short6(claim.constant().get()));
      } else {
        constant.appendMissing();
      }
      append(worst, finding.worst());
      counterexample.append(finding.counterexample());
      repaired.append(claim.repaired());
      append(repairedWorst, finding.repaired());
      for (int k = 0; k < ratios.size(); k++) {
        double[] sorted =
            Arrays.stream(ratios.get(k)).filter(ratio -> !Double.isNaN(ratio)).sorted().toArray();
        append(slack.get(2 * k), sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2]);
        append(slack.get(2 * k + 1), sorted.length == 0 ? Double.NaN : sorted[sorted.length - 1]);
      }
    }

    private static void append(DoubleColumn column, double value) {
      if (Double.isNaN(value)) {
        column.appendMissing();
      } else {
        column.append(short6(value));
      }
    }

    /** Six digits: more would differ from one machine to another. */
    private static double short6(double value) {
      return Double.isInfinite(value)
          ? value
          : new BigDecimal(value).round(new MathContext(6)).doubleValue();
    }

    Table table() {
      Table table =
          Table.create(
              "ledger",
              id,
              place,
              statement,
              verdict,
              constant,
              worst,
              counterexample,
              repaired,
              repairedWorst);
      slack.forEach(table::addColumns);
      return table;
    }
  }
}
