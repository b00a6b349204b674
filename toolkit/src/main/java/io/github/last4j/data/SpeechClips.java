package io.github.last4j.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which clips of Speech Commands are in a split. */
final class SpeechClips {
  private static final String VALIDATION = "validation_list.txt";
  private static final String TESTING = "testing_list.txt";
  private static final String NOISE = "_background_noise_";

  private final Path folder;
  private final Set<String> validation;
  private final Set<String> testing;

  /**
   * A clip.
   *
   * @param part which second of the file it is; −1 if the file is the clip
   */
  record Clip(Path file, int label, int part) {}

  private SpeechClips(Path folder) throws IOException {
    this.folder = folder;
    boolean listed =
        Files.exists(folder.resolve(VALIDATION)) || Files.exists(folder.resolve(TESTING));
    validation = listed ? list(folder, VALIDATION) : null;
    testing = listed ? list(folder, TESTING) : null;
  }

  /** The clips of a split, class by class. */
  static List<Clip> of(Path folder, Split split, SpeechCommands.Words words) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw BadFile.missing(folder, "expected the folders of Speech Commands in it");
    }
    SpeechClips clips = new SpeechClips(folder);
    List<Clip> result = new ArrayList<>();
    for (String word : words.folders()) {
      clips.word(word, split, words.folders().indexOf(word)).forEach(result::add);
    }
    if (words == SpeechCommands.Words.TWELVE) {
      int each = Math.max(1, result.size() / words.folders().size());
      int label = words.folders().size();
      List<Clip> others = new ArrayList<>();
      for (String word : SpeechCommands.Words.others()) {
        if (Files.isDirectory(folder.resolve(word))) {
          others.addAll(clips.word(word, split, label));
        }
      }
      if (others.isEmpty()) {
        throw BadFile.missing(folder, "expected folders of other words, such as bed, in it");
      }
      result.addAll(thinned(others, each));
      List<Clip> silence = HeldOut.ofAll(clips.noise(label + 1), split, folder.resolve(NOISE));
      result.addAll(thinned(silence, each));
    }
    if (result.isEmpty()) {
      throw BadFile.of(folder, "clips of the split " + split, "none");
    }
    return result;
  }

  private List<Clip> word(String word, Split split, int label) throws IOException {
    List<Clip> result = new ArrayList<>();
    for (Path file : wavs(folder.resolve(word))) {
      if (split(word + "/" + file.getFileName()) == split) {
        result.add(new Clip(file, label, -1));
      }
    }
    return result;
  }

  /** Every whole second of noise. */
  private List<Clip> noise(int label) throws IOException {
    List<Clip> result = new ArrayList<>();
    for (Path file : wavs(folder.resolve(NOISE))) {
      int seconds = Wav.read(file).length / Wav.RATE;
      IntStream.range(0, seconds).forEach(part -> result.add(new Clip(file, label, part)));
    }
    return result;
  }

  /** So many of a list, at equal distances; all, if there are not more. */
  private static List<Clip> thinned(List<Clip> clips, int count) {
    int kept = Math.min(count, clips.size());
    return IntStream.range(0, kept)
        .mapToObj(i -> clips.get((int) ((long) i * clips.size() / kept)))
        .toList();
  }

  private Split split(String name) {
    if (validation != null) {
      if (testing.contains(name)) {
        return Split.TEST;
      }
      return validation.contains(name) ? Split.VALIDATION : Split.TRAIN;
    }
    String speaker = name.replaceFirst(".*/", "").replaceFirst("(_nohash_.*)?\\.wav$", "");
    MessageDigest digest = Checksum.sha256();
    digest.update(speaker.getBytes(StandardCharsets.UTF_8));
    return switch (Integer.parseInt(Checksum.hex(digest).substring(0, 7), 16) % 10) {
      case 0 -> Split.TEST;
      case 1 -> Split.VALIDATION;
      default -> Split.TRAIN;
    };
  }

  private static Set<String> list(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw BadFile.missing(file, "expected this list beside the other one");
    }
    Set<String> names = new HashSet<>(Arrays.asList(Utf8.lines(file)));
    for (String clip : names) {
      if (!Files.isRegularFile(folder.resolve(clip))) {
        throw BadFile.of(file, "names of clips", "'" + clip + "', which is not there");
      }
    }
    return names;
  }

  private static List<Path> wavs(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw BadFile.missing(folder, "expected a folder of wav files here");
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".wav")).sorted().toList();
    }
  }
}
