package io.github.last4j.data;

/**
 * Texts as tokens, one for each byte: 0 is padding, then come the bytes that have a token of their
 * own in their order, and the last token is any other byte.
 *
 * <p>App. C.1 of the paper gives the numbers, 129 and 97, and no lists. These follow from them: 127
 * bytes of ASCII without zero, or the 95 that print, and two.
 */
public enum ByteTokens {
  /** ASCII: 129 tokens, those of the task Text. */
  ASCII(1, 127),
  /** The part of ASCII that prints, 32 to 126: 97 tokens, those of the task Retrieval. */
  PRINTABLE(32, 126);

  private final int first;
  private final int last;

  ByteTokens(int first, int last) {
    this.first = first;
    this.last = last;
  }

  /** The number of tokens, with padding. */
  public int vocabulary() {
    return last - first + 3;
  }

  /** The token of a byte, 1 to {@link #vocabulary()} − 1. */
  public int token(byte value) {
    int code = Byte.toUnsignedInt(value);
    return code < first || code > last ? vocabulary() - 1 : code - first + 1;
  }

  /** Writes the tokens of a text to an array and returns how many: the first ones, if too many. */
  int write(byte[] text, float[] to, int at, int atMost) {
    int length = Math.min(text.length, atMost);
    for (int i = 0; i < length; i++) {
      to[at + i] = token(text[i]);
    }
    return length;
  }
}
