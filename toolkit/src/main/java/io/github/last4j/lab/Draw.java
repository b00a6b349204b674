package io.github.last4j.lab;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;

/** The numbers of one student's variant of one exercise: the same whenever it is drawn. */
final class Draw {
  private final SplittableRandom random;
  private final boolean grading;
  private final double[] own;

  private Draw(SplittableRandom random, boolean grading, double... own) {
    this.random = random;
    this.grading = grading;
    this.own = own;
  }

  /** From the names of a lab, an exercise, a student, and what is kept from students. */
  static Draw of(String... names) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest(String.join("\n", names).getBytes(StandardCharsets.UTF_8));
      long seed = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        seed = seed << Byte.SIZE | hash[i] & 0xff;
      }
      return new Draw(new SplittableRandom(seed), false);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** The same draws, in a variant whose numbers the student knows. */
  Draw with(double... numbers) {
    return new Draw(random, grading, numbers.clone());
  }

  /** The same draws, where models and data are those that students don't work with. */
  Draw toGrade() {
    return new Draw(random, true, own);
  }

  boolean isGrading() {
    return grading;
  }

  /** The numbers of the variant that the student knows. */
  double own(int index) {
    return own[index];
  }

  double between(double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** Uniform in its logarithm. */
  double log(double low, double high) {
    return Math.exp(between(Math.log(low), Math.log(high)));
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean coin() {
    return random.nextBoolean();
  }

  double normal() {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }

  double[] normals(int count) {
    return many(count, this::normal);
  }

  double[] many(int count, DoubleSupplier each) {
    return DoubleStream.generate(each).limit(count).toArray();
  }

  /** A channel's states: |λ̄|, arg λ̄, Re CB̄, Im CB̄ of each. */
  double[][] channel(int states) {
    double[][] channel = new double[states][];
    for (int i = 0; i < states; i++) {
      channel[i] = new double[] {1 - log(0.003, 0.5), between(0.05, 3), normal(), normal()};
    }
    return channel;
  }
}
