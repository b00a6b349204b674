package io.github.last4j.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The formats that people have models in and this toolkit does not read, each with the lines of
 * Python that make safetensors of it.
 */
enum OtherFormat {
  /** Also torch.save before PyTorch 1.6. */
  PICKLE(
      "a Python pickle, which only Python can read and which may execute anything",
      "\u0080[\u0002-\u0005]",
      """
      import torch, safetensors.torch; state = torch.load("%1$s", "cpu"); \
      state = state.get("model", state.get("state_dict", state))
      safetensors.torch.save_file({name: array.contiguous() for name, array in state.items() \
      if torch.is_tensor(array)}, "%1$s.safetensors")\
      """),
  HDF5(
      "HDF5",
      "\u0089HDF\r\n\u001a\n",
      """
      import h5py, safetensors.numpy; arrays = {}; h5py.File("%1$s").visititems(\
      lambda name, node: arrays.update({name: node[()]}) if hasattr(node, "shape") else None)
      safetensors.numpy.save_file(arrays, "%1$s.safetensors")\
      """),
  NPY(
      "a single array of numpy (npy)",
      "\u0093NUMPY",
      """
      import numpy, safetensors.numpy
      safetensors.numpy.save_file(numpy.load("%1$s", allow_pickle=True).item(), \
      "%1$s.safetensors")\
      """),
  GZIP(
      "compressed by gzip",
      "\u001f\u008b",
      """
      import gzip
      open("%1$s.unpacked", "wb").write(gzip.open("%1$s").read())\
      """),
  /** What a repository has in place of a large file that was not fetched. */
  GIT_LFS(
      "a pointer of Git LFS and not the file itself, which git lfs pull fetches",
      "version https://git-lfs",
      ""),
  /** Orbax and what flax.training.checkpoints writes with it: a folder of files. */
  ORBAX(
      "a folder of Orbax",
      // A folder has no bytes.
      "(?!)",
      """
      import jax, numpy, orbax.checkpoint, safetensors.numpy
      safetensors.numpy.save_file({jax.tree_util.keystr(path, simple=True, separator="/"): \
      numpy.asarray(leaf) for path, leaf in jax.tree_util.tree_leaves_with_path(\
      orbax.checkpoint.PyTreeCheckpointer().restore("%1$s"))}, "%1$s.safetensors")\
      """);

  private static final int LONGEST_START = 64;
  private static final int DEPTH = 4;
  private static final int MOST_FILES = 10_000;
  private static final Set<String> ORBAX_FILES =
      Set.of("_METADATA", "manifest.ocdbt", "_CHECKPOINT_METADATA", ".zarray");

  private final String label;
  // In Latin-1, where every character is a byte.
  private final Pattern start;
  private final String python;

  OtherFormat(String label, String start, String python) {
    this.label = label;
    this.start = Pattern.compile(start);
    this.python = python;
  }

  /** Recognises a file by its first bytes. */
  static Optional<OtherFormat> of(byte[] content) {
    int length = Math.min(content.length, LONGEST_START);
    String start = new String(content, 0, length, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values())
        .filter(format -> format.start.matcher(start).lookingAt())
        .findFirst();
  }

  /**
   * The folder that Orbax would restore, of those in a folder the one whose step is the highest.
   *
   * @throws IOException if it can't be looked into
   */
  static Optional<Path> orbax(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder.toAbsolutePath().normalize(), DEPTH)) {
      List<Path> found = files.limit(MOST_FILES).filter(OtherFormat::isOrbax).toList();
      // A tree has metadata of its own; those of Orbax's managers are outside of it.
      Predicate<Path> tree = path -> path.endsWith("_METADATA");
      boolean trees = found.stream().anyMatch(tree);
      return found.stream()
          .filter(path -> !trees || tree.test(path))
          .map(path -> path.endsWith(".zarray") ? path.getParent() : path)
          .map(Path::getParent)
          .max(
              Comparator.comparingDouble((Path path) -> step(folder, path))
                  .thenComparing(path -> -path.getNameCount()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static boolean isOrbax(Path path) {
    Path name = path.getFileName();
    return name != null && ORBAX_FILES.contains(name.toString());
  }

  /** The number at the end of the first name below a folder that has one. */
  private static double step(Path folder, Path path) {
    Path below = folder.toAbsolutePath().normalize().relativize(path);
    for (Path part : below) {
      Optional<Double> step = FileFormat.step(part.toString().replaceFirst("^.*_", ""));
      if (step.isPresent()) {
        return step.get();
      }
    }
    return Double.NEGATIVE_INFINITY;
  }

  /** Says what a path is, and what to do about it. */
  IOException refusal(Path path, Path source) {
    String expected = ": expected safetensors, Flax msgpack, npz or a state dict of torch, got ";
    return new IOException(path + expected + label + way(source));
  }

  /** How Python makes a file of it that is read. */
  String way(Path source) {
    return python.isEmpty()
        ? ""
        : "; in Python these lines make a file of it that is read:\n"
            + String.format(Locale.ROOT, python, source);
  }
}
