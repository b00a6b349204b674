package io.github.last4j.lab;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All labs. */
final class Course {
  static final Map<String, List<Exercise>> LABS =
      new TreeMap<>(
          Map.of(
              "lab-1", Discretise.EXERCISES,
              "lab-2", Amplify.EXERCISES,
              "lab-3", BreakTheProof.EXERCISES,
              "lab-4", ScoreAndPrune.EXERCISES,
              "lab-5", Horizon.EXERCISES,
              "lab-6", BeatLast.EXERCISES));

  private Course() {}
}
