package io.github.last4j.model;

import static io.github.last4j.model.ModelConfig.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Dataset;
import io.github.last4j.complex.ComplexArray;
import io.github.last4j.complex.Scoped;
import io.github.last4j.ssm.TimeLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The signals in one layer at evaluation, each (batch, L, h).
 *
 * @param normalized what the state space system sees; with post-normalisation the layer's input
 * @param response what it answers, feedthrough included
 * @param output what the layer hands on
 */
public record LayerTrace(NDArray normalized, NDArray response, NDArray output)
    implements AutoCloseable {

  /** Those of all sequences of a dataset, one trace a layer, held by the model's manager. */
  static List<LayerTrace> of(SequenceClassifier model, Dataset data) {
    List<List<LayerTrace>> batches = new ArrayList<>();
    try (NDManager scratch = model.manager().newSubManager()) {
      Batches.forEach(
          "data",
          "the trace",
          data,
          scratch,
          batch -> {
            List<LayerTrace> traces = model.trace(batch.getData());
            NDScope.unregister(allArrays(traces));
            allArrays(traces).attach(scratch);
            batches.add(traces);
          });
      require(!batches.isEmpty(), "data: expected at least one sequence, got none");
      List<Long> lengths =
          batches.stream().map(each -> each.get(0).output().getShape().get(1)).distinct().toList();
      require(lengths.size() == 1, "data: expected sequences of one length, got %s", lengths);
      return Scoped.compute(
          model.manager(),
          () ->
              IntStream.range(0, model.config().layers())
                  .mapToObj(layer -> concat(batches.stream().map(each -> each.get(layer)).toList()))
                  .toList(),
          LayerTrace::allArrays);
    }
  }

  /** Frees the signals. */
  @Override
  public void close() {
    arrays().close();
  }

  NDList arrays() {
    return new NDList(normalized, response, output);
  }

  static NDList allArrays(List<LayerTrace> traces) {
    NDList arrays = new NDList();
    traces.forEach(trace -> arrays.addAll(trace.arrays()));
    return arrays;
  }

  /** The same signals in another dtype, copies. */
  public LayerTrace toType(DataType type) {
    return map(signal -> ComplexArray.copy(signal, type));
  }

  /** In the order of time. */
  LayerTrace restored(TimeLayout layout) {
    return map(layout::restore);
  }

  private LayerTrace map(UnaryOperator<NDArray> change) {
    return new LayerTrace(change.apply(normalized), change.apply(response), change.apply(output));
  }

  /** One after the other along the batch, copies. */
  static LayerTrace concat(List<LayerTrace> batches) {
    return new LayerTrace(
        concat(batches, LayerTrace::normalized),
        concat(batches, LayerTrace::response),
        concat(batches, LayerTrace::output));
  }

  private static NDArray concat(List<LayerTrace> batches, Function<LayerTrace, NDArray> signal) {
    NDList signals = new NDList(batches.stream().map(signal).toList());
    return signals.size() == 1 ? signals.head().duplicate() : NDArrays.concat(signals);
  }
}
