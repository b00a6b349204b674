package io.github.last4j.data;

import static io.github.last4j.model.ModelConfig.layers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import io.github.last4j.model.ModelConfig;
import io.github.last4j.model.SequenceClassifier;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListOpsTest {
  private static final ListOps.Options SMALL = new ListOps.Options(4, 3, 5, 20, 300, 40, 60, 7);

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "[MIN 4 2 9 ], 2",
    "[MAX 4 2 9 ], 9",
    "[MED 9 1 4 ], 4",
    "[MED 4 7 ], 5",
    "[MED 9 0 3 4 ], 3",
    "[MED 0 1 ], 0",
    "[SM 9 9 9 ], 7",
    "[SM 5 5 ], 0",
    "[SM 3 ], 3",
    "[MAX 2 [SM 8 7 ] 4 ], 5",
    "[MAX 2 9 [MIN 4 7 ] 0 ], 9",
    "[MIN [MAX 1 [MED 8 3 3 ] ] [SM 6 [MIN 9 8 ] ] ], 3",
  })
  void valuesWorkedByHand(String expression, int value) {
    assertEquals(value, ListOps.evaluate(expression));
    assertEquals(value, Reader.value(expression));
  }

  @Test
  void whiteSpaceIsFreeAndDepthIsTheTexts() {
    assertEquals(9, ListOps.evaluate("  [MAX\t2\n 9  ]  "));
    int depth = 100_000;
    assertEquals(6, ListOps.evaluate("[SM ".repeat(depth) + "6" + " ]".repeat(depth)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "]",
        "[MAX",
        "[MAX ]",
        "[MAX 1 2",
        "[MAX [MIN ] 2 ]",
        "1 2",
        "[MAX 1 2 ] ]",
        "[MAX 1 2 ] 3",
        "[MAX 1 2 ] [MIN",
        "[MAX 10 2 ]",
        "[MAX -1 2 ]",
        "[max 1 2 ]",
        "MAX 1 2 ]",
        "[MAX 1 2]",
        "[SUM 1 2 ]",
        "( 1 )",
      })
  void malformedExpressionsAreRefused(String expression) {
    refused("expression: expected ", () -> ListOps.evaluate(expression));
  }

  @Test
  void messagesSayWhatIsWrongAndWhere() {
    refused(
        "expression: expected a digit, an operator or ], got '12' at word 2",
        () -> ListOps.evaluate("[MAX 1 12 ]"));
    refused("expression: expected ], got 'the end' at word 3", () -> ListOps.evaluate("[MAX 1 2"));
  }

  @Test
  void formatsEveryToken() {
    float[] tokens = {12, 11, 1, 2, 3, 15, 13, 4, 5, 6, 15, 14, 7, 8, 9, 10, 15, 15, 0, 0};
    assertEquals("[MAX [MIN 0 1 2 ] [MED 3 4 5 ] [SM 6 7 8 9 ] ]", ListOps.format(tokens));
    assertEquals("", ListOps.format(new float[3]));
    refused(
        "tokens: expected integers from 0 to 15, got 16.0 at 1",
        () -> ListOps.format(new float[] {1, 16}));
    for (float bad : new float[] {-1, 1.5f, Float.NaN}) {
      refused("tokens: expected integers", () -> ListOps.format(new float[] {bad}));
    }
    refused(
        "tokens: expected only padding after padding, got 2 at 2",
        () -> ListOps.format(new float[] {1, 0, 2}));
  }

  @ParameterizedTest
  @EnumSource(Split.class)
  void samplesAreWhatTheOptionsSay(Split split) {
    check(split, SMALL, ListOps.generate(split, SMALL));
  }

  @Test
  void shortAndLongSamplesAreWhatTheOptionsSay() {
    check(Split.TEST, ListOps.SHORT, ListOps.generate(Split.TEST, ListOps.SHORT));
    ListOps.Options few = new ListOps.Options(10, 10, 501, 1999, 1, 1, 50, 0);
    check(Split.TEST, few, ListOps.generate(Split.TEST, few));
  }

  /** The bounds on depth and arguments are reached, so that the checks of them mean something. */
  @Test
  void boundsAreReached() {
    int depth = 0;
    int arguments = 0;
    Set<Integer> used = new HashSet<>();
    SequenceData data = ListOps.generate(Split.TEST, ListOps.SHORT);
    for (int i = 0; i < data.size(); i++) {
      Reader reader = new Reader(ListOps.format(data.input(i)));
      reader.read(1);
      depth = Math.max(depth, reader.depth);
      arguments = Math.max(arguments, reader.mostArguments);
      for (int token : tokens(data, i)) {
        used.add(token);
      }
    }
    assertEquals(ListOps.SHORT.maxDepth(), depth);
    assertEquals(ListOps.SHORT.maxArguments(), arguments);
    assertEquals(16, used.size());
    assertTrue(Collections.max(used) < ListOps.VOCABULARY);
  }

  /** Digits have probability 3/4; operators, and numbers of arguments, are equally likely. */
  @Test
  void choicesHaveTheirProbabilities() {
    // No expression is too long or too short, and with five arguments or more hardly any is drawn
    // again, so that these keep the probabilities of the draw.
    ListOps.Options options = new ListOps.Options(3, 9, 1, 101, 1, 1, 4000, 3);
    SequenceData data = ListOps.generate(Split.TEST, options);
    int[] operators = new int[4];
    int[] counts = new int[5];
    int[] digits = new int[10];
    int nested = 0;
    for (int i = 0; i < data.size(); i++) {
      int[] tokens = tokens(data, i);
      List<Integer> heads = headsOfArguments(tokens);
      if (heads.size() >= 5) {
        operators[tokens[0] - 11]++;
        counts[heads.size() - 5]++;
        for (int head : heads) {
          if (head > 10) {
            nested++;
          } else {
            digits[head - 1]++;
          }
        }
      }
    }
    int roots = Arrays.stream(operators).sum();
    int leaves = Arrays.stream(digits).sum();
    assertTrue(roots > 2000);
    near(0.75, leaves, leaves + nested);
    Arrays.stream(operators).forEach(count -> near(0.25, count, roots));
    Arrays.stream(counts).forEach(count -> near(0.2, count, roots));
    Arrays.stream(digits).forEach(count -> near(0.1, count, leaves));
  }

  /** The first token of each argument of the root. */
  private static List<Integer> headsOfArguments(int[] tokens) {
    List<Integer> heads = new ArrayList<>();
    int level = 0;
    for (int token : tokens) {
      if (level == 1 && token >= 1 && token <= 14) {
        heads.add(token);
      }
      if (token >= 11) {
        level += token == 15 ? -1 : 1;
      }
    }
    return heads;
  }

  /** Within five standard deviations of a binomial count. */
  private static void near(double probability, int count, int of) {
    double deviation = Math.sqrt(of * probability * (1 - probability));
    assertEquals(of * probability, count, 5 * deviation);
  }

  @Test
  void noExpressionIsDrawnTwice() {
    Set<String> seen = new HashSet<>();
    int samples = 0;
    for (Split split : Split.values()) {
      SequenceData data = ListOps.generate(split, SMALL);
      samples += data.size();
      for (int i = 0; i < data.size(); i++) {
        seen.add(ListOps.format(data.input(i)));
      }
    }
    assertEquals(400, samples);
    assertEquals(samples, seen.size());
  }

  @Test
  void earlierSplitsDoNotDependOnTheSizesOfLaterOnes() {
    ListOps.Options more = new ListOps.Options(4, 3, 5, 20, 500, 50, 60, 7);
    assertEquals(
        ListOps.generate(Split.TEST, SMALL).checksum(),
        ListOps.generate(Split.TEST, more).checksum());
    SequenceData longer = ListOps.generate(Split.VALIDATION, more).take(40);
    assertArrayEquals(ListOps.generate(Split.VALIDATION, SMALL).inputs(), longer.inputs());
  }

  @Test
  void theSeedDecides() {
    ListOps.Options other = new ListOps.Options(4, 3, 5, 20, 300, 40, 60, 8);
    SequenceData data = ListOps.generate(Split.TRAIN, SMALL);
    SequenceData again = ListOps.generate(Split.TRAIN, SMALL);
    assertEquals(data.checksum(), again.checksum());
    assertArrayEquals(data.inputs(), again.inputs());
    assertArrayEquals(data.labels(), again.labels());
    assertNotEquals(data.checksum(), ListOps.generate(Split.TRAIN, other).checksum());
    assertNotEquals(data.checksum(), ListOps.generate(Split.VALIDATION, SMALL).checksum());
  }

  /** Published figures name the data by these. */
  @ParameterizedTest
  @CsvSource({
    "TRAIN, e7b1500fc4e79d417ab7fc6f5f58c3388aa26d568cda7db1189c5ba70704d3ab",
    "VALIDATION, 823f0e4b45b77c4c11391c8f8453caa4b71313e1ea82af301a0e2e648c93e349",
    "TEST, 1d7f4ae9f33f6c6addf945c13f1afb3fa43201de73f5aa27e37befef0002712c",
  })
  void theSamplesAreAlwaysTheSame(Split split, String checksum) {
    assertEquals(checksum, ListOps.generate(split, SMALL).checksum());
  }

  @Test
  void theChecksumIsThatOfTheSamples() throws Exception {
    SequenceData data = ListOps.generate(Split.TEST, SMALL);
    ByteBuffer bytes = ByteBuffer.allocate(data.size() * (data.length() + 2));
    for (int i = 0; i < data.size(); i++) {
      for (int t = 0; t < data.lengths().orElseThrow()[i]; t++) {
        bytes.put((byte) tokens(data, i)[t]);
      }
      bytes.put((byte) 0).put((byte) data.labels()[i]);
    }
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(bytes.flip());
    assertEquals(HexFormat.of().formatHex(digest.digest()), data.checksum());
  }

  @Test
  void noClassOfTheShortFormDominates() {
    int[] counts = new int[10];
    for (int label : ListOps.generate(Split.TEST, ListOps.SHORT).labels()) {
      counts[label]++;
    }
    for (int count : counts) {
      assertTrue(count > 0.04 * 2000 && count < 0.2 * 2000, "a class has " + count + " of 2000");
    }
  }

  /** A model that looks back only never sees the padding: its mean ends with the expression. */
  @Test
  void aClassifierReadsTheTokensAndNotThePadding() {
    ModelConfig config =
        ModelConfig.s5(ListOps.VOCABULARY, 10)
            .with(c -> c.tokens(true).channels(8).pairs(layers(2, 4)));
    SequenceData data = ListOps.generate(Split.TEST, SMALL);
    try (NDManager manager = NDManager.newBaseManager();
        SequenceClassifier model = SequenceClassifier.create(manager, config, 1);
        Batch batch = data.batches(manager, 16).iterator().next()) {
      NDArray tokens = batch.getData().get(0);
      NDArray lengths = batch.getData().get(1);
      assertEquals(new Shape(16, 20, 1), tokens.getShape());
      float[] values = model.logProbabilities(batch.getData()).toFloatArray();
      float[] changed = tokens.toFloatArray();
      long[] counts = lengths.toLongArray();
      int padding = 0;
      for (int i = 0; i < changed.length; i++) {
        if (i % 20 >= counts[i / 20]) {
          assertEquals(ListOps.PADDING, changed[i]);
          changed[i] = 1 + i % 15;
          padding++;
        }
      }
      assertTrue(padding > 0);
      NDArray other = manager.create(changed, tokens.getShape());
      float[] same = model.logProbabilities(new NDList(other, lengths)).toFloatArray();
      // Rounding in single precision: a scan may order its sums by what comes after.
      assertArrayEquals(values, same, 1e-5f);
      float[] unmasked = model.logProbabilities(new NDList(other)).toFloatArray();
      float difference = 0;
      for (int i = 0; i < values.length; i++) {
        assertTrue(Float.isFinite(values[i]));
        difference = Math.max(difference, Math.abs(values[i] - unmasked[i]));
      }
      assertTrue(difference > 1e-3f, "the padding should matter without lengths");
    }
  }

  @Test
  void badOptionsAreNamed() {
    refused("maxDepth", () -> new ListOps.Options(0, 5, 1, 9, 1, 1, 1, 0));
    refused("maxArguments", () -> new ListOps.Options(3, 1, 1, 9, 1, 1, 1, 0));
    refused("minLength", () -> new ListOps.Options(3, 5, 0, 9, 1, 1, 1, 0));
    refused("maxLength", () -> new ListOps.Options(3, 5, 9, 8, 1, 1, 1, 0));
    refused("train", () -> new ListOps.Options(3, 5, 1, 9, 0, 1, 1, 0));
    refused("validation", () -> new ListOps.Options(3, 5, 1, 9, 1, 0, 1, 0));
    refused("test", () -> new ListOps.Options(3, 5, 1, 9, 1, 1, 0, 0));
    refused("train", () -> new ListOps.Options(3, 5, 1, 1 << 20, 1 << 11, 1, 1, 0));
  }

  @Test
  void optionsThatAllowTooFewExpressionsAreRefused() {
    // Of one level there are the ten digits, and no more.
    ListOps.Options digits = new ListOps.Options(1, 2, 1, 3, 4, 3, 3, 0);
    assertEquals(4, ListOps.generate(Split.TRAIN, digits).size());
    ListOps.Options more = new ListOps.Options(1, 2, 1, 3, 5, 3, 3, 0);
    refused("options: expected 11 expressions", () -> ListOps.generate(Split.TRAIN, more));
  }

  private static void check(Split split, ListOps.Options options, SequenceData data) {
    int samples =
        switch (split) {
          case TRAIN -> options.train();
          case VALIDATION -> options.validation();
          case TEST -> options.test();
        };
    assertEquals(List.of(samples, options.maxLength(), 1, 10), sizes(data));
    int[] lengths = data.lengths().orElseThrow();
    for (int i = 0; i < samples; i++) {
      int[] tokens = tokens(data, i);
      for (int t = 0; t < tokens.length; t++) {
        assertEquals(t < lengths[i], tokens[t] != ListOps.PADDING);
      }
      assertTrue(lengths[i] >= options.minLength() && lengths[i] <= options.maxLength());
      String text = ListOps.format(data.input(i));
      Reader reader = new Reader(text);
      assertEquals(reader.read(1), data.labels()[i], text);
      assertEquals(data.labels()[i], ListOps.evaluate(text), text);
      assertFalse(reader.hasMore(), text);
      assertTrue(reader.depth <= options.maxDepth(), text);
      assertTrue(reader.fewestArguments >= 2, text);
      assertTrue(reader.mostArguments <= options.maxArguments(), text);
    }
  }

  private static int[] tokens(SequenceData data, int sample) {
    float[] input = data.input(sample);
    return IntStream.range(0, input.length).map(t -> (int) input[t]).toArray();
  }

  private static List<Integer> sizes(SequenceData data) {
    return List.of(data.size(), data.length(), data.channels(), data.classes());
  }

  private static void refused(String message, Executable call) {
    String actual = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(actual.startsWith(message), actual);
  }

  /** Reads expressions by recursive descent, character by character. */
  private static final class Reader {
    private final String text;
    private int position;
    private int depth;
    private int fewestArguments = Integer.MAX_VALUE;
    private int mostArguments;

    Reader(String text) {
      this.text = text;
    }

    static int value(String text) {
      return new Reader(text).read(1);
    }

    boolean hasMore() {
      return position < text.length();
    }

    int read(int level) {
      depth = Math.max(depth, level);
      char first = text.charAt(position++);
      if (first != '[') {
        return first - '0';
      }
      int end = text.indexOf(' ', position);
      String operator = text.substring(position, end);
      position = end;
      List<Integer> arguments = new ArrayList<>();
      while (text.charAt(++position) != ']') {
        arguments.add(read(level + 1));
      }
      position++;
      fewestArguments = Math.min(fewestArguments, arguments.size());
      mostArguments = Math.max(mostArguments, arguments.size());
      return switch (operator) {
        case "MIN" -> Collections.min(arguments);
        case "MAX" -> Collections.max(arguments);
        case "SM" -> {
          int sum = 0;
          for (int argument : arguments) {
            sum = (sum + argument) % 10;
          }
          yield sum;
        }
        case "MED" -> {
          Collections.sort(arguments);
          int half = arguments.size() / 2;
          double median =
              arguments.size() % 2 == 1
                  ? arguments.get(half)
                  : (arguments.get(half - 1) + arguments.get(half)) / 2.0;
          yield (int) Math.floor(median);
        }
        default -> throw new AssertionError(operator);
      };
    }
  }
}
