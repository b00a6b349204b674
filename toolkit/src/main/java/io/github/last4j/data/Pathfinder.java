package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Draws images of the Pathfinder challenge (Linsley et al., 2018): two long contours of paddles,
 * shorter ones that distract, and two markers. Either both markers are at the ends of one contour,
 * class 1, or one is at the beginning of the first and the other at the end of the second, class 0.
 *
 * <p>The numbers of paddles, contours and pixels are those that the Long Range Arena gives for its
 * images, in {@link #PATHFINDER32} and {@link #PATH_X}. How contours are drawn is this project's
 * own: each paddle turns from the one before by an angle that is uniform between two bounds, and is
 * drawn again while it leaves the image or comes too close to another.
 */
public final class Pathfinder {
  /** 32 × 32 pixels: the task Pathfinder, at full size. */
  public static final Options PATHFINDER32 =
      new Options(32, 14, 5, 4, 2, 1, 0.5, 1.5, 7, 160_000, 20_000, 20_000, 0);

  /**
   * 128 × 128 pixels: the task Path-X, at full size. Gaps are 2 or 3 pixels in the published images
   * and 2.5 in these.
   */
  public static final Options PATH_X =
      new Options(128, 14, 8, 4, 5, 2.5, 1.5, 3, 20, 160_000, 20_000, 20_000, 0);

  private Pathfinder() {}

  /**
   * What to draw, in pixels, and how many.
   *
   * @param side the height and width of an image
   * @param contour the paddles of each of the two contours
   * @param distractors the number of distractors
   * @param distractor the paddles of each distractor
   * @param paddle the length of a paddle
   * @param gap the distance from one paddle of a contour to the next
   * @param thickness the thickness of a paddle
   * @param marker the radius of a marker
   * @param distance from the beginning of one contour to the beginning of the other
   * @param train the number of samples for training
   * @param validation the number of samples for validation
   * @param test the number of samples for testing
   * @param seed what the images are drawn from; the same seed gives the same ones
   */
  public record Options(
      int side,
      int contour,
      int distractors,
      int distractor,
      double paddle,
      double gap,
      double thickness,
      double marker,
      double distance,
      int train,
      int validation,
      int test,
      long seed) {
    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if a size or number is not positive; there may be no
     *     distractors
     */
    public Options {
      requirePositive("side", side);
      requirePositive("contour", contour);
      requirePositive("distractors + 1", distractors + 1.0);
      requirePositive("distractor", distractor);
      requirePositive("paddle", paddle);
      requirePositive("gap", gap);
      requirePositive("thickness", thickness);
      requirePositive("marker", marker);
      requirePositive("distance", distance);
      requirePositive("train", train);
      requirePositive("validation", validation);
      requirePositive("test", test);
    }

    private static void requirePositive(String argument, double value) {
      if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(argument + ": expected a positive number, got " + value);
      }
    }

    /** The same images, other numbers of them. */
    public Options samples(int newTrain, int newValidation, int newTest) {
      return new Options(
          side,
          contour,
          distractors,
          distractor,
          paddle,
          gap,
          thickness,
          marker,
          distance,
          newTrain,
          newValidation,
          newTest,
          seed);
    }

    private int count(Split split) {
      return switch (split) {
        case TRAIN -> train;
        case VALIDATION -> validation;
        case TEST -> test;
      };
    }

    /** The test images come first, and those for training last. */
    private int first(Split split) {
      return switch (split) {
        case TRAIN -> test + validation;
        case VALIDATION -> test;
        case TEST -> 0;
      };
    }
  }

  /**
   * Draws the images of a split: {@code (N, side², 1)} from −1 to 1, row by row. Each depends on
   * the seed and its number only; of images 2k and 2k + 1 one is of class 0 and one of class 1.
   *
   * @throws IllegalArgumentException if there is no room for so many paddles
   */
  public static SequenceData generate(Split split, Options options) {
    requireNonNull(split, "split");
    requireNonNull(options, "options");
    int side = options.side();
    return Samples.drawn(
        HeldOut.name(String.format(Locale.ROOT, "pathfinder-%d", side), split),
        new Samples.Sizes(1, side * side, 1, 2),
        options.count(split),
        i -> {
          PathfinderScene scene = scene(options, split, i);
          return new Samples.Sample(normalized(scene.pixels(options)), scene.label());
        });
  }

  /**
   * What is in image i of a split: to be shown beside the settings.
   *
   * @throws IllegalArgumentException if there is no room for so many paddles
   */
  public static PathfinderScene scene(Options options, Split split, int i) {
    int number = options.first(split) + i;
    long base = new SplittableRandom(options.seed()).nextLong();
    boolean coin = new SplittableRandom(base - 1 - number / 2).nextBoolean();
    int label = coin == (number % 2 == 0) ? 1 : 0;
    return PathfinderScene.draw(options, label, new SplittableRandom(base + number));
  }

  /** Bytes as values from −1 to 1. */
  static float[] normalized(byte[] pixels) {
    float[] result = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      result[i] = (float) ((Byte.toUnsignedInt(pixels[i]) / 255.0 - 0.5) / 0.5);
    }
    return result;
  }
}
