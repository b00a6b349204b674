package io.github.last4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.github.last4j.complex.Scoped;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What evaluation makes of parameters alone, kept until another length of the sequences or another
 * value of a parameter needs it anew. Values are compared, and not told of, since anyone may write
 * into an array.
 */
final class Kept<T> {
  private record Entry<T>(int length, NDList parameters, T made, NDList arrays) {
    boolean fits(int wanted, NDList current) {
      boolean fits = length == wanted && current.size() == parameters.size();
      for (int i = 0; fits && i < current.size(); i++) {
        fits =
            current.get(i).getDevice().equals(parameters.get(i).getDevice())
                && current.get(i).contentEquals(parameters.get(i));
      }
      return fits;
    }
  }

  private final Function<T, NDList> arraysOf;
  private Entry<T> entry;

  /**
   * Nothing yet.
   *
   * @param arraysOf the arrays of what is made
   */
  Kept(Function<T, NDList> arraysOf) {
    this.arraysOf = arraysOf;
  }

  /**
   * What was made of the same length and values, or what the supplier makes now.
   *
   * @param owner the manager that holds the arrays
   */
  synchronized T get(int length, NDList parameters, NDManager owner, Supplier<T> make) {
    if (entry == null || !entry.fits(length, parameters)) {
      forget();
      T made = Scoped.compute(owner, make, arraysOf);
      NDList copies = new NDList(parameters.stream().map(NDArray::duplicate).toList());
      copies.attach(owner);
      entry = new Entry<>(length, copies, made, arraysOf.apply(made));
      // Scopes of the evaluation that made it must not free it.
      NDScope.unregister(entry.arrays);
      NDScope.unregister(copies);
    }
    return entry.made;
  }

  /** Frees what is kept; training changes parameters, and has no use for it. */
  synchronized void forget() {
    if (entry != null) {
      entry.arrays.close();
      entry.parameters.close();
      entry = null;
    }
  }
}
