package io.github.last4j.sweep;

import io.github.last4j.data.Task;
import io.github.last4j.model.SequenceClassifier;

/**
 * A trained model.
 *
 * @param task what it has learnt
 * @param name what it is called in tables, the same for models that differ in their seeds only
 * @param seed its seed, from which a random method draws too
 */
public record Trained(Task task, String name, long seed, SequenceClassifier model) {}
