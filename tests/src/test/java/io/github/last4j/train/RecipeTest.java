package io.github.last4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The short way to write a recipe against the long one. */
class RecipeTest {
  @Test
  void whatIsNotSaidIsThePapers() {
    assertEquals(S5Preset.SMNIST.recipe(0), Recipe.epochs(150));
    assertEquals(new Recipe(5, 1, 50, 0.008, 0.002, 0.01, 0), Recipe.epochs(5));
    assertEquals(new Recipe(1, 0, 50, 0.008, 0.002, 0.01, 0), Recipe.epochs(1));
  }

  @Test
  void eachChangesItsOwn() {
    Recipe recipe = Recipe.epochs(9).warmUp(2).batch(30).rates(0.04, 0.005).decay(0.06).seed(7);
    assertEquals(new Recipe(9, 2, 30, 0.04, 0.005, 0.06, 7), recipe);
    assertEquals(new Recipe(9, 3, 30, 0.04, 0.005, 0.06, 7), recipe.warmUp(3));
    assertEquals(new Recipe(9, 2, 3, 0.04, 0.005, 0.06, 7), recipe.batch(3));
    assertEquals(new Recipe(9, 2, 30, 3, 4, 0.06, 7), recipe.rates(3, 4));
    assertEquals(new Recipe(9, 2, 30, 0.04, 0.005, 3, 7), recipe.decay(3));
    assertEquals(new Recipe(9, 2, 30, 0.04, 0.005, 0.06, 3), recipe.seed(3));
  }

  @Test
  void badNumbersAreNamed() {
    refused("epochs", () -> Recipe.epochs(0));
    refused("warmUpEpochs", () -> Recipe.epochs(3).warmUp(3));
    refused("epochs, batchSize", () -> Recipe.epochs(3).batch(0));
    refused("learningRate", () -> Recipe.epochs(3).rates(0, 1));
    refused("learningRate", () -> Recipe.epochs(3).rates(1, Double.NaN));
    refused("learningRate", () -> Recipe.epochs(3).decay(-1));
  }

  private static void refused(String argument, Supplier<Recipe> recipe) {
    String message = assertThrows(IllegalArgumentException.class, recipe::get).getMessage();
    assertTrue(message.startsWith(argument), message);
  }
}
