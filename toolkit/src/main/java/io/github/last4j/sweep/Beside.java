package io.github.last4j.sweep;

import io.github.last4j.data.Task;
import io.github.last4j.table.Rows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.joining.JoinType;

/**
 * Results of sweeps beside the paper's, where it has the family, the method and, under the name
 * {@link Task#paper}, the task: published figures left, ours right. Our ratios are chosen as the
 * paper's are, by LAST and for one percentage point.
 */
public final class Beside {
  private Beside() {}

  /**
   * Table 1 beside {@link Summary#averages}.
   *
   * @param results a table that a sweep made
   * @return family, method, and of both ratio (%), compressible ratio (%), accuracy loss (%),
   *     compressible accuracy loss (%)
   * @throws IOException if the paper's table can't be read
   */
  public static Table averages(Table results) throws IOException {
    return join(Published.table(1), Summary.averages(results, "LAST", 1), "family", "method");
  }

  /**
   * Tables 7, 9 and 10 beside {@link Summary#models}.
   *
   * @param results a table that a sweep made
   * @return task (as in the paper), family, method, model (ours), and of both ratio (%), accuracy
   *     (%), spread (%)
   * @throws IOException if a table can't be read
   */
  public static Table models(Table results) throws IOException {
    Table ours = Summary.models(results, "LAST", 1);
    StringColumn tasks = StringColumn.create("task");
    ours.stringColumn("task").forEach(task -> tasks.append(paper(task).orElse("")));
    return join(Published.models(), ours.replaceColumn("task", tasks), "task", "family", "method");
  }

  private static Table join(Table published, Table ours, String... keys) {
    List<String> columns = new ArrayList<>(Arrays.asList(keys));
    if (ours.containsColumn("model")) {
      columns.add("model");
    }
    for (String name : published.columnNames()) {
      if (ours.containsColumn(name) && !columns.contains(name)) {
        ours.column(name).setName("our " + name);
        columns.addAll(List.of(name, "our " + name));
      }
    }
    Table both = published.joinOn(keys).with(ours).type(JoinType.INNER).join();
    return both.selectColumns(columns.toArray(String[]::new)).setName(published.name() + ", ours");
  }

  private static Optional<String> paper(String task) {
    return Task.ALL.stream()
        .filter(each -> each.name().equals(task))
        .findFirst()
        .flatMap(Task::paper);
  }

  /**
   * What is lost at the paper's ratio, which need not be the one that LAST chooses for our model.
   *
   * @param results a table that a sweep made
   * @return one row for each of our models and each method: task (as in the paper), family, method,
   *     model (ours), ratio (%), accuracy loss (%), our accuracy loss (%)
   * @throws IllegalArgumentException if the sweep has not tried a ratio
   * @throws IOException if a table can't be read
   */
  public static Table losses(Table results) throws IOException {
    Rows rows =
        Rows.of("at the paper's ratios", "task", "family", "method", "model", "ratio (%)")
            .and(List.of("accuracy loss (%)", "our accuracy loss (%)"));
    for (SweptModel model : SweptModel.of(results)) {
      double whole = Double.NaN;
      for (Row row : Published.models()) {
        String method = row.getString("method");
        boolean same =
            paper(model.task()).equals(Optional.of(row.getString("task")))
                && model.family().equals(row.getString("family"));
        if (same && method.equals(Summary.FULL_MODEL)) {
          whole = row.getDouble("accuracy (%)");
        } else if (same && model.byMethod().containsKey(method)) {
          double percent = row.getDouble("ratio (%)");
          Seeds lost = model.at(method, 0).minus(model.at(method, percent / 100));
          rows.add(
              row.getString("task"),
              model.family(),
              method,
              model.name(),
              percent,
              whole - row.getDouble("accuracy (%)"),
              lost.mean());
        }
      }
    }
    return rows.table();
  }
}
