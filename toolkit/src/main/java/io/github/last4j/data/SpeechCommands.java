package io.github.last4j.data;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Speech Commands (Warden, 2018): spoken words, one a wav file of a second at 16 kHz, in a folder
 * for each word. Raw samples, divided by 2¹⁵; shorter clips are padded with silence, which is part
 * of the sequence. At 8 kHz it is every second sample, as in Table 10.
 *
 * <p>The split is that of {@code validation_list.txt} and {@code testing_list.txt}. Without both,
 * it is by speaker, the part of a name before {@code _nohash_}: by the SHA-256 of the speaker,
 * about a tenth of them is for testing and a tenth for validation, whatever else is in the folder.
 */
public final class SpeechCommands {
  private SpeechCommands() {}

  /** Which words are told apart. */
  public enum Words {
    /** The ten commands. */
    TEN,
    /** The ten commands, any other word, and silence with noise. */
    TWELVE,
    /** All words of v0.02, in the order of the alphabet: the task Speech. */
    THIRTY_FIVE;

    private static final List<String> COMMANDS =
        List.of("yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go");

    private static final List<String> ALL =
        List.of(
            ("backward bed bird cat dog down eight five follow forward four go happy house learn"
                    + " left marvin nine no off on one right seven sheila six stop three tree two"
                    + " up visual wow yes zero")
                .split(" "));

    /** The number of classes. */
    public int classes() {
      return folders().size() + (this == TWELVE ? 2 : 0);
    }

    /** The folders whose number is the label. */
    List<String> folders() {
      return this == THIRTY_FIVE ? ALL : COMMANDS;
    }

    /** The words that have no class of their own. */
    static List<String> others() {
      return ALL.stream().filter(word -> !COMMANDS.contains(word)).toList();
    }
  }

  /**
   * Reads the clips of a split.
   *
   * @param folder the folder of the words' folders
   * @param words which words
   * @param rate samples a second: 16,000 or 8,000
   * @return {@code (N, rate, 1)}, from −1 to 1, word after word in the order of the labels, each by
   *     name
   * @throws IllegalArgumentException if the rate is another
   * @throws IOException if a word's folder or one of the two lists is missing, a list names a clip
   *     that is not there, or a clip is not as above, naming the file and the reason
   */
  public static SequenceData load(Path folder, Split split, Words words, int rate)
      throws IOException {
    requireNonNull(folder, "folder");
    requireNonNull(split, "split");
    requireNonNull(words, "words");
    if (rate != Wav.RATE && rate != Wav.RATE / 2) {
      throw new IllegalArgumentException("rate: expected 16000 or 8000, got " + rate);
    }
    List<SpeechClips.Clip> clips = SpeechClips.of(folder, split, words);
    return Samples.read(
        HeldOut.name("speech-commands-" + words.classes() + "-" + rate, split),
        new Samples.Sizes(1, rate, 1, words.classes()),
        clips.size(),
        i -> sample(clips.get(i), rate));
  }

  private static Samples.Sample sample(SpeechClips.Clip clip, int rate) throws IOException {
    short[] samples = Wav.read(clip.file());
    if (clip.part() >= 0) {
      samples = Arrays.copyOfRange(samples, clip.part() * Wav.RATE, (clip.part() + 1) * Wav.RATE);
    } else if (samples.length > Wav.RATE) {
      throw BadFile.of(clip.file(), "at most " + Wav.RATE + " samples", samples.length);
    }
    int stride = Wav.RATE / rate;
    float[] input = new float[rate];
    for (int i = 0; i * stride < samples.length; i++) {
      input[i] = samples[i * stride] / 32768f;
    }
    return new Samples.Sample(input, clip.label());
  }
}
