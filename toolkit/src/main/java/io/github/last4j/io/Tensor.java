package io.github.last4j.io;

import static io.github.last4j.io.Bytes.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.Float16Utils;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** An array as files hold it: numbers of a type in little-endian bytes, the last index fastest. */
public final class Tensor {
  /** The types of numbers, with their names in .npy files and in safetensors. */
  enum Type {
    BOOL("|b1", "BOOL", 1),
    INT8("|i1", "I8", 1),
    UINT8("|u1", "U8", 1),
    INT16("<i2", "I16", 2),
    UINT16("<u2", "U16", 2),
    INT32("<i4", "I32", 4),
    UINT32("<u4", "U32", 4),
    INT64("<i8", "I64", 8),
    UINT64("<u8", "U64", 8),
    FLOAT16("<f2", "F16", 2),
    // The upper half of a float32; numpy alone has no such type.
    BFLOAT16(null, "BF16", 2),
    FLOAT32("<f4", "F32", 4),
    FLOAT64("<f8", "F64", 8),
    // The real and the imaginary part.
    COMPLEX64("<c8", "C64", 8),
    COMPLEX128("<c16", null, 16);

    final String numpy;
    final String safetensors;
    final int size;

    Type(String numpy, String safetensors, int size) {
      this.numpy = numpy;
      this.safetensors = safetensors;
      this.size = size;
    }

    /** The type that a format names so, if there is one here. */
    static Optional<Type> of(String name, Function<Type, String> names) {
      return Arrays.stream(values()).filter(type -> name.equals(names.apply(type))).findFirst();
    }

    /** The type by its name in .npy files, whatever the order of its bytes. */
    static Optional<Type> ofNumpy(String descr) {
      // What numpy makes of a bfloat16, a type that it does not have: two bytes of nothing known.
      return descr.equals("|V2")
          ? Optional.of(BFLOAT16)
          : of(descr.replace('>', '<'), each -> each.numpy);
    }

    /** The bytes of a number that have an order: complex ones are two such. */
    int width() {
      return complex() ? size / 2 : size;
    }

    boolean complex() {
      return this == COMPLEX64 || this == COMPLEX128;
    }

    /** Whether the numbers are real and have a fraction. */
    boolean floating() {
      return this == FLOAT16 || this == BFLOAT16 || this == FLOAT32 || this == FLOAT64;
    }

    /** The DJL type that numbers of this type have in a model. */
    DataType precision() {
      return this == FLOAT64 || this == COMPLEX128 ? DataType.FLOAT64 : DataType.FLOAT32;
    }

    /** Its name in numpy and Flax. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Type type;
  private final Shape shape;
  private final byte[] bytes;

  private Tensor(Type type, Shape shape, byte[] bytes) {
    this.type = type;
    this.shape = shape;
    this.bytes = bytes;
  }

  /**
   * A tensor of given bytes, which it keeps.
   *
   * @throws IllegalArgumentException if they are not as many as the shape needs
   */
  static Tensor of(Type type, long[] shape, byte[] bytes) {
    long expected = bytes(type, shape);
    require(
        expected == bytes.length,
        "expected %d bytes for shape %s of %s, got %d",
        expected,
        Arrays.toString(shape),
        type,
        bytes.length);
    return new Tensor(type, new Shape(shape), bytes);
  }

  /** A tensor of bytes in which the first index is the fastest, as in Fortran. */
  static Tensor firstIndexFastest(Type type, long[] shape, byte[] bytes) {
    Tensor tensor = of(type, shape, bytes);
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      strides[axis] = stride;
      stride *= shape[axis];
    }
    return tensor.shape.size() == 0 ? tensor : strided(type, shape, strides, 0, bytes);
  }

  /**
   * A copy of some numbers of a larger array.
   *
   * @param strides how many numbers further the next index of each axis is
   * @param offset how many numbers there are before the first
   * @throws IllegalArgumentException if some are not there, or taken more than once
   */
  static Tensor strided(Type type, long[] shape, long[] strides, long offset, byte[] from) {
    long size = bytes(type, shape) / type.size;
    long held = from.length / type.size;
    require(
        strides.length == shape.length && offset >= 0 && size <= held,
        "expected %s of %d numbers, got strides %s from %d",
        Arrays.toString(shape),
        held,
        Arrays.toString(strides),
        offset);
    for (int axis = 0; axis < shape.length; axis++) {
      boolean fits = strides[axis] >= 0 && (shape[axis] <= 1 || strides[axis] <= held);
      require(fits, "expected strides up to %d, got %s", held, Arrays.toString(strides));
    }
    byte[] to = new byte[Math.toIntExact(size * type.size)];
    long[] index = new long[shape.length];
    for (int at = 0; at < to.length; at += type.size) {
      long source = offset;
      for (int axis = 0; axis < shape.length; axis++) {
        source += index[axis] * strides[axis];
      }
      require(source < held, "expected indices below %d, got %d", held, source);
      System.arraycopy(from, (int) source * type.size, to, at, type.size);
      for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return of(type, shape, to);
  }

  /** The bytes that a shape needs: checked before any are reserved. */
  static long bytes(Type type, long[] shape) {
    // More dimensions than numpy has; DJL and indices have no use for them.
    require(shape.length <= 64, "expected at most 64 dimensions, got %d", shape.length);
    long bytes = type.size;
    for (long size : shape) {
      require(size >= 0, "expected sizes of at least zero, got %s", Arrays.toString(shape));
      try {
        bytes = Math.multiplyExact(bytes, size);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            "expected a size that fits into memory, got " + Arrays.toString(shape), e);
      }
    }
    return bytes;
  }

  /**
   * A copy of an array on any device.
   *
   * @throws IllegalArgumentException if it is neither float32 nor float64
   */
  public static Tensor of(NDArray array) {
    Type type =
        switch (array.getDataType()) {
          case FLOAT32 -> Type.FLOAT32;
          case FLOAT64 -> Type.FLOAT64;
          default ->
              throw new IllegalArgumentException(
                  "expected float32 or float64, got " + array.getDataType());
        };
    byte[] bytes = new byte[Math.toIntExact(array.size() * type.size)];
    ByteBuffer buffer = Bytes.littleEndian(bytes);
    if (type == Type.FLOAT32) {
      buffer.asFloatBuffer().put(array.toFloatArray());
    } else {
      buffer.asDoubleBuffer().put(array.toDoubleArray());
    }
    return new Tensor(type, array.getShape(), bytes);
  }

  Type type() {
    return type;
  }

  /** The shape, () for a single number. */
  public Shape shape() {
    return shape;
  }

  long[] sizes() {
    return shape.getShape();
  }

  /** The bytes themselves: not to be changed. */
  byte[] raw() {
    return bytes;
  }

  /** The numbers, of complex ones the real and imaginary parts by turns. */
  public double[] toDoubles() {
    int width = type.width();
    double[] values = new double[bytes.length / width];
    ByteBuffer buffer = Bytes.littleEndian(bytes);
    for (int i = 0; i < values.length; i++) {
      int at = i * width;
      values[i] =
          switch (type) {
            case BOOL -> bytes[at] == 0 ? 0 : 1;
            case INT8 -> bytes[at];
            case UINT8 -> Byte.toUnsignedInt(bytes[at]);
            case INT16 -> buffer.getShort(at);
            case UINT16 -> Short.toUnsignedInt(buffer.getShort(at));
            case INT32 -> buffer.getInt(at);
            case UINT32 -> Integer.toUnsignedLong(buffer.getInt(at));
            case INT64 -> buffer.getLong(at);
            case UINT64 -> unsigned(buffer.getLong(at));
            case FLOAT16 -> Float16Utils.halfToFloat(buffer.getShort(at));
            case BFLOAT16 -> Float.intBitsToFloat(buffer.getShort(at) << 16);
            case FLOAT32, COMPLEX64 -> buffer.getFloat(at);
            case FLOAT64, COMPLEX128 -> buffer.getDouble(at);
          };
    }
    return values;
  }

  /** The same float32 or float64 numbers times another. */
  Tensor times(double factor) {
    require(type == Type.FLOAT32 || type == Type.FLOAT64, "expected float32 or 64, got %s", type);
    byte[] scaled = new byte[bytes.length];
    ByteBuffer from = Bytes.littleEndian(bytes);
    ByteBuffer to = Bytes.littleEndian(scaled);
    while (from.hasRemaining()) {
      if (type == Type.FLOAT32) {
        to.putFloat((float) (from.getFloat() * factor));
      } else {
        to.putDouble(from.getDouble() * factor);
      }
    }
    return new Tensor(type, shape, scaled);
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0;
  }

  /**
   * A float32 or float64 array with the same numbers, bit for bit.
   *
   * @throws IllegalArgumentException if the numbers are of another type
   */
  NDArray toArray(NDManager manager) {
    ByteBuffer buffer = Bytes.littleEndian(bytes);
    if (type == Type.FLOAT32) {
      float[] values = new float[bytes.length / Float.BYTES];
      buffer.asFloatBuffer().get(values);
      return manager.create(values, shape);
    }
    if (type == Type.FLOAT64) {
      double[] values = new double[bytes.length / Double.BYTES];
      buffer.asDoubleBuffer().get(values);
      return manager.create(values, shape);
    }
    throw new IllegalArgumentException("expected float32 or float64, got " + type);
  }

  @Override
  public String toString() {
    return type + shape.toString();
  }
}
