package io.github.last4j.notebook;

import java.awt.Font;

/** Text of a figure as Java2D can draw it. */
final class PngText {
  private PngText() {}

  /** Text without the tags that plotly.js understands; a line break becomes a space. */
  static String plain(String text) {
    return text.replaceAll("(?i)<br\\s*/?>|\\n", " ")
        .replaceAll("(?i)</?(b|i|em|sub|sup|span)>", "");
  }

  /** A font of the size that a font object asks for, in CSS pixels. */
  static Font font(int style, Props font, int otherwise) {
    return new Font(Font.SANS_SERIF, style, (int) font.number("size", otherwise));
  }
}
