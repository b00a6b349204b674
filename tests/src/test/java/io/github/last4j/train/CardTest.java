package io.github.last4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.last4j.data.DataFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class CardTest {
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);

  /** A training that was killed leaves new weights beside an old card, which says so. */
  @Test
  void aCardKnowsItsCheckpoint() throws IOException {
    String older = Files.readString(DataFolder.locate().resolve("models/smnist-s5-0.json"));
    // SHA-256 of "abc", by FIPS 180-2.
    String sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    Card card = Card.fromJson(older.replaceFirst("\\{", "{\"weights\":\"" + sum + "\","));
    assertTrue(card.isOf(ABC));
    assertFalse(card.isOf(new byte[] {1}));
    assertEquals(card, Card.fromJson(card.toJson()));
    // Older cards say nothing of it.
    assertTrue(Card.fromJson(older).isOf(ABC));
  }
}
