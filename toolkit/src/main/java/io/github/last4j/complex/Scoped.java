package io.github.last4j.complex;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.function.Function;
import java.util.function.Supplier;

/** Frees the native temporaries of a computation, which DJL would keep as long as its inputs. */
public final class Scoped {
  // Less than the 32 MB up to which glibc learns.
  private static final long LESSON_BYTES = (32L << 20) - (64 << 10);

  static {
    // glibc gives what is freed back to the system, and page after page is taken and cleared anew
    // for the next array: on small models that costs as much as their arithmetic. It keeps twice
    // the size of the largest block that it ever took from the system and gave back. So it sees
    // one; nothing is written into it, and other allocators do not care.
    try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
      manager.create(new Shape(LESSON_BYTES), DataType.UINT8).close();
    }
  }

  private Scoped() {}

  /**
   * Runs a computation and closes every array that it made, its results excepted.
   *
   * @param owner the manager that holds the results afterwards
   * @param body the computation; its results must be arrays that it made itself
   * @param arrays the arrays that a result consists of
   * @return what the computation returns
   */
  public static <T> T compute(NDManager owner, Supplier<T> body, Function<T, NDList> arrays) {
    T result;
    NDList kept;
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      result = body.get();
      kept = arrays.apply(result);
      NDScope.unregister(kept);
    }
    for (NDArray array : kept) {
      array.attach(owner);
      // An enclosing computation, if there is one, now decides on the array.
      NDScope.register(array);
    }
    return result;
  }

  /** The same for a computation with one array as its result. */
  public static NDArray array(NDManager owner, Supplier<NDArray> body) {
    return compute(owner, body, NDList::new);
  }
}
