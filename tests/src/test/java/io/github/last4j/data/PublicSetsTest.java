package io.github.last4j.data;

import static io.github.last4j.data.PublicFiles.color;
import static io.github.last4j.data.PublicFiles.sound;
import static io.github.last4j.data.PublicFiles.wav;
import static io.github.last4j.data.PublicFiles.write;
import static io.github.last4j.data.Split.TEST;
import static io.github.last4j.data.Split.TRAIN;
import static io.github.last4j.data.Split.VALIDATION;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.data.Cifar10.Colors;
import io.github.last4j.data.SpeechCommands.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files of each public format, and the numbers in them by other arithmetic. */
class PublicSetsTest {
  /** One rounding to float of numbers up to 3. */
  private static final double ROUNDING = 3e-7;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cifarIsReadFromBothForms(boolean png) throws IOException {
    if (png) {
      PublicFiles.cifarPng(folder, 4, 3);
    } else {
      PublicFiles.cifarBinary(folder.resolve("cifar-10-batches-bin"), 4, 3);
    }

    SequenceData train = Cifar10.load(folder, TRAIN, Colors.RGB);
    SequenceData validation = Cifar10.load(folder, VALIDATION, Colors.GREY);
    SequenceData test = Cifar10.load(folder, TEST, Colors.RGB);

    assertEquals("scifar/train: 18 sequences of (1024, 3), 10 classes", train.toString());
    assertEquals(
        "cifar-grey/validation: 2 sequences of (1024, 1), 10 classes", validation.toString());
    assertArrayEquals(IntStream.range(0, 18).map(i -> i % 10).toArray(), train.labels());
    assertArrayEquals(new int[] {8, 9}, validation.labels());
    assertArrayEquals(new int[] {0, 1, 2}, test.labels());
    double[] mean = {0.4914, 0.4822, 0.4465};
    double[] deviation = {0.247, 0.243, 0.261};
    for (int p : new int[] {0, 1, 31, 32, 1023}) {
      for (int c = 0; c < 3; c++) {
        double value = (color(13, p, c) / 255.0 - mean[c]) / deviation[c];
        assertEquals(value, train.input(13)[3 * p + c], ROUNDING);
        value = (color(1002, p, c) / 255.0 - mean[c]) / deviation[c];
        assertEquals(value, test.input(2)[3 * p + c], ROUNDING);
      }
      double luma = 0.299 * color(19, p, 0) + 0.587 * color(19, p, 1) + 0.114 * color(19, p, 2);
      // A grey level is a whole number, and 61 of them are one.
      assertEquals((luma - 122.6) / 61, validation.input(1)[p], 0.51 / 61);
      assertEquals(0, Math.IEEEremainder(validation.input(1)[p] * 61 + 122.6, 1), 1e-4);
    }
  }

  @Test
  void bothFormsOfCifarHaveOneChecksum() throws IOException {
    PublicFiles.cifarBinary(folder.resolve("a"), 4, 3);
    PublicFiles.cifarPng(folder.resolve("b"), 4, 3);
    for (Split split : Split.values()) {
      assertEquals(
          Cifar10.load(folder.resolve("a"), split, Colors.GREY).checksum(),
          Cifar10.load(folder.resolve("b"), split, Colors.GREY).checksum());
    }
  }

  @Test
  void imdbIsReadByteByByte() throws IOException {
    for (String part : List.of("train", "test")) {
      for (int i = 0; i < 10; i++) {
        write(folder.resolve("aclImdb/" + part + "/pos/" + i + "_9.txt"), "Good " + i);
        write(
            folder.resolve("aclImdb/" + part + "/neg/" + i + "_2.txt"),
            "bad\u00e9 " + i + "<br />");
      }
      write(folder.resolve("aclImdb/" + part + "/unsup/0_0.txt"), "?");
    }

    SequenceData train = Reviews.load(folder, TRAIN, 8);
    SequenceData validation = Reviews.load(folder, VALIDATION, 8);
    SequenceData test = Reviews.load(folder.resolve("aclImdb"), TEST, 8);

    assertEquals(18, train.size());
    assertArrayEquals(new int[] {0, 1}, validation.labels());
    assertEquals(20, test.size());
    assertEquals(129, ByteTokens.ASCII.vocabulary());
    // b, a, d, two bytes of é, a space, the number, and the first byte of what is too long.
    assertArrayEquals(new float[] {98, 97, 100, 128, 128, 32, '9', '<'}, validation.input(0));
    assertArrayEquals(new float[] {'G', 'o', 'o', 'd', ' ', '9', 0, 0}, validation.input(1));
    assertArrayEquals(new int[] {8, 6}, validation.lengths().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void movieReviewsAreSplitByTheirFolds(boolean zipped) throws IOException {
    Path root = folder.resolve("movie_reviews");
    try (FileSystem zip =
        zipped
            ? FileSystems.newFileSystem(
                URI.create("jar:" + folder.resolve("m.zip").toUri()), Map.of("create", "true"))
            : null) {
      Path at = zipped ? zip.getPath("/movie_reviews") : root;
      for (int i = 0; i < 1000; i += 50) {
        String name = String.format(Locale.ROOT, "cv%03d_%d.txt", i, 7 * i);
        write(at.resolve("pos").resolve(name), "good " + i);
        write(at.resolve("neg").resolve(name), "bad " + i);
      }
      write(at.resolve("README"), "not a review");
    }

    assertEquals(List.of("bad 900", "bad 950", "good 900", "good 950"), texts(TEST));
    assertEquals(List.of("bad 800", "bad 850", "good 800", "good 850"), texts(VALIDATION));
    assertEquals(32, texts(TRAIN).size());
  }

  private List<String> texts(Split split) throws IOException {
    SequenceData data = Reviews.load(folder, split, 20);
    return IntStream.range(0, data.size())
        .mapToObj(
            i -> {
              StringBuilder text = new StringBuilder();
              for (float token : data.input(i)) {
                text.append(token == 0 ? "" : (char) token);
              }
              return text.toString();
            })
        .toList();
  }

  @Test
  void everyHalfOfAReviewIsInAPairOfEachClass() throws IOException {
    for (int i = 0; i < 20; i++) {
      write(folder.resolve("pos/" + (char) ('a' + i) + ".txt"), "pos" + i + " end" + i + "\n");
      write(folder.resolve("neg/" + (char) ('a' + i) + ".txt"), "neg" + i + " end" + i + "\n");
    }
    SequenceData data = ReviewHalves.load(folder, TEST, 8);
    assertEquals(
        "review-halves-8/test: 8 pairs of sequences of (8, 1), 2 classes", data.toString());
    List<String> pairs =
        List.of(
            "neg18 |end18",
            "neg18 |end19",
            "neg19 |end19",
            "neg19 |end18",
            "pos18 |end18",
            "pos18 |end19",
            "pos19 |end19",
            "pos19 |end18");
    int[] lengths = data.lengths().orElseThrow();
    for (int i = 0; i < 8; i++) {
      StringBuilder text = new StringBuilder();
      for (int half = 0; half < 2; half++) {
        text.append(half == 0 ? "" : "|");
        for (int k = 0; k < lengths[2 * i + half]; k++) {
          float token = data.input(i)[8 * half + k];
          text.append(token == 96 ? "" : (char) (token + 31));
        }
      }
      assertEquals(pairs.get(i), text.toString());
      assertEquals(1 - i % 2, data.labels()[i]);
    }
  }

  @Test
  void pairsOfPapersAreReadWithQuotedFields() throws IOException {
    String quoted = "\"two \"\"lines\"\"\nand a\ttab\"";
    String rows = "1.0\tP1\tP2\tA b\t" + quoted + "\n0\tP3\tP4\tsay \"x\"\t\u00e9~\r\n";
    write(folder.resolve("new_aan_pairs.train.tsv"), rows);
    write(folder.resolve("new_aan_pairs.eval.tsv"), "0.0\ta\tb\tc\td\n");
    write(folder.resolve("new_aan_pairs.test.tsv"), "1\ta\tb\tc\td");

    SequenceData train = DocumentPairs.load(folder, TRAIN, 24);

    assertEquals("aan-24/train: 2 pairs of sequences of (24, 1), 2 classes", train.toString());
    assertArrayEquals(new int[] {1, 0}, train.labels());
    assertEquals(97, ByteTokens.PRINTABLE.vocabulary());
    List<String> texts = List.of("A b", "two \"lines\"\nand a\ttab", "say \"x\"", "\u00e9~");
    for (int document = 0; document < 4; document++) {
      byte[] text = texts.get(document).getBytes(StandardCharsets.UTF_8);
      float[] expected = new float[24];
      for (int i = 0; i < text.length; i++) {
        // A space is 32 and the first to print; what does not print is the last token.
        expected[i] = text[i] >= 32 && text[i] < 127 ? text[i] - 31 : 96;
      }
      float[] pair = train.input(document / 2);
      int from = 24 * (document % 2);
      assertArrayEquals(expected, Arrays.copyOfRange(pair, from, from + 24));
      assertEquals(text.length, train.lengths().orElseThrow()[document]);
    }
    assertArrayEquals(new int[] {0}, DocumentPairs.load(folder, VALIDATION, 4).labels());
    assertArrayEquals(new int[] {1}, DocumentPairs.load(folder, TEST, 4).labels());
  }

  @Test
  void listOpsFilesHaveTheTokensOfTheGenerator() throws IOException {
    String source = "( ( ( ( [MAX 2 ) ( ( ( [SM 8 ) 7 ) ] ) ) 4 ) ] )";
    for (String part : List.of("train", "val", "test")) {
      write(folder.resolve("basic_" + part + ".tsv"), "Source\tTarget\n" + source + "\t5\n7\t7\n");
    }
    SequenceData data = ListOpsFiles.load(folder, VALIDATION);
    assertEquals("listops-lra/validation: 2 sequences of (2048, 1), 10 classes", data.toString());
    assertEquals("[MAX 2 [SM 8 7 ] 4 ]", ListOps.format(data.input(0)));
    assertArrayEquals(new int[] {8, 1}, data.lengths().orElseThrow());
    assertArrayEquals(new int[] {5, 7}, data.labels());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pathfinderImagesAreReadInTheOrderOfTheMetadata(boolean numpy) throws IOException {
    PublicFiles.pathfinder(folder, 110, 4, numpy);

    SequenceData validation = PathfinderFiles.load(folder, VALIDATION, 4);

    assertEquals(88, PathfinderFiles.load(folder, TRAIN, 4).size());
    assertEquals(11, validation.size());
    assertEquals(11, PathfinderFiles.load(folder, TEST, 4).size());
    for (int i = 0; i < 11; i++) {
      assertEquals((88 + i) % 2, validation.labels()[i]);
      for (int p = 0; p < 16; p++) {
        int value = 88 + i + p % 4 + 2 * (p / 4);
        assertEquals((value - 127.5) / 127.5, validation.input(i)[p], ROUNDING);
      }
    }
  }

  @Test
  void speechIsSplitByItsLists() throws IOException {
    for (String word : Words.THIRTY_FIVE.folders()) {
      for (int i = 0; i < 3; i++) {
        wav(folder.resolve(word + "/s" + i + "_nohash_0.wav"), 100 * i, i == 1 ? 15_999 : 16_000);
      }
    }
    write(folder.resolve("validation_list.txt"), "yes/s1_nohash_0.wav\nzero/s1_nohash_0.wav\n");
    write(folder.resolve("testing_list.txt"), "bed/s2_nohash_0.wav\n");

    SequenceData validation = SpeechCommands.load(folder, VALIDATION, Words.THIRTY_FIVE, 16_000);
    SequenceData slow = SpeechCommands.load(folder, VALIDATION, Words.TEN, 8_000);

    assertEquals(
        "speech-commands-35-16000/validation: 2 sequences of (16000, 1), 35 classes",
        validation.toString());
    assertArrayEquals(new int[] {33, 34}, validation.labels());
    for (int k = 0; k < 15_999; k++) {
      assertEquals(sound(100, k) / 32768f, validation.input(0)[k]);
    }
    assertEquals(0, validation.input(0)[15_999]);
    assertArrayEquals(new int[] {0}, slow.labels());
    assertEquals(8000, slow.length());
    for (int k = 0; k < 8_000; k++) {
      assertEquals(validation.input(0)[2 * k], slow.input(0)[k]);
    }
    assertArrayEquals(
        new int[] {1}, SpeechCommands.load(folder, TEST, Words.THIRTY_FIVE, 8_000).labels());
    assertEquals(102, SpeechCommands.load(folder, TRAIN, Words.THIRTY_FIVE, 8_000).size());
  }

  @Test
  void withoutListsNoSpeakerIsInTwoSplits() throws IOException {
    for (String word : Words.TEN.folders()) {
      for (int i = 0; i < 60; i++) {
        wav(folder.resolve(word + "/speaker" + i + "_nohash_" + i % 3 + ".wav"), i, 20);
      }
    }
    Set<Float> seen = new HashSet<>();
    int all = 0;
    for (Split split : Split.values()) {
      SequenceData data = SpeechCommands.load(folder, split, Words.TEN, 16_000);
      all += data.size();
      Set<Float> speakers = new HashSet<>();
      IntStream.range(0, data.size()).forEach(i -> speakers.add(data.input(i)[0]));
      assertEquals(data.size(), 10 * speakers.size());
      assertTrue(speakers.stream().noneMatch(seen::contains));
      seen.addAll(speakers);
    }
    assertEquals(600, all);
  }

  @Test
  void ofTwelveClassesOneIsOfOtherWordsAndOneOfNoise() throws IOException {
    for (String word :
        List.of(
            "yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go", "bed", "wow")) {
      for (int i = 0; i < 4; i++) {
        wav(folder.resolve(word + "/s" + i + "_nohash_0.wav"), i, 100);
      }
    }
    wav(folder.resolve("_background_noise_/hum.wav"), 5, 16_000 * 20 + 3);
    write(folder.resolve("validation_list.txt"), "yes/s0_nohash_0.wav\n");
    write(folder.resolve("testing_list.txt"), "no/s0_nohash_0.wav\nwow/s3_nohash_0.wav\n");

    SequenceData train = SpeechCommands.load(folder, TRAIN, Words.TWELVE, 16_000);

    assertEquals(12, train.classes());
    int[] counts = new int[12];
    Arrays.stream(train.labels()).forEach(label -> counts[label]++);
    assertArrayEquals(new int[] {3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 3, 3}, counts);
    // Seconds 0, 5 and 10 of the sixteen for training.
    for (int i = 0; i < 3; i++) {
      float[] noise = train.input(train.size() - 3 + i);
      assertEquals(sound(5, 16_000 * (16 * i / 3) + 9) / 32768f, noise[9]);
    }
  }

  @Test
  void whatDoesNotFitIsReadAgain() throws IOException {
    Samples.Sizes sizes = new Samples.Sizes(2, 2, 1, 3);
    Samples.Source source = i -> new Samples.Sample(new float[] {i, 1, 2, 0}, i % 3, 2, 1);
    SequenceData kept = Samples.read("task", "t", sizes, 5, source, 80);
    SequenceData read = Samples.read("task", "t", sizes, 5, source, 79);
    assertEquals(kept.checksum(), read.checksum());
    assertArrayEquals(kept.shuffled(3).inputs(), read.shuffled(3).inputs());
    assertArrayEquals(kept.lengths().orElseThrow(), read.lengths().orElseThrow());
  }

  @Test
  void theChecksumIsOfTheNumbers() throws Exception {
    write(folder.resolve("basic_test.tsv"), "Source\tTarget\n[MIN 3 2 ]\t2\n");
    var bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(11).putFloat(4).putFloat(3).putFloat(15).putInt(4).putInt(2);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
    assertEquals(HexFormat.of().formatHex(digest), ListOpsFiles.load(folder, TEST).checksum());
  }

  @Test
  void batchesOfWhatIsReadAgainNameTheFileThatIsGone() throws IOException {
    PublicFiles.pathfinder(folder, 20, 4, false);
    Path image = folder.resolve("curv_contour_length_14/imgs/0/sample_0.png");
    Samples.Source source =
        i -> new Samples.Sample(Pathfinder.normalized(Png.read(image, 4, 4, 1)), 0);
    SequenceData data = Samples.read("task", "t", new Samples.Sizes(1, 16, 1, 2), 1, source, 0);
    Files.delete(image);
    var e = assertThrows(UncheckedIOException.class, () -> data.input(0));
    assertTrue(e.getMessage().contains("sample_0.png"), e.getMessage());
  }
}
