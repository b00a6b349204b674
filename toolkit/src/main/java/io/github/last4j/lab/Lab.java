package io.github.last4j.lab;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A lab, opened by a student: checks answers and keeps the latest feedback to each exercise.
 *
 * <pre>{@code
 * Lab lab = Lab.open("lab-1", "student id");
 * lab.check("1.1", (Double re, Double im) -> expm1(re, im))
 * }</pre>
 *
 * <p>An answer may be wrong, throw or run without an end: all that is feedback. Poles, models and
 * seeds are drawn from the student's id.
 */
public final class Lab {
  /** Environment variable with what the draws of {@link #require} are kept secret by. */
  static final String SECRET = "LAST4J_LAB_SEED";

  private final String name;
  private final String student;
  private final Map<String, Exercise> exercises;
  private final Session session;
  private final Map<String, Feedback> latest = new TreeMap<>();
  private final Map<String, Feedback> required = new TreeMap<>();

  private Lab(String name, String student, List<Exercise> exercises, Session session) {
    this.name = name;
    this.student = student;
    this.exercises =
        exercises.stream()
            .collect(Collectors.toMap(Exercise::id, e -> e, (a, b) -> a, TreeMap::new));
    this.session = session;
  }

  /**
   * Opens a lab.
   *
   * @param name from "lab-1" to "lab-6"
   * @param student an id, from which variants are drawn
   * @throws IllegalArgumentException if there is no such lab, or no id
   */
  public static Lab open(String name, String student) {
    return open(name, student, Session.here());
  }

  static Lab open(String name, String student, Session session) {
    List<Exercise> exercises = Course.LABS.get(name);
    if (exercises == null) {
      throw new IllegalArgumentException(
          "name: expected one of " + Course.LABS.keySet() + ", got " + name);
    }
    if (student == null || student.isBlank()) {
      throw new IllegalArgumentException("student: expected an id, got " + student);
    }
    return new Lab(name, student.strip(), exercises, session);
  }

  /**
   * Checks a value.
   *
   * @param id the exercise, such as "1.5"
   * @throws IllegalArgumentException if the lab has no such exercise
   */
  public Feedback check(String id, Object value) {
    return check(id, Answer.value(value));
  }

  /** Checks a function of one argument. */
  public <A> Feedback check(String id, Function<A, ?> function) {
    return check(id, answer(function));
  }

  /** Checks a function of two arguments. */
  public <A, B> Feedback check(String id, BiFunction<A, B, ?> function) {
    return check(id, answer(function));
  }

  /** Checks a function of three arguments. */
  public <A, B, C> Feedback check(String id, TriFunction<A, B, C> function) {
    return check(id, answer(function));
  }

  /**
   * Checks a value again on numbers that students don't know, as grading does.
   *
   * @return the points, which nbgrader takes as they are
   * @throws AssertionError with the hint, if there are none
   * @throws IllegalArgumentException if the lab has no such exercise
   */
  public double require(String id, Object value) {
    return require(id, Answer.value(value));
  }

  /** Checks a function of one argument again. */
  public <A> double require(String id, Function<A, ?> function) {
    return require(id, answer(function));
  }

  /** Checks a function of two arguments again. */
  public <A, B> double require(String id, BiFunction<A, B, ?> function) {
    return require(id, answer(function));
  }

  /** Checks a function of three arguments again. */
  public <A, B, C> double require(String id, TriFunction<A, B, C> function) {
    return require(id, answer(function));
  }

  @SuppressWarnings("unchecked") // a wrong argument is the check's mistake, and shows as such
  private static <A> Answer answer(Function<A, ?> function) {
    return Answer.function(1, arguments -> function.apply((A) arguments[0]));
  }

  @SuppressWarnings("unchecked")
  private static <A, B> Answer answer(BiFunction<A, B, ?> function) {
    return Answer.function(2, arguments -> function.apply((A) arguments[0], (B) arguments[1]));
  }

  @SuppressWarnings("unchecked")
  private static <A, B, C> Answer answer(TriFunction<A, B, C> function) {
    return Answer.function(
        3, arguments -> function.apply((A) arguments[0], (B) arguments[1], (C) arguments[2]));
  }

  private Feedback check(String id, Answer answer) {
    Feedback feedback = tried(id, answer, Draw.of(name, id, student));
    latest.put(id, feedback);
    return feedback;
  }

  private double require(String id, Answer answer) {
    String secret = Objects.requireNonNullElse(System.getenv(SECRET), "public");
    Feedback feedback = tried(id, answer, Draw.of(name, id, student, "grading", secret).toGrade());
    required.put(id, feedback);
    if (!feedback.passed()) {
      throw new AssertionError(feedback.hint());
    }
    return feedback.points();
  }

  private Feedback tried(String id, Answer answer, Draw draw) {
    Exercise exercise = exercise(id);
    Trial trial = new Trial(exercise, session);
    return session
        .uses(exercise.entry(), exercise.without())
        .map(used -> trial.failed("this calls `" + used + "`, write it yourself"))
        .orElseGet(() -> trial.of(answer, draw.with(numbers(id))));
  }

  private Exercise exercise(String id) {
    Exercise exercise = exercises.get(id);
    if (exercise == null) {
      throw new IllegalArgumentException(
          "id: expected one of " + exercises.keySet() + ", got " + id);
    }
    return exercise;
  }

  /**
   * The numbers of this student's variant of an exercise, which its question explains.
   *
   * @throws IllegalArgumentException if the lab has no such exercise
   */
  public double[] numbers(String id) {
    return exercise(id).numbers().apply(Draw.of(name, id, student, "numbers"));
  }

  /** How far the student is: the latest feedback to every exercise. */
  public Standing summary() {
    return new Standing(
        name,
        exercises.values().stream()
            .map(
                exercise ->
                    latest.getOrDefault(
                        exercise.id(),
                        new Feedback(
                            exercise.id(),
                            0,
                            exercise.points(),
                            exercise.asks(),
                            OptionalDouble.empty())))
            .toList());
  }

  /**
   * What {@link #require} found, signed, so that a program which grades can tell it from anything
   * that a submission prints.
   *
   * @param key that the submission does not know
   * @return lines of exercise, points, possible points and score, and the HMAC-SHA256 of these
   *     lines
   */
  public String receipt(String key) {
    String lines =
        required.values().stream()
            .map(
                each ->
                    Text.of(
                        "%s %.2f %.2f %s\n",
                        each.exercise(),
                        each.points(),
                        each.possible(),
                        each.score().isPresent()
                            ? Text.of("%.6f", each.score().getAsDouble())
                            : "-"))
            .collect(Collectors.joining());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      byte[] code = mac.doFinal(lines.getBytes(StandardCharsets.UTF_8));
      return lines + HexFormat.of().formatHex(code);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has HmacSHA256", impossible);
    }
  }
}
