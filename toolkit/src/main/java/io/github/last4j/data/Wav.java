package io.github.last4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/** Reads wav files of one channel and 16 bits. */
final class Wav {
  /** The samples a second that all files must have. */
  static final int RATE = 16_000;

  private Wav() {}

  /**
   * Reads samples.
   *
   * @return the values, −32768 to 32767
   * @throws IOException if it is not a whole wav file of one channel, 16 bits and {@link #RATE}, or
   *     has no sample
   */
  static short[] read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadFile.missing(file, "expected a wav file here");
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        AudioInputStream audio = AudioSystem.getAudioInputStream(in)) {
      AudioFormat format = audio.getFormat();
      if (format.getChannels() != 1
          || format.getSampleSizeInBits() != 16
          || format.getSampleRate() != RATE
          || !format.getEncoding().equals(AudioFormat.Encoding.PCM_SIGNED)) {
        String got =
            String.format(
                Locale.ROOT,
                "%d, %d bits and %.0f Hz, %s",
                format.getChannels(),
                format.getSampleSizeInBits(),
                format.getSampleRate(),
                format.getEncoding());
        throw BadFile.of(file, "1 channel, 16 bits and " + RATE + " Hz, PCM_SIGNED", got);
      }
      byte[] bytes = audio.readAllBytes();
      if (bytes.length == 0 || bytes.length != 2 * audio.getFrameLength()) {
        throw BadFile.of(
            file, 2 * audio.getFrameLength() + " bytes of samples, and some", bytes.length);
      }
      short[] samples = new short[bytes.length / 2];
      ByteOrder order = format.isBigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      ByteBuffer.wrap(bytes).order(order).asShortBuffer().get(samples);
      return samples;
    } catch (UnsupportedAudioFileException e) {
      throw BadFile.of(file, "a wav file", e.getMessage(), e);
    }
  }
}
