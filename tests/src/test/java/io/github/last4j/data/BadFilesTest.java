package io.github.last4j.data;

import static io.github.last4j.data.PublicFiles.truncate;
import static io.github.last4j.data.PublicFiles.wav;
import static io.github.last4j.data.PublicFiles.write;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.data.SpeechCommands.Words;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import javax.sound.sampled.AudioFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad file is refused by its name and a reason, before any sample is used. */
class BadFilesTest {
  @TempDir Path temp;

  private interface Spoiler {
    void spoil(Path folder) throws IOException;
  }

  private interface Loader {
    SequenceData load(Path folder) throws IOException;
  }

  /** A set, how it is read, what is done to it, and what the error says. */
  private static Arguments bad(Loader set, String file, String reason, Spoiler spoiler) {
    return Arguments.of(set, file, reason, spoiler);
  }

  static Stream<Arguments> cifarBinary() {
    Loader load = folder -> Cifar10.load(folder, Split.TRAIN, Cifar10.Colors.RGB);
    return Stream.of(
        bad(
            load,
            "data_batch_3.bin",
            "whole records of 3073 bytes, got 6145 bytes",
            f -> truncate(f.resolve("data_batch_3.bin"), 1)),
        bad(
            load,
            "data_batch_3.bin",
            "got 0 bytes",
            f -> truncate(f.resolve("data_batch_3.bin"), 6146)),
        bad(
            load,
            "data_batch_5.bin",
            "labels 0 to 9, got 10 at 1",
            f -> {
              byte[] content = Files.readAllBytes(f.resolve("data_batch_5.bin"));
              content[3073] = 10;
              Files.write(f.resolve("data_batch_5.bin"), content);
            }),
        bad(
            load,
            "data_batch_4.bin",
            "expected a batch",
            f -> Files.delete(f.resolve("data_batch_4.bin"))));
  }

  @ParameterizedTest
  @MethodSource
  void cifarBinary(Loader load, String file, String reason, Spoiler spoiler) throws IOException {
    PublicFiles.cifarBinary(temp, 2, 2);
    refused(load, file, reason, spoiler);
  }

  static Stream<Arguments> cifarPng() {
    Loader load = folder -> Cifar10.load(folder, Split.TRAIN, Cifar10.Colors.RGB);
    return Stream.of(
        bad(
            load,
            "data_batch_2.png",
            "a whole PNG image",
            f -> truncate(f.resolve("data_batch_2.png"), 200)),
        bad(
            load,
            "data_batch_2.png",
            "a whole PNG image",
            f -> write(f.resolve("data_batch_2.png"), "x")),
        bad(
            load,
            "data_batch_2.png",
            "[1024, 2, 3] of 8 bits, got [2, 2, 1]",
            f -> PublicFiles.greyPng(f.resolve("data_batch_2.png"), 2, 0)),
        bad(
            load,
            "data_batch_1.png",
            "[1024, 1, 3] of 8 bits, got [1024, 2, 3]",
            f -> write(f.resolve("train_lables.json"), "[1,2,3,4,5]")),
        bad(
            load,
            "",
            "labels for 5 batches of one size, got 3",
            f -> write(f.resolve("train_lables.json"), "[1,2,3]")),
        bad(
            load,
            "train_lables.json",
            "labels 0 to 9, got -1 at 1",
            f -> write(f.resolve("train_lables.json"), "[1,-1]")),
        bad(
            load,
            "train_lables.json",
            "a JSON array",
            f -> write(f.resolve("train_lables.json"), "{}")),
        bad(
            load,
            "train_lables.json",
            "a JSON array",
            f -> write(f.resolve("train_lables.json"), "[1,")),
        bad(
            load,
            "data_batch_5.png",
            "expected a PNG image here",
            f -> Files.delete(f.resolve("data_batch_5.png"))));
  }

  @ParameterizedTest
  @MethodSource
  void cifarPng(Loader load, String file, String reason, Spoiler spoiler) throws IOException {
    PublicFiles.cifarPng(temp, 2, 2);
    refused(load, file, reason, spoiler);
  }

  static Stream<Arguments> reviews() {
    Loader load = folder -> Reviews.load(folder, Split.TEST, 16);
    return Stream.of(
        bad(
            load,
            "pos" + File.separator + "9.txt",
            "UTF-8, got byte 0xff at 1",
            f -> write(f.resolve("pos/9.txt"), new byte[] {'a', (byte) 0xff})),
        bad(load, "9.txt", "UTF-8, got byte 0xc3 at 20", f -> write(f.resolve("pos/9.txt"), cut())),
        bad(load, "9.txt", "expected a text, got none", f -> write(f.resolve("neg/9.txt"), " \n")),
        bad(load, "neg", "expected a folder of texts here", f -> removeAll(f.resolve("neg"))),
        bad(load, "pos", "at least 10 samples", f -> Files.delete(f.resolve("pos/3.txt"))),
        bad(
            load,
            "",
            "train and test, or neg and pos",
            f -> {
              removeAll(f.resolve("neg"));
              removeAll(f.resolve("pos"));
            }),
        bad(
            load,
            "r.zip",
            "zip",
            f -> {
              removeAll(f.resolve("neg"));
              removeAll(f.resolve("pos"));
              write(f.resolve("r.zip"), "no zip file, but long enough for its end");
            }));
  }

  /** Twenty letters and the first of two bytes. */
  private static byte[] cut() {
    byte[] text = new byte[21];
    Arrays.fill(text, (byte) 'a');
    text[20] = (byte) 0xc3;
    return text;
  }

  @ParameterizedTest
  @MethodSource
  void reviews(Loader load, String file, String reason, Spoiler spoiler) throws IOException {
    for (int i = 0; i < 10; i++) {
      write(temp.resolve("pos/" + i + ".txt"), "good");
      write(temp.resolve("neg/" + i + ".txt"), "bad");
    }
    refused(load, file, reason, spoiler);
  }

  static Stream<Arguments> tables() {
    Loader pairs = folder -> DocumentPairs.load(folder, Split.TEST, 8);
    Loader lists = folder -> ListOpsFiles.load(folder, Split.TEST);
    String aan = "new_aan_pairs.test.tsv";
    String listops = "basic_test.tsv";
    return Stream.of(
        bad(pairs, aan, "expected 5 fields, got 4 in row 2", f -> add(f, aan, "1\ta\tb\tc\n")),
        bad(pairs, aan, "label 0 or 1 in row 2, got '2'", f -> add(f, aan, "2\ta\tb\tc\td\n")),
        bad(pairs, aan, "a text in row 2, got none", f -> add(f, aan, "1\ta\tb\t\td\n")),
        bad(pairs, aan, "a quotation mark", f -> add(f, aan, "1\ta\tb\tc\t\"d\n")),
        bad(
            pairs,
            aan,
            "UTF-8, got byte 0x80 at 0 in row 1",
            f ->
                write(
                    f.resolve(aan),
                    new byte[] {'1', '\t', 'a', '\t', 'b', '\t', (byte) 0x80, '\t', 'd'})),
        bad(pairs, aan, "at least one row", f -> write(f.resolve(aan), "\n")),
        bad(pairs, aan, "tab-separated values here", f -> Files.delete(f.resolve(aan))),
        bad(lists, listops, "columns Source and Target", f -> write(f.resolve(listops), "a\tb\n")),
        bad(
            lists,
            listops,
            "expressions below the header",
            f -> write(f.resolve(listops), "Source\tTarget\n")),
        bad(lists, listops, "0 to 9 in row 3, got '10'", f -> add(f, listops, "[MIN 1 ]\t10\n")),
        bad(
            lists,
            listops,
            "digits, operators and ] in row 3, got '[FOO'",
            f -> add(f, listops, "[FOO 1 ]\t1\n")),
        bad(lists, listops, "1 to 2048 tokens in row 3, got 0", f -> add(f, listops, "( )\t1\n")),
        bad(
            lists,
            listops,
            "1 to 2048 tokens in row 3, got 2049",
            f -> add(f, listops, "1 ".repeat(2049) + "\t1\n")));
  }

  private static void add(Path folder, String file, String row) throws IOException {
    write(folder.resolve(file), Files.readString(folder.resolve(file)) + row);
  }

  @ParameterizedTest
  @MethodSource
  void tables(Loader load, String file, String reason, Spoiler spoiler) throws IOException {
    write(temp.resolve("new_aan_pairs.test.tsv"), "1\ta\tb\tc\td\n");
    write(temp.resolve("basic_test.tsv"), "Source\tTarget\n1\t1\n");
    refused(load, file, reason, spoiler);
  }

  static Stream<Arguments> pathfinder() {
    Loader load = folder -> PathfinderFiles.load(folder, Split.TRAIN, 4);
    String set = "curv_contour_length_14/";
    return Stream.of(
        bad(
            load,
            "sample_3.png",
            "a whole PNG image",
            f -> truncate(f.resolve(set + "imgs/0/sample_3.png"), 40)),
        bad(
            load,
            "sample_3.png",
            "[4, 4, 1] of 8 bits, got [5, 5, 1]",
            f -> PublicFiles.greyPng(f.resolve(set + "imgs/0/sample_3.png"), 5, 0)),
        bad(
            load,
            "sample_3.png",
            "PNG image here",
            f -> Files.delete(f.resolve(set + "imgs/0/sample_3.png"))),
        bad(
            load,
            "0.npy",
            "label 0 or 1 of each image, got imgs/0 a.png 0 2",
            f -> write(f.resolve(set + "metadata/0.npy"), "imgs/0 a.png 0 2")),
        bad(
            load,
            "0.npy",
            "640 bytes after the header",
            f -> {
              write(f.resolve(set + "metadata/0.npy"), PublicFiles.npy(rows()));
              truncate(f.resolve(set + "metadata/0.npy"), 1);
            }),
        bad(
            load,
            "0.npy",
            "npy file of version",
            f ->
                write(
                    f.resolve(set + "metadata/0.npy"),
                    new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 9, 0, 0, 0, 0, 0})),
        bad(load, "metadata", "labels here", f -> removeAll(f.resolve(set + "metadata"))));
  }

  private static String[][] rows() {
    String[][] rows = new String[10][1];
    for (String[] row : rows) {
      row[0] = "x";
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource
  void pathfinder(Loader load, String file, String reason, Spoiler spoiler) throws IOException {
    PublicFiles.pathfinder(temp, 20, 4, false);
    refused(load, file, reason, spoiler);
  }

  static Stream<Arguments> speech() {
    Loader load = folder -> SpeechCommands.load(folder, Split.TRAIN, Words.TEN, 16_000);
    String clip = "up/s_nohash_1.wav";
    return Stream.of(
        bad(
            load,
            "s_nohash_1.wav",
            "1 channel, 16 bits and 16000 Hz, PCM_SIGNED, got 1, 16 bits and 8000 Hz",
            f -> wav(f.resolve(clip), 0, 9, new AudioFormat(8_000, 16, 1, true, false))),
        bad(
            load,
            "s_nohash_1.wav",
            "got 2, 16 bits",
            f -> wav(f.resolve(clip), 0, 9, new AudioFormat(16_000, 16, 2, true, false))),
        bad(
            load,
            "s_nohash_1.wav",
            "got 1, 8 bits",
            f -> wav(f.resolve(clip), 0, 9, new AudioFormat(16_000, 8, 1, false, false))),
        bad(
            load,
            "s_nohash_1.wav",
            "200 bytes of samples, and some, got 198",
            f -> truncate(f.resolve(clip), 1)),
        bad(
            load,
            "s_nohash_1.wav",
            "0 bytes of samples, and some, got 0",
            f -> wav(f.resolve(clip), 0, 0)),
        bad(
            load,
            "s_nohash_1.wav",
            "at most 16000 samples, got 16001",
            f -> wav(f.resolve(clip), 0, 16_001)),
        bad(load, "s_nohash_1.wav", "a wav file", f -> write(f.resolve(clip), "RIFF")),
        bad(
            load,
            "testing_list.txt",
            "expected this list beside the other one",
            f -> Files.delete(f.resolve("testing_list.txt"))),
        bad(
            load,
            "validation_list.txt",
            "'up/x.wav', which is not there",
            f -> write(f.resolve("validation_list.txt"), "up/x.wav\n")),
        bad(load, "stop", "expected a folder of wav files here", f -> removeAll(f.resolve("stop"))),
        bad(
            folder -> SpeechCommands.load(folder, Split.TEST, Words.TEN, 8_000),
            "",
            "clips of the split TEST, got none",
            f -> write(f.resolve("testing_list.txt"), "")));
  }

  @ParameterizedTest
  @MethodSource
  void speech(Loader load, String file, String reason, Spoiler spoiler) throws IOException {
    for (String word : Words.TEN.folders()) {
      wav(temp.resolve(word + "/s_nohash_0.wav"), 0, 100);
      wav(temp.resolve(word + "/s_nohash_1.wav"), 0, 100);
    }
    write(temp.resolve("validation_list.txt"), "yes/s_nohash_0.wav\n");
    write(temp.resolve("testing_list.txt"), "no/s_nohash_0.wav\n");
    refused(load, file, reason, spoiler);
  }

  @Test
  void aSetThatIsNotHereSaysHowToGetIt() {
    for (PublicSet set : PublicSet.values()) {
      String message = assertThrows(NoSuchFileException.class, () -> set.in(temp)).getMessage();
      assertTrue(message.contains(temp.toString()), message);
      assertTrue(message.contains("not here yet: "), message);
    }
  }

  private void refused(Loader load, String file, String reason, Spoiler spoiler)
      throws IOException {
    load.load(temp);
    spoiler.spoil(temp);
    IOException e = assertThrows(IOException.class, () -> load.load(temp));
    assertTrue(
        e.getMessage().contains(file) && e.getMessage().contains(temp.toString()), e.toString());
    assertTrue(e.getMessage().contains(reason), e.toString());
  }

  private static void removeAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
