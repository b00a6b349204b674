package io.github.last4j.ssm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Which states of a model stay.
 *
 * @param layers those that stay in each layer, in order
 */
public record States(List<StateSet> layers) {
  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if there is no layer
   */
  public States {
    if (layers == null || layers.stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("layers: expected no null, got " + layers);
    }
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("layers: expected at least one, got none");
    }
  }

  /** All states of layers with so many each. */
  public static States all(List<Integer> counts) {
    return new States(counts.stream().map(StateSet::all).toList());
  }

  /**
   * Reads masks.
   *
   * @param masks one boolean array (n_l) a layer, true where a state stays
   * @throws IllegalArgumentException if there is none, or one is no such array
   */
  public static States of(NDList masks) {
    if (masks == null || masks.isEmpty()) {
      throw new IllegalArgumentException("masks: expected at least one layer, got " + masks);
    }
    List<StateSet> layers = new ArrayList<>();
    for (NDArray mask : masks) {
      String name = "masks[" + layers.size() + "]";
      if (mask == null) {
        throw new IllegalArgumentException(name + ": expected an array, got null");
      }
      if (mask.getDataType() != DataType.BOOLEAN || mask.getShape().dimension() != 1) {
        throw new IllegalArgumentException(
            name
                + ": expected boolean of shape (n), got "
                + mask.getDataType()
                + " of shape "
                + mask.getShape());
      }
      boolean[] values = mask.toBooleanArray();
      layers.add(StateSet.where(values.length, i -> values[i]));
    }
    return new States(layers);
  }

  /**
   * The choice as masks.
   *
   * @param manager holds them
   * @return one boolean array (n_l) a layer, true where a state stays
   */
  public NDList toMasks(NDManager manager) {
    NDList masks = new NDList();
    for (StateSet layer : layers) {
      boolean[] values = new boolean[layer.states()];
      layer.indices().forEach(i -> values[i] = true);
      masks.add(manager.create(values));
    }
    return masks;
  }

  /** Those that stay in one layer, counted from 0. */
  public StateSet layer(int index) {
    return layers.get(index);
  }

  /** How many stay in each layer. */
  public List<Integer> counts() {
    return layers.stream().map(StateSet::count).toList();
  }

  /** How many stay in all. */
  public int count() {
    return layers.stream().mapToInt(StateSet::count).sum();
  }

  /** Those that go. */
  public States complement() {
    return new States(layers.stream().map(StateSet::complement).toList());
  }

  /**
   * Requires a choice for layers with so many states each.
   *
   * @param name of the argument, for the message
   * @return this choice
   * @throws IllegalArgumentException if the layers are others
   */
  public States requireStates(String name, List<Integer> counts) {
    if (layers.size() != counts.size()) {
      throw new IllegalArgumentException(
          name + ": expected " + counts.size() + " of them, one a layer, got " + layers.size());
    }
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).requireStates(name + "[" + l + "]", counts.get(l));
    }
    return this;
  }

  /**
   * Requires a choice for layers with so many states each that leaves none of them empty.
   *
   * @param name of the argument, for the message
   * @return this choice
   * @throws IllegalArgumentException if the layers are others, or one has no state that stays
   */
  public States requireSurvivors(String name, List<Integer> counts) {
    requireStates(name, counts);
    if (counts().contains(0)) {
      throw new IllegalArgumentException(
          name + ": expected at least one in each layer, got " + counts());
    }
    return this;
  }
}
