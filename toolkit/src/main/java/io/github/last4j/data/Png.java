package io.github.last4j.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;

/** Reads PNG images as the bytes that are in them, without conversions of colour. */
final class Png {
  private Png() {}

  /**
   * Reads an image of 8 bits a value.
   *
   * @param channels 1 for grey, 3 for red, green and blue
   * @return {@code (height, width, channels)}
   * @throws IOException if it is not a whole PNG of these sizes, or not of that kind
   */
  static byte[] read(Path file, int width, int height, int channels) throws IOException {
    Raster raster = decode(file).getRaster();
    List<Integer> sizes = List.of(raster.getWidth(), raster.getHeight(), raster.getNumBands());
    List<Integer> expected = List.of(width, height, channels);
    int bits = raster.getSampleModel().getSampleSize(0);
    if (!sizes.equals(expected) || bits != 8) {
      throw BadFile.of(
          file,
          "width, height and channels " + expected + " of 8 bits",
          sizes + " of " + bits + " bits");
    }
    byte[] result = new byte[width * height * channels];
    int[] row = new int[width * channels];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i++) {
        result[y * row.length + i] = (byte) row[i];
      }
    }
    return result;
  }

  private static BufferedImage decode(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw BadFile.missing(file, "expected a PNG image here");
    }
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    // A reader completes a truncated image with black, and only warns.
    StringBuilder warnings = new StringBuilder();
    IIOReadWarningListener listener = (source, warning) -> warnings.append(warning);
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      reader.addIIOReadWarningListener(listener);
      reader.setInput(in);
      BufferedImage image = reader.read(0);
      if (!warnings.isEmpty()) {
        throw new IOException(warnings.toString());
      }
      return image;
    } catch (IOException | RuntimeException e) {
      throw BadFile.of(file, "a whole PNG image", reason(e), e);
    } finally {
      reader.dispose();
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
