package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the pickles of Python that torch.save writes of dictionaries of tensors: containers, texts
 * and numbers. A pickle is a program for a machine with a stack; here it can put together what it
 * contains, and nothing else: the few names that {@link Calls} knows make no more than a {@link
 * Global}, and a call of one what that gives for it.
 */
final class Pickle {
  /** A name that a pickle imports, such as "torch.FloatStorage". */
  record Global(String name) {}

  /** None, which containers of Java have no null for. */
  static final Object NONE = new Object();

  /** What calls and references to something outside of the pickle stand for. */
  interface Calls {
    /** Whether a name may be in a pickle. */
    boolean knows(String name);

    /** The result of calling such a name, or an IllegalArgumentException. */
    Object call(Global function, List<?> arguments);

    /** What a persistent id stands for. */
    Object load(Object id);
  }

  // Where a list, a tuple or a dictionary begins.
  private static final Object MARK = new Object();

  private final ByteBuffer in;
  private final Calls calls;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  private Pickle(byte[] content, Calls calls) {
    in = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    this.calls = calls;
  }

  /**
   * Reads one pickle of protocol 2 to 5.
   *
   * @return a map, list, text, {@link Long}, {@link Double}, {@link Boolean}, {@link #NONE}, or
   *     what the calls gave
   * @throws IllegalArgumentException if it is not whole, or needs more than this reader does, which
   *     it names
   */
  static Object read(byte[] content, Calls calls) {
    Pickle pickle = new Pickle(content, calls);
    try {
      while (true) {
        int opcode = Byte.toUnsignedInt(pickle.in.get());
        if (opcode == '.') {
          return pickle.pop();
        }
        pickle.step(opcode);
      }
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("expected more of the pickle, got its end", e);
    }
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> require(in.get() <= 5, "expected a pickle of protocol 2 to 5");
      // The length of what follows, for readers of streams.
      case 0x95 -> in.getLong();
      case '(' -> push(MARK);
      case '0' -> pop();
      case '}' -> push(new LinkedHashMap<Object, Object>());
      case ']' -> push(new ArrayList<Object>());
      case ')' -> push(List.of());
      case 'l' -> push(new ArrayList<>(marked()));
      case 't' -> push(List.copyOf(marked()));
      case 0x85, 0x86, 0x87 -> push(List.copyOf(top(opcode - 0x84)));
      case 'd' -> {
        Map<Object, Object> dictionary = new LinkedHashMap<>();
        put(dictionary, marked());
        push(dictionary);
      }
      case 's' -> put(dictionary(2), top(2));
      case 'u' -> {
        List<Object> items = marked();
        put(dictionary(0), items);
      }
      case 'a' -> {
        Object item = pop();
        list().add(item);
      }
      case 'e' -> {
        List<Object> items = marked();
        list().addAll(items);
      }
      case 'N' -> push(NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) in.getInt());
      case 'K' -> push((long) Byte.toUnsignedInt(in.get()));
      case 'M' -> push((long) Short.toUnsignedInt(in.getShort()));
      case 0x8a -> push(integer(Byte.toUnsignedInt(in.get())));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'X' -> push(text(in.getInt()));
      case 0x8c -> push(text(Byte.toUnsignedInt(in.get())));
      case 'q' -> memo.put(Byte.toUnsignedInt(in.get()), peek());
      case 'r' -> memo.put(in.getInt(), peek());
      case 0x94 -> memo.put(memo.size(), peek());
      case 'h' -> push(remembered(Byte.toUnsignedInt(in.get())));
      case 'j' -> push(remembered(in.getInt()));
      case 'c' -> push(global(line(), line()));
      case 0x93 -> {
        List<Object> names = top(2);
        push(global(names.get(0), names.get(1)));
      }
      case 'Q' -> push(calls.load(pop()));
      case 'R' -> {
        List<Object> call = top(2);
        boolean known = call.get(0) instanceof Global && call.get(1) instanceof List;
        require(known, "expected the call of a name, got that of %s", kind(call.get(0)));
        push(calls.call((Global) call.get(0), (List<?>) call.get(1)));
      }
      case 'b' -> {
        // Attributes, such as the versions of modules beside a state dict's tensors.
        pop();
        boolean dictionary = peek() instanceof Map;
        require(dictionary, "expected attributes of dictionaries, got those of %s", kind(peek()));
      }
      default ->
          throw new IllegalArgumentException(
              String.format(
                  Locale.ROOT,
                  "expected tensors in dictionaries, got the pickle's code %#x",
                  opcode));
    }
  }

  private Global global(Object module, Object name) {
    boolean known = module instanceof String && calls.knows(module + "." + name);
    require(
        known,
        "expected only tensors, dictionaries, lists, texts and numbers, got %s, which is not"
            + " called",
        module instanceof String ? module + "." + name : kind(module));
    return new Global(module + "." + name);
  }

  /** What a value is: the value itself may be as large as the file, or contain itself. */
  private static String kind(Object value) {
    return value instanceof Global global ? global.name() : value.getClass().getSimpleName();
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object peek() {
    require(!stack.isEmpty(), "expected a value in the pickle, got none");
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    Object value = peek();
    stack.remove(stack.size() - 1);
    return value;
  }

  /** Takes so many values. */
  private List<Object> top(int count) {
    require(stack.size() >= count, "expected %d values in the pickle, got fewer", count);
    List<Object> rest = stack.subList(stack.size() - count, stack.size());
    List<Object> values = new ArrayList<>(rest);
    rest.clear();
    return values;
  }

  /** Takes all values after the last mark, and the mark. */
  private List<Object> marked() {
    int at = stack.lastIndexOf(MARK);
    require(at >= 0, "expected a mark in the pickle, got none");
    List<Object> values = top(stack.size() - at - 1);
    pop();
    return values;
  }

  @SuppressWarnings("unchecked")
  private List<Object> list() {
    require(peek() instanceof ArrayList, "expected a list in the pickle, got %s", kind(peek()));
    return (List<Object>) peek();
  }

  /** The dictionary under so many values. */
  @SuppressWarnings("unchecked")
  private Map<Object, Object> dictionary(int below) {
    int at = stack.size() - below - 1;
    boolean there = at >= 0 && stack.get(at) instanceof Map;
    require(there, "expected a dictionary in the pickle, got none");
    return (Map<Object, Object>) stack.get(at);
  }

  private void put(Map<Object, Object> into, List<Object> items) {
    require(items.size() % 2 == 0, "expected pairs of keys and values in the pickle");
    for (int i = 0; i < items.size(); i += 2) {
      Object key = items.get(i);
      boolean plain = key instanceof String || key instanceof Long;
      require(plain, "expected texts and integers as keys, got %s", kind(key));
      Object other = into.put(key, items.get(i + 1));
      require(other == null, "%s: expected it once, got it again", key);
    }
  }

  private Object remembered(int index) {
    Object value = memo.get(index);
    require(value != null, "expected a value that the pickle has kept, got none");
    return value;
  }

  private Long integer(int bytes) {
    require(bytes <= Long.BYTES, "expected integers of at most 8 bytes, got %d", bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) Byte.toUnsignedInt(in.get()) << (8 * i);
    }
    int unused = Long.SIZE - 8 * bytes;
    return bytes == 0 ? 0L : value << unused >> unused;
  }

  private String text(int length) {
    boolean there = length >= 0 && length <= in.remaining();
    require(there, "expected at most %d bytes of text, got %d", in.remaining(), length);
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() {
    int start = in.position();
    while (in.get() != '\n') {}
    byte[] bytes = Arrays.copyOfRange(in.array(), start, in.position() - 1);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
