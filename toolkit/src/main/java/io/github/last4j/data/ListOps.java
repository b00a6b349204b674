package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import io.github.last4j.progress.Interruption;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/**
 * ListOps (Nangia and Bowman, 2018), in the long form of the Long Range Arena or shorter: nested
 * operations on digits, such as {@code [MAX 2 [SM 8 7 ] 4 ]}, whose value, here 5, is the class.
 *
 * <p>The operators are MIN, MAX, MED, the median without its fraction, and SM, the sum modulo 10.
 * An expression is drawn from the root down: below the greatest depth a node is a digit with
 * probability 3/4 and an operator with 2 to the greatest number of arguments otherwise, at the
 * greatest depth it is a digit, all choices being uniform. It is drawn again while its length is
 * out of range or it has been drawn before.
 *
 * <p>The tokens are 0 for padding, 1 to 10 for the digits 0 to 9, 11 to 14 for {@code [MIN}, {@code
 * [MAX}, {@code [MED} and {@code [SM}, and 15 for {@code ]}. The vocabulary is 17 as in App. C.1 of
 * the paper, so that the paper's architecture fits; token 16 never occurs. The paper does not list
 * its 17 values. Ten digits, four operators with their opening bracket and the closing bracket are
 * 15; the Long Range Arena's encoder adds padding and one for unknown words, which are 17, and the
 * S5 release an end of the sequence too.
 */
public final class ListOps {
  /** The number of tokens, one of which never occurs. */
  public static final int VOCABULARY = 17;

  /**
   * The token behind the end of an expression. Lengths keep it out of a model's mean over time, but
   * a bidirectional layer reads it, backwards, before the expression.
   */
  public static final int PADDING = 0;

  /**
   * The long form of the paper (App. C.1): 501 to 1,999 tokens. The training data take 770 MB of
   * Java memory and, while they are made, 150 MB more.
   */
  public static final Options LONG = new Options(10, 10, 501, 1999, 96_000, 2_000, 2_000, 0);

  /**
   * A form for two CPU cores: 16 to 96 tokens, half of the expressions up to 26. The most frequent
   * class has 12 % of the samples, and who knows the first operator only is right on 25 %.
   */
  public static final Options SHORT = new Options(5, 5, 16, 96, 64_000, 1_000, 2_000, 0);

  private static final int CLASSES = 10;

  /** The texts of the tokens; that of the padding is not part of an expression. */
  private static final List<String> TEXTS =
      List.of(
          "", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "[MIN", "[MAX", "[MED", "[SM", "]");

  private static final int FIRST_DIGIT = 1;
  private static final int FIRST_OPERATOR = 11;
  private static final int CLOSE = 15;

  /** In the order of their tokens. */
  private static final List<Operator> OPERATORS =
      List.of(Operator.MIN, Operator.MAX, Operator.MED, Operator.SM);

  /** More draws in a row than this without a new expression, and there are hardly any left. */
  private static final int MAX_DRAWS = 1_000_000;

  private ListOps() {}

  /**
   * What expressions to draw, and how many.
   *
   * @param maxDepth the greatest number of levels, at least 1; a digit alone has one level, an
   *     operator on digits has two
   * @param maxArguments the greatest number of arguments of an operator, at least 2
   * @param minLength the least number of tokens, at least 1
   * @param maxLength the greatest number of tokens, at least {@code minLength}; also the padded
   *     length
   * @param train the number of samples for training, at least 1
   * @param validation the number of samples for validation, at least 1
   * @param test the number of samples for testing, at least 1
   * @param seed what the expressions are drawn from; the same seed gives the same ones
   */
  public record Options(
      int maxDepth,
      int maxArguments,
      int minLength,
      int maxLength,
      int train,
      int validation,
      int test,
      long seed) {
    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if one is out of range, or a split has 2³¹ tokens or more
     */
    public Options {
      requireAtLeast("maxDepth", 1, maxDepth);
      requireAtLeast("maxArguments", 2, maxArguments);
      requireAtLeast("minLength", 1, minLength);
      requireAtLeast("maxLength", minLength, maxLength);
      requireSamples("train", train, maxLength);
      requireSamples("validation", validation, maxLength);
      requireSamples("test", test, maxLength);
    }

    private static void requireAtLeast(String argument, int least, int value) {
      if (value < least) {
        throw new IllegalArgumentException(
            argument + ": expected at least " + least + ", got " + value);
      }
    }

    private static void requireSamples(String argument, int samples, int maxLength) {
      requireAtLeast(argument, 1, samples);
      if ((long) samples * maxLength >= Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s: expected less than 2³¹ tokens, got %d·%d",
                argument,
                samples,
                maxLength));
      }
    }
  }

  /**
   * Draws the samples of one split: tokens {@code (N, L, 1)}, classes 0 to 9 and lengths, with L
   * the greatest length of the options. No expression is in two splits, or twice in one. The test
   * samples are drawn first and those for training last, so the samples of a split do not depend on
   * the sizes of later ones. They are the same on every Java, since {@link Random} is specified.
   *
   * <p>The checksum is the SHA-256 of the samples: for each the tokens without padding, a zero, and
   * the class, one byte each.
   *
   * @param split which samples
   * @param options what expressions to draw
   * @return the samples, in the order drawn
   * @throws IllegalArgumentException if a million draws in a row give no new expression: the
   *     options allow too few
   */
  public static SequenceData generate(Split split, Options options) {
    requireNonNull(split, "split");
    requireNonNull(options, "options");
    long skipped =
        switch (split) {
          case TEST -> 0;
          case VALIDATION -> options.test();
          case TRAIN -> (long) options.test() + options.validation();
        };
    int count =
        switch (split) {
          case TEST -> options.test();
          case VALIDATION -> options.validation();
          case TRAIN -> options.train();
        };
    Generator generator = new Generator(options);
    for (long i = 0; i < skipped; i++) {
      generator.next();
    }
    int width = options.maxLength();
    float[] tokens = new float[count * width];
    int[] labels = new int[count];
    int[] lengths = new int[count];
    MessageDigest digest = Checksum.sha256();
    for (int i = 0; i < count; i++) {
      labels[i] = generator.next();
      lengths[i] = generator.length;
      for (int t = 0; t < generator.length; t++) {
        tokens[i * width + t] = generator.tokens[t];
      }
      digest.update(generator.tokens, 0, generator.length);
      digest.update((byte) PADDING);
      digest.update((byte) labels[i]);
    }
    String name = "listops-" + width + "/" + split.name().toLowerCase(Locale.ROOT);
    String checksum = Checksum.hex(digest);
    return SequenceData.owning(name, checksum, 1, width, 1, CLASSES, tokens, labels, lengths);
  }

  /**
   * Writes a sample as text, such as {@code ListOps.format(data.input(0))}.
   *
   * @param tokens {@code (L)}, integers from 0 to 15; padding may follow the others
   * @return their texts with spaces between, without the padding
   * @throws IllegalArgumentException if there is another number, or one that follows padding
   */
  public static String format(float[] tokens) {
    requireNonNull(tokens, "tokens");
    List<String> words = new ArrayList<>();
    for (int i = 0; i < tokens.length; i++) {
      int token = (int) tokens[i];
      if (token != tokens[i] || token < 0 || token > CLOSE) {
        throw new IllegalArgumentException(
            "tokens: expected integers from 0 to " + CLOSE + ", got " + tokens[i] + " at " + i);
      }
      if (token != PADDING) {
        if (words.size() < i) {
          throw new IllegalArgumentException(
              "tokens: expected only padding after padding, got " + token + " at " + i);
        }
        words.add(TEXTS.get(token));
      }
    }
    return String.join(" ", words);
  }

  /**
   * Computes the value of an expression.
   *
   * @param expression a digit, or {@code [MIN}, {@code [MAX}, {@code [MED} or {@code [SM}, one or
   *     more expressions, and {@code ]}, with white space between all of them
   * @return the value, 0 to 9
   * @throws IllegalArgumentException if it is not such an expression, naming the first word that is
   *     wrong
   */
  public static int evaluate(String expression) {
    requireNonNull(expression, "expression");
    // A stack and no recursion: the text may be nested more deeply than Java's stack is.
    Deque<Integer> operators = new ArrayDeque<>();
    Deque<List<Integer>> open = new ArrayDeque<>();
    open.push(new ArrayList<>());
    String[] words = expression.strip().split("\\s+", -1);
    for (int i = 0; i < words.length; i++) {
      int token = token(words[i]);
      if (operators.isEmpty() && !open.element().isEmpty()) {
        throw malformed("the end after the outermost expression", words[i], i);
      } else if (token == CLOSE) {
        if (operators.isEmpty() || open.element().isEmpty()) {
          throw malformed("a digit or an operator", words[i], i);
        }
        List<Integer> arguments = open.pop();
        open.element().add(OPERATORS.get(operators.pop() - FIRST_OPERATOR).apply(arguments));
      } else if (token >= FIRST_OPERATOR) {
        operators.push(token);
        open.push(new ArrayList<>());
      } else if (token >= FIRST_DIGIT) {
        open.element().add(token - FIRST_DIGIT);
      } else {
        throw malformed("a digit, an operator or ]", words[i], i);
      }
    }
    if (!operators.isEmpty()) {
      throw malformed("]", "the end", words.length);
    }
    return open.element().get(0);
  }

  /** The token of a word; −1 if there is none. */
  static int token(String word) {
    return TEXTS.indexOf(word);
  }

  private static IllegalArgumentException malformed(String expected, String word, int position) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT, "expression: expected %s, got '%s' at word %d", expected, word, position));
  }

  private enum Operator {
    MIN,
    MAX,
    MED,
    SM;

    /** The value of this operator on at least one argument from 0 to 9, again from 0 to 9. */
    int apply(List<Integer> arguments) {
      int[] sorted = arguments.stream().mapToInt(Integer::intValue).sorted().toArray();
      int last = sorted.length - 1;
      return switch (this) {
        case MIN -> sorted[0];
        case MAX -> sorted[last];
        case MED -> (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
        case SM -> Arrays.stream(sorted).sum() % 10;
      };
    }
  }

  /** Draws expressions that it has not drawn before. */
  private static final class Generator {
    private static final int TOO_LONG = -1;

    private final Options options;
    private final Random random;
    private final Set<String> drawn = new HashSet<>();

    /** The tokens of the last expression, in its first {@link #length} elements. */
    final byte[] tokens;

    int length;

    Generator(Options options) {
      this.options = options;
      // The samples here are its draws, and the same on every Java. The first one hardly differs
      // between small seeds: it decides about the first expression only.
      random = new Random(options.seed());
      tokens = new byte[options.maxLength()];
    }

    /** Draws the next expression, and returns its value. */
    int next() {
      for (int i = 0; i < MAX_DRAWS; i++) {
        Interruption.check("the drawing of expressions");
        length = 0;
        int value = draw(1);
        // A string of Latin-1 takes a byte a token.
        if (value != TOO_LONG
            && length >= options.minLength()
            && drawn.add(new String(tokens, 0, length, StandardCharsets.ISO_8859_1))) {
          return value;
        }
      }
      long wanted = (long) options.train() + options.validation() + options.test();
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "options: expected %d expressions or more to be possible, found %d with %s",
              wanted,
              drawn.size(),
              options));
    }

    /** Adds a node at a depth to the tokens; returns its value, or that they are too many. */
    private int draw(int depth) {
      if (depth == options.maxDepth() || random.nextInt(4) != 0) {
        int digit = random.nextInt(10);
        return add(FIRST_DIGIT + digit) ? digit : TOO_LONG;
      }
      int operator = random.nextInt(OPERATORS.size());
      int count = 2 + random.nextInt(options.maxArguments() - 1);
      if (!add(FIRST_OPERATOR + operator)) {
        return TOO_LONG;
      }
      List<Integer> arguments = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int value = draw(depth + 1);
        if (value == TOO_LONG) {
          return TOO_LONG;
        }
        arguments.add(value);
      }
      return add(CLOSE) ? OPERATORS.get(operator).apply(arguments) : TOO_LONG;
    }

    private boolean add(int token) {
      if (length == tokens.length) {
        return false;
      }
      tokens[length++] = (byte) token;
      return true;
    }
  }
}
