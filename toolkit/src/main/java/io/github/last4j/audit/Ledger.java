package io.github.last4j.audit;

import ai.djl.ndarray.NDManager;
import io.github.last4j.data.DataFolder;
import io.github.last4j.progress.Interruption;
import io.github.last4j.progress.Progress;
import io.github.last4j.table.Rows;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

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

  private static final String[] COLUMNS = {
    "id",
    "place",
    "kind",
    "statement",
    "verdict",
    "constant",
    "worst ratio",
    "counterexample",
    "repaired",
    "repaired worst ratio",
    "random median",
    "random largest",
    "initial median",
    "initial largest",
    "trained median",
    "trained largest"
  };

  /** The claims, in the paper's order. */
  static List<Claim<?>> claims() {
    return Stream.of(
            Section2.CLAIMS,
            Section31.CLAIMS,
            Section32.CLAIMS,
            AppendixA.CLAIMS,
            AppendixB1.CLAIMS,
            AppendixB2.CLAIMS,
            AppendixB3.CLAIMS)
        .<Claim<?>>flatMap(List::stream)
        .toList();
  }

  /**
   * Makes the ledger, and shows how far it is.
   *
   * @param manager holds what is made on the way
   * @param initial layers and stacks at initialisation
   * @param trained trained layers and stacks with real inputs
   * @return one row a claim, in the paper's order: id, place, kind, statement, verdict, constant,
   *     worst ratio of left to right found, counterexample, repaired statement, its worst ratio,
   *     and the median and largest ratio on random systems, at initialisation, and on trained
   *     layers; empty where there is none. For equations the ratio is the larger side over the
   *     smaller.
   */
  public Table table(NDManager manager, List<Sample> initial, List<Sample> trained) {
    List<Claim<?>> claims = claims();
    Rows rows = Rows.of("ledger", COLUMNS);
    try (Progress progress = Progress.of("claims", claims.size())) {
      for (Claim<?> claim : claims) {
        Finding finding = Finding.of(claim, new Search(evaluations, restarts, seed), manager);
        rows.add(
            claim.statement().id(),
            claim.statement().place(),
            claim.statement().kind().title(),
            claim.statement().text(),
            finding.verdict().title(),
            claim.repair().flatMap(Claim.Repair::constant).map(Ledger::short6).orElse(null),
            short6(finding.worst()),
            finding.counterexample(),
            claim.repair().map(Claim.Repair::statement).orElse(""),
            finding.repaired().map(Ledger::short6).orElse(null),
            slack(random(claim, manager)),
            slack(onLayers(claim, initial)),
            slack(onLayers(claim, trained)));
        progress.step();
      }
    }
    return rows.table();
  }

  /** The median and the largest. */
  private static double[] slack(double[] ratios) {
    double[] sorted =
        Arrays.stream(ratios).filter(ratio -> !Double.isNaN(ratio)).sorted().toArray();
    return sorted.length == 0
        ? new double[] {Double.NaN, Double.NaN}
        : new double[] {short6(sorted[sorted.length / 2]), short6(sorted[sorted.length - 1])};
  }

  /** Six digits: more would differ from one machine to another. */
  private static double short6(double value) {
    return Double.isInfinite(value)
        ? value
        : new BigDecimal(value).round(new MathContext(6)).doubleValue();
  }

  private <T> double[] random(Claim<T> claim, NDManager manager) {
    Domain<T> domain = claim.largest();
    if (domain.dimension() == 0) {
      return new double[0];
    }
    // The ledger's points are its draws. The first one hardly differs between small seeds: one
    // coordinate of one point.
    Random random = new Random(seed + 1);
    double[] ratios = new double[samples];
    Arrays.setAll(
        ratios,
        i -> {
          Interruption.check("the ledger");
          return domain.measure(
              claim.ratio(), domain.natural(Search.draw(random, domain.dimension())), manager);
        });
    return ratios;
  }

  private static double[] onLayers(Claim<?> claim, List<Sample> cases) {
    return claim.onLayers().stream()
        .flatMapToDouble(
            ratio ->
                cases.stream()
                    .filter(claim::isAbout)
                    .peek(layer -> Interruption.check("the ledger"))
                    .mapToDouble(ratio))
        .toArray();
  }

  /**
   * The ledger under data/.
   *
   * @throws IOException if it can't be read
   */
  public static Table read() throws IOException {
    return Table.read()
        .csv(
            CsvReadOptions.builder(DataFolder.locate().resolve("ledger.csv").toFile())
                .tableName("ledger")
                .columnTypesPartial(Map.of("id", ColumnType.STRING)));
  }

  /**
   * How many claims of each kind have each verdict.
   *
   * @param ledger with kinds and verdicts
   * @return one row a kind: kind, the verdicts, and all claims of the kind
   */
  public static Table summary(Table ledger) {
    List<String> verdicts = Arrays.stream(Verdict.values()).map(Verdict::title).toList();
    Rows rows = Rows.of("verdicts", "kind").and(verdicts).and(List.of("claims"));
    for (Kind kind : Kind.values()) {
      Table claims = ledger.where(ledger.stringColumn("kind").isEqualTo(kind.title()));
      StringColumn found = claims.stringColumn("verdict");
      rows.add(
          kind.title(),
          verdicts.stream().map(verdict -> found.isEqualTo(verdict).size()).toList(),
          claims.rowCount());
    }
    return rows.table();
  }

  /**
   * The claims of one verdict.
   *
   * @param ledger with verdicts
   * @param columns those that are taken; without any, all
   */
  public static Table select(Table ledger, Verdict verdict, String... columns) {
    Table rows = ledger.where(ledger.stringColumn("verdict").isEqualTo(verdict.title()));
    Table selected = columns.length == 0 ? rows : rows.selectColumns(columns);
    return selected.setName(verdict.title());
  }
}
