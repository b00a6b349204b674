package io.github.last4j.spark;

import java.io.Serializable;

/**
 * One row of a sweep that is to be made.
 *
 * @param kind the preset whose model is pruned
 * @param plan the number of the sweep among those of the preset
 * @param method the title of the method
 * @param seed the seed of the model
 * @param ratio the share of states to remove, in [0, 1]
 */
record Cell(String kind, int plan, String method, long seed, double ratio)
    implements Serializable {}
