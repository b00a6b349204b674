package io.github.last4j.io;

import io.github.last4j.model.Family;
import io.github.last4j.model.ModelConfig;
import java.util.List;
import java.util.regex.Pattern;

/** A project whose models {@link ModelImport} reads: one class, and one line in its list. */
interface ForeignProject {
  /** The kind of its systems. */
  Family family();

  /**
   * How names of a layer's arrays begin, with slashes: group 1 is what holds all parameters, group
   * 2 the rest up to the number of the layer.
   */
  Pattern layers();

  /**
   * Arrays of which each of its layers has one and no other project's, below the path of a layer;
   * the first is what one without is said to lack.
   */
  List<String> marks();

  /**
   * Translates all parameters.
   *
   * @return the configuration
   * @throws IllegalArgumentException naming the array that is missing, misshapen or out of range
   */
  ModelConfig read(Translation to);
}
