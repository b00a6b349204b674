package io.github.last4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is in an image of {@link Pathfinder}. The same seed gives the same one on every machine.
 *
 * @param contours the two long ones
 * @param distractors the short ones
 * @param markers the centres of the two markers
 * @param label 1 if one contour joins the markers, otherwise 0
 */
public record PathfinderScene(
    List<List<Paddle>> contours, List<List<Paddle>> distractors, List<Point> markers, int label) {
  /** Radians that a paddle turns from the one before, at most. */
  private static final double TURN = 0.8;

  /** Pixels at the edges that stay free. */
  private static final double PADDING = 1;

  private static final int TURNS = 16;
  private static final int CONTOURS = 50;
  private static final int SCENES = 1000;

  /** A place, in pixels from the centre of the first one: x to the right, y down. */
  public record Point(double x, double y) {
    Point moved(double angle, double distance) {
      return new Point(x + distance * StrictMath.cos(angle), y + distance * StrictMath.sin(angle));
    }

    double distance(Point other) {
      return Math.sqrt((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y));
    }
  }

  /** A stroke from one place to another. */
  public record Paddle(Point from, Point to) {
    double angle() {
      return StrictMath.atan2(to.y - from.y, to.x - from.x);
    }

    /** The distance from the stroke to a place. */
    double distance(Point point) {
      double dx = to.x - from.x;
      double dy = to.y - from.y;
      double along = (point.x - from.x) * dx + (point.y - from.y) * dy;
      double t = Math.max(0, Math.min(1, along / (dx * dx + dy * dy)));
      double x = point.x - from.x - t * dx;
      double y = point.y - from.y - t * dy;
      return Math.sqrt(x * x + y * y);
    }

    /** The distance between two strokes: 0 if they cross. */
    double distance(Paddle other) {
      double ends =
          Math.min(
              Math.min(distance(other.from), distance(other.to)),
              Math.min(other.distance(from), other.distance(to)));
      return crosses(other) ? 0 : ends;
    }

    private boolean crosses(Paddle other) {
      return side(other.from) * side(other.to) < 0 && other.side(from) * other.side(to) < 0;
    }

    private double side(Point point) {
      return (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x);
    }
  }

  /** Copies the lists. */
  public PathfinderScene {
    contours = contours.stream().map(List::copyOf).toList();
    distractors = distractors.stream().map(List::copyOf).toList();
    markers = List.copyOf(markers);
  }

  /** Draws a scene of a class. */
  static PathfinderScene draw(Pathfinder.Options options, int label, SplittableRandom random) {
    for (int i = 0; i < SCENES; i++) {
      Drawing drawing = new Drawing(options, random);
      if (drawing.contours() && drawing.distractors()) {
        List<Paddle> first = drawing.drawn.get(0);
        List<Paddle> end = drawing.drawn.get(1 - label);
        return new PathfinderScene(
            drawing.drawn.subList(0, 2),
            drawing.drawn.subList(2, drawing.drawn.size()),
            List.of(first.get(0).from(), end.get(end.size() - 1).to()),
            label);
      }
    }
    throw new IllegalArgumentException(
        "options: expected room for all contours, found none in " + options);
  }

  /** The image in bytes, row by row: each pixel by how far the strokes and markers cover it. */
  byte[] pixels(Pathfinder.Options options) {
    int side = options.side();
    double[] cover = new double[side * side];
    for (List<List<Paddle>> group : List.of(contours, distractors)) {
      for (List<Paddle> contour : group) {
        contour.forEach(paddle -> cover(cover, side, paddle, options.thickness() / 2));
      }
    }
    markers.forEach(at -> cover(cover, side, new Paddle(at, at.moved(0, 1e-9)), options.marker()));
    byte[] result = new byte[cover.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) Math.round(255 * cover[i]);
    }
    return result;
  }

  private static void cover(double[] pixels, int side, Paddle stroke, double radius) {
    double reach = radius + 0.5;
    Point a = stroke.from();
    Point b = stroke.to();
    int top = (int) Math.max(0, Math.ceil(Math.min(a.y, b.y) - reach));
    int bottom = (int) Math.min(side - 1.0, Math.max(a.y, b.y) + reach);
    int left = (int) Math.max(0, Math.ceil(Math.min(a.x, b.x) - reach));
    int right = (int) Math.min(side - 1.0, Math.max(a.x, b.x) + reach);
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        double covered = Math.min(1, reach - stroke.distance(new Point(x, y)));
        pixels[y * side + x] = Math.max(pixels[y * side + x], covered);
      }
    }
  }

  /** A scene while it is drawn. */
  private static final class Drawing {
    private final Pathfinder.Options options;
    private final SplittableRandom random;
    private final double clearance;
    private final List<List<Paddle>> drawn = new ArrayList<>();

    Drawing(Pathfinder.Options options, SplittableRandom random) {
      this.options = options;
      this.random = random;
      // A dark pixel lies between any two strokes that do not follow one another.
      clearance = options.gap() + options.thickness() + 0.5;
    }

    boolean contours() {
      for (int i = 0; i < CONTOURS; i++) {
        drawn.clear();
        Point first = anywhere();
        Point second = first.moved(angle(), options.distance());
        if (add(first, options.contour()) && add(second, options.contour())) {
          return true;
        }
      }
      return false;
    }

    boolean distractors() {
      for (int i = 0; i < options.distractors(); i++) {
        int tries = 0;
        while (!add(anywhere(), options.distractor())) {
          if (++tries == CONTOURS) {
            return false;
          }
        }
      }
      return true;
    }

    private Point anywhere() {
      double room = options.side() - 1 - 2 * PADDING;
      return new Point(PADDING + room * random.nextDouble(), PADDING + room * random.nextDouble());
    }

    private double angle() {
      return 2 * Math.PI * random.nextDouble();
    }

    /** Draws a contour if there is room for it: where there is none, it goes back and turns. */
    private boolean add(Point start, int paddles) {
      List<Paddle> contour = new ArrayList<>();
      double angle = angle();
      Paddle next = new Paddle(start, start.moved(angle, options.paddle()));
      if (!fits(next, contour)) {
        return false;
      }
      contour.add(next);
      for (int tries = 0; tries < TURNS * paddles && contour.size() < paddles; tries++) {
        next = after(contour.get(contour.size() - 1));
        if (fits(next, contour)) {
          contour.add(next);
        } else if (tries % TURNS == TURNS - 1) {
          contour.subList((contour.size() + 1) / 2, contour.size()).clear();
        }
      }
      return contour.size() == paddles && drawn.add(contour);
    }

    private Paddle after(Paddle last) {
      double turn = TURN * (2 * random.nextDouble() - 1);
      Point from = last.to().moved(last.angle() + turn / 2, options.gap());
      return new Paddle(from, from.moved(last.angle() + turn, options.paddle()));
    }

    private boolean fits(Paddle paddle, List<Paddle> own) {
      if (!inside(paddle.from()) || !inside(paddle.to())) {
        return false;
      }
      for (int i = 0; i < own.size() - 1; i++) {
        if (own.get(i).distance(paddle) < clearance) {
          return false;
        }
      }
      for (List<Paddle> other : drawn) {
        for (Paddle each : other) {
          if (each.distance(paddle) < clearance) {
            return false;
          }
        }
      }
      return true;
    }

    private boolean inside(Point point) {
      double most = options.side() - 1 - PADDING;
      return Math.min(point.x, point.y) >= PADDING && Math.max(point.x, point.y) <= most;
    }
  }
}
