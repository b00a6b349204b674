package io.github.last4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary version of CIFAR-10: a record is a label and 3,072 bytes, the red, green and blue
 * planes of 32 × 32 pixels.
 *
 * @param records one an element
 */
record CifarBinary(List<byte[]> records) implements Cifar10.Pictures {
  private static final int PLANE = 1024;
  private static final int RECORD = 1 + 3 * PLANE;

  /** Reads the five files for training, or the one for testing. */
  static CifarBinary read(Path folder, boolean train) throws IOException {
    List<byte[]> records = new ArrayList<>();
    for (int batch = 1; batch <= (train ? 5 : 1); batch++) {
      Path file = folder.resolve(train ? "data_batch_" + batch + ".bin" : "test_batch.bin");
      if (!Files.isRegularFile(file)) {
        throw BadFile.missing(file, "expected a batch of CIFAR-10, binary version");
      }
      byte[] content = Files.readAllBytes(file);
      if (content.length == 0 || content.length % RECORD != 0) {
        throw BadFile.of(file, "whole records of " + RECORD + " bytes", content.length + " bytes");
      }
      for (int at = 0; at < content.length; at += RECORD) {
        Cifar10.requireLabel(file, Byte.toUnsignedInt(content[at]), at / RECORD);
        byte[] record = new byte[RECORD];
        System.arraycopy(content, at, record, 0, RECORD);
        records.add(record);
      }
    }
    return new CifarBinary(records);
  }

  @Override
  public int size() {
    return records.size();
  }

  @Override
  public byte[] picture(int i) {
    byte[] planes = records.get(i);
    byte[] result = new byte[3 * PLANE];
    for (int j = 0; j < result.length; j++) {
      result[j] = planes[1 + j % 3 * PLANE + j / 3];
    }
    return result;
  }

  @Override
  public int label(int i) {
    return records.get(i)[0];
  }
}
