package io.github.last4j.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import io.github.last4j.ssm.DiscreteSsm;
import io.github.last4j.ssm.StateSet;
import io.github.last4j.ssm.States;
import io.github.last4j.table.Rows;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/** The ledger, made and kept. */
class LedgerTest {
  // Certified norms are 1e-6 wide, and a claim of two layers has four of them.
  private static final double ROUNDING = 2e-5;

  /** A short search comes to the same verdicts as the long one whose results are kept. */
  @Test
  void verdictsAreRemade() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      // Two equal states, which are not orthogonal.
      DiscreteSsm layer = DiscreteSsm.singleChannel(manager, new double[] {0.5, 0, 0.5, 0});
      States none = new States(List.of(StateSet.none(1)));
      Sample sample = Sample.of(List.of(layer), none, new double[][] {{1}, {1}, {1}});
      Table small = new Ledger(500, 2, 5, 0).table(manager, List.of(sample), List.of());
      Table kept = Ledger.read();
      assertEquals(Ledger.claims().size(), kept.rowCount());
      for (int i = 0; i < kept.rowCount(); i++) {
        String id = kept.row(i).getString("id");
        for (String column : List.of("id", "place", "kind", "statement", "verdict")) {
          String remade = small.row(i).getString(column);
          assertEquals(kept.row(i).getString(column), remade, column + " of claim " + id);
        }
        if (id.equals("B.2 d")) {
          assertEquals(2, small.row(i).getDouble("initial largest"), 1e-6);
        }
      }
    }
  }

  @Test
  void whatFailsHasACounterexampleAndARepair() throws IOException {
    for (Row row : Ledger.read()) {
      String id = row.getString("id");
      boolean holds = row.getString("verdict").equals("holds");
      assertEquals(holds, row.getString("counterexample").isEmpty(), id);
      if (!holds) {
        assertFalse(row.getString("repaired").isEmpty(), id);
        assertTrue(row.getDouble("repaired worst ratio") <= 1 + ROUNDING, id);
      }
      // What was seen on systems is not worse than what was searched for, where verdicts depend on
      // it.
      if (holds && !row.isMissing("trained largest")) {
        assertTrue(row.getDouble("trained largest") <= 1 + ROUNDING, id);
      }
    }
  }

  @Test
  void everyClaimHasAnIdOfItsOwnAndAKind() throws IOException {
    Set<String> kinds =
        Arrays.stream(Kind.values())
            .map(Kind::title)
            .collect(Collectors.toCollection(TreeSet::new));
    Table ledger = Ledger.read();
    assertEquals(ledger.rowCount(), ledger.stringColumn("id").countUnique());
    assertEquals(kinds, new TreeSet<>(ledger.stringColumn("kind").unique().asList()));
  }

  @Test
  void summaryCountsKindsAndVerdicts() {
    Table ledger =
        Rows.of("ledger", "kind", "verdict")
            .add("printed", "holds")
            .add("reading", "fails")
            .add("aside", "fails")
            .add("printed", "fails")
            .add("printed", "holds")
            .add("reading", "holds with a constant")
            .table();
    Table expected =
        Rows.of("verdicts", "kind", "holds", "holds with a constant", "fails", "claims")
            .add("printed", 2, 0, 1, 3)
            .add("aside", 0, 0, 1, 1)
            .add("reading", 0, 1, 1, 2)
            .add("ours", 0, 0, 0, 0)
            .table();
    assertEquals(expected.print(), Ledger.summary(ledger).print());
    Table failing = Ledger.select(ledger, Verdict.FAILS, "kind");
    assertEquals(List.of("reading", "aside", "printed"), failing.stringColumn("kind").asList());
    assertEquals(1, failing.columnCount());
  }
}
