package io.github.last4j.audit;

import ai.djl.ndarray.NDManager;
import io.github.last4j.data.DataFolder;
import io.github.last4j.progress.Progress;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Row;
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
    Table table =
        Table.create(
            "ledger",
            StringColumn.create("id"),
            StringColumn.create("place"),
            StringColumn.create("kind"),
            StringColumn.create("statement"),
            StringColumn.create("verdict"),
            DoubleColumn.create("constant"),
            DoubleColumn.create("worst ratio"),
            StringColumn.create("counterexample"),
            StringColumn.create("repaired"),
            DoubleColumn.create("repaired worst ratio"));
    for (String systems : List.of("random", "initial", "trained")) {
      table.addColumns(
          DoubleColumn.create(systems + " median"), DoubleColumn.create(systems + " largest"));
    }
    List<Claim<?>> claims = claims();
    try (Progress progress = Progress.of("claims", claims.size())) {
      for (Claim<?> claim : claims) {
        Row row = table.appendRow();
        add(row, claim, Finding.of(claim, new Search(evaluations, restarts, seed), manager));
        slack(row, "random", random(claim, manager));
        slack(row, "initial", onLayers(claim, initial));
        slack(row, "trained", onLayers(claim, trained));
        progress.step();
      }
    }
    return table;
  }

  private static void add(Row row, Claim<?> claim, Finding finding) {
    row.setString("id", claim.statement().id());
    row.setString("place", claim.statement().place());
    row.setString("kind", claim.statement().kind().title());
    row.setString("statement", claim.statement().text());
    row.setString("verdict", finding.verdict().title());
    set(row, "worst ratio", finding.worst());
    row.setString("counterexample", finding.counterexample());
    claim.repair().flatMap(Claim.Repair::constant).ifPresent(c -> set(row, "constant", c));
    row.setString("repaired", claim.repair().map(Claim.Repair::statement).orElse(""));
    finding.repaired().ifPresent(ratio -> set(row, "repaired worst ratio", ratio));
  }

  private static void slack(Row row, String systems, double[] ratios) {
    double[] sorted =
        Arrays.stream(ratios).filter(ratio -> !Double.isNaN(ratio)).sorted().toArray();
    if (sorted.length > 0) {
      set(row, systems + " median", sorted[sorted.length / 2]);
      set(row, systems + " largest", sorted[sorted.length - 1]);
    }
  }

  /** Six digits: more would differ from one machine to another. */
  private static void set(Row row, String column, double value) {
    row.setDouble(
        column,
        Double.isInfinite(value)
            ? value
            : new BigDecimal(value).round(new MathContext(6)).doubleValue());
  }

  private <T> double[] random(Claim<T> claim, NDManager manager) {
    Domain<T> domain = claim.largest();
    if (domain.dimension() == 0) {
      return new double[0];
    }
    Random random = new Random(seed + 1);
    double[] ratios = new double[samples];
    Arrays.setAll(
        ratios,
        i ->
            domain.measure(
                claim.ratio(), domain.natural(Search.draw(random, domain.dimension())), manager));
    return ratios;
  }

  private static double[] onLayers(Claim<?> claim, List<Sample> cases) {
    return claim.onLayers().stream()
        .flatMapToDouble(ratio -> cases.stream().filter(claim::isAbout).mapToDouble(ratio))
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
    Table summary = Table.create("verdicts", StringColumn.create("kind"));
    for (Verdict verdict : Verdict.values()) {
      summary.addColumns(IntColumn.create(verdict.title()));
    }
    summary.addColumns(IntColumn.create("claims"));
    for (Kind kind : Kind.values()) {
      Table claims = ledger.where(ledger.stringColumn("kind").isEqualTo(kind.title()));
      Row row = summary.appendRow();
      row.setString("kind", kind.title());
      for (Verdict verdict : Verdict.values()) {
        row.setInt(verdict.title(), select(claims, verdict).rowCount());
      }
      row.setInt("claims", claims.rowCount());
    }
    return summary;
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
