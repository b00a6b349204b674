package io.github.last4j.train;

import io.github.last4j.model.Evaluation;
import java.util.List;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;

/**
 * What a training epoch came to.
 *
 * @param number counted from one
 * @param loss the mean training loss over the epoch, with dropout, in nats
 * @param validation the model on the validation data after the epoch
 * @param seconds wall time of the epoch, its evaluation included
 */
public record Epoch(int number, double loss, Evaluation validation, double seconds) {

  /**
   * The course of a training: epoch, training loss and validation loss in nats, validation accuracy
   * in [0, 1].
   */
  public static Table table(List<Epoch> epochs) {
    return Table.create(
        "course",
        IntColumn.create("epoch", epochs.stream().mapToInt(Epoch::number)),
        DoubleColumn.create("training loss", epochs.stream().mapToDouble(Epoch::loss)),
        DoubleColumn.create(
            "validation loss", epochs.stream().mapToDouble(e -> e.validation.loss())),
        DoubleColumn.create(
            "validation accuracy", epochs.stream().mapToDouble(e -> e.validation.accuracy())));
  }
}
