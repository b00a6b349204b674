package io.github.last4j.data;

import static io.github.last4j.data.Pathfinder.PATHFINDER32;
import static io.github.last4j.data.Pathfinder.PATH_X;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.data.Pathfinder.Options;
import io.github.last4j.data.PathfinderScene.Paddle;
import io.github.last4j.data.PathfinderScene.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The generator beside the settings that the Long Range Arena publishes. */
class PathfinderTest {
  private static final int SCENES = 200;

  static Stream<Arguments> published() {
    // Options, pixels, distractors, paddle length, marker radius, distance of the beginnings.
    return Stream.of(
        Arguments.of(PATHFINDER32, 32, 5, 2.0, 1.5, 7.0),
        Arguments.of(PATH_X, 128, 8, 5.0, 3.0, 20.0));
  }

  @ParameterizedTest
  @MethodSource("published")
  void scenesAreAsPublished(
      Options options, int side, int distractors, double paddle, double marker, double distance) {
    assertEquals(
        List.of(160_000, 20_000, 20_000),
        List.of(options.train(), options.validation(), options.test()));
    double[] apart = new double[2];
    for (int i = 0; i < SCENES; i++) {
      PathfinderScene scene = Pathfinder.scene(options, Split.VALIDATION, i);
      assertEquals(2, scene.contours().size());
      assertEquals(distractors, scene.distractors().size());
      scene.contours().forEach(contour -> assertEquals(14, contour.size()));
      scene.distractors().forEach(contour -> assertEquals(4, contour.size()));
      Point first = scene.contours().get(0).get(0).from();
      Point second = scene.contours().get(1).get(0).from();
      assertEquals(distance, first.distance(second), 1e-9);
      List<Point> expected = List.of(first, scene.contours().get(1 - scene.label()).get(13).to());
      assertEquals(expected, scene.markers());
      apart[scene.label()] += scene.markers().get(0).distance(scene.markers().get(1));
      for (List<Paddle> contour : all(scene)) {
        for (int j = 0; j < contour.size(); j++) {
          assertEquals(paddle, length(contour.get(j)), 1e-9);
          for (Point end : List.of(contour.get(j).from(), contour.get(j).to())) {
            assertTrue(Math.min(end.x(), end.y()) >= 1 && Math.max(end.x(), end.y()) <= side - 2);
          }
          if (j > 0) {
            double gap = contour.get(j - 1).to().distance(contour.get(j).from());
            assertEquals(options.gap(), gap, 1e-9);
          }
        }
      }
      assertApart(scene, options.gap() + options.thickness());
      byte[] pixels = scene.pixels(options);
      assertEquals(side * side, pixels.length);
      for (Point at : scene.markers()) {
        assertMarker(pixels, side, at, marker);
      }
    }
    // The label shows in no distance: 100 of each, and a standard deviation of a fifth of the side.
    assertEquals(0, (apart[0] - apart[1]) / (SCENES / 2), 0.12 * side);
  }

  private static List<List<Paddle>> all(PathfinderScene scene) {
    List<List<Paddle>> all = new ArrayList<>(scene.contours());
    all.addAll(scene.distractors());
    return all;
  }

  private static double length(Paddle paddle) {
    return paddle.from().distance(paddle.to());
  }

  /** By points along the strokes, a tenth of them from each to the next. */
  private static void assertApart(PathfinderScene scene, double least) {
    List<List<Paddle>> all = all(scene);
    for (List<Paddle> one : all) {
      for (List<Paddle> other : all) {
        if (one != other) {
          for (Paddle a : one) {
            for (Paddle b : other) {
              for (int i = 0; i <= 10; i++) {
                double x = a.from().x() + i / 10.0 * (a.to().x() - a.from().x());
                double y = a.from().y() + i / 10.0 * (a.to().y() - a.from().y());
                assertTrue(b.distance(new Point(x, y)) >= least);
              }
            }
          }
        }
      }
    }
  }

  private static void assertMarker(byte[] pixels, int side, Point at, double radius) {
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        if (at.distance(new Point(x, y)) <= radius - 0.5) {
          assertEquals(255, Byte.toUnsignedInt(pixels[y * side + x]));
        }
      }
    }
  }

  @Test
  void halfOfEverySplitIsOfEachClass() {
    Options few = PATHFINDER32.samples(200, 20, 40);
    for (Split split : Split.values()) {
      int[] labels = Pathfinder.generate(split, few).labels();
      assertEquals(labels.length, 2 * Arrays.stream(labels).sum());
    }
    // Which one of a pair is of which class is a coin: 100 tosses within 4 standard deviations.
    int[] labels = Pathfinder.generate(Split.TRAIN, few).labels();
    int firsts = 0;
    for (int i = 0; i < labels.length; i += 2) {
      firsts += labels[i];
    }
    assertEquals(50, firsts, 20);
  }

  @Test
  void theSeedAndTheNumberDecide() {
    Options few = PATHFINDER32.samples(6, 4, 2);
    SequenceData train = Pathfinder.generate(Split.TRAIN, few);
    assertEquals("pathfinder-32/train: 6 sequences of (1024, 1), 2 classes", train.toString());
    assertArrayEquals(train.inputs(), Pathfinder.generate(Split.TRAIN, few).inputs());
    assertEquals(train.checksum(), Pathfinder.generate(Split.TRAIN, few).checksum());
    assertArrayEquals(
        train.inputs(), Pathfinder.generate(Split.TRAIN, few.samples(9, 4, 2)).take(6).inputs());
    Options other =
        new Options(32, 14, 5, 4, 2, 1, 0.5, 1.5, 7, few.train(), few.validation(), few.test(), 1);
    assertNotEquals(train.checksum(), Pathfinder.generate(Split.TRAIN, other).checksum());
    Set<String> seen = new HashSet<>();
    for (Split split : Split.values()) {
      SequenceData data = Pathfinder.generate(split, few);
      for (int i = 0; i < data.size(); i++) {
        assertTrue(seen.add(Arrays.toString(data.input(i))));
      }
    }
    // Pinned: what this seed draws on every machine.
    assertEquals(
        "73593086e9d9b6b0745978ad7c3aeff4e01446d713d9d8e1536039c03909b21f", train.checksum());
  }

  @Test
  void aStrokeCoversItsPixels() {
    Options options = new Options(9, 1, 0, 1, 4, 1, 1, 1, 4, 2, 1, 1, 0);
    Paddle across = new Paddle(new Point(2, 4), new Point(6, 4));
    Paddle below = new Paddle(new Point(2, 7.25), new Point(6, 7.25));
    PathfinderScene scene =
        new PathfinderScene(List.of(List.of(across), List.of(below)), List.of(), List.of(), 0);
    byte[] pixels = scene.pixels(options);
    for (int x = 2; x <= 6; x++) {
      assertEquals(255, Byte.toUnsignedInt(pixels[9 * 4 + x]));
      assertEquals(0, pixels[9 * 5 + x]);
      assertEquals(Math.round(0.75 * 255), Byte.toUnsignedInt(pixels[9 * 7 + x]));
      assertEquals(Math.round(0.25 * 255), Byte.toUnsignedInt(pixels[9 * 8 + x]));
    }
    assertEquals(0, pixels[9 * 4 + 1]);
    assertFalse(pixels.length != 81);
  }

  @Test
  void impossibleOptionsAreRefused() {
    Options crowded = new Options(12, 14, 5, 4, 2, 1, 0.5, 1.5, 7, 2, 1, 1, 0);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Pathfinder.generate(Split.TEST, crowded))
            .getMessage();
    assertTrue(message.contains("expected room for all contours"), message);
    message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Options(32, 14, 5, 4, Double.NaN, 1, 0.5, 1.5, 7, 2, 1, 1, 0))
            .getMessage();
    assertTrue(message.contains("paddle: expected a positive number, got NaN"), message);
  }
}
