import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.Batchifier;
import ai.djl.util.Progress;
import io.github.last4j.io.Checkpoints;
import io.github.last4j.io.FileFormat;
import io.github.last4j.io.ModelImport;
import io.github.last4j.io.Tensor;
import io.github.last4j.io.Tensors;
import io.github.last4j.io.TorchScript;
import io.github.last4j.model.Activation;
import io.github.last4j.model.Normalization;
import io.github.last4j.model.Pooling;
import io.github.last4j.model.SequenceClassifier;
import io.github.last4j.prune.Balanced;
import io.github.last4j.prune.Criterion;
import io.github.last4j.prune.Pruning;
import io.github.last4j.prune.Refit;
import io.github.last4j.ssm.Discretization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Imports foreign models, prunes them and writes them again, for Python to compare.
 *
 * <p>Arguments: folders, each with a model (a file or folder named model), inputs.npz (x, and
 * lengths where there are some) and options.txt (what a tree cannot tell, a name and a value a
 * line). Beside them come outputs.npz (what the model says, whole, with states removed, and reduced
 * to new poles), the smaller models as pruned and reduced in every format and as TorchScript, and
 * the whole one as whole.flax. Of a folder without options it prints why it is refused.
 */
public final class Interop {
  private Interop() {}

  public static void main(String[] args) throws IOException {
    for (String folder : args) {
      Path path = Path.of(folder);
      try (NDManager manager = NDManager.newBaseManager()) {
        if (Files.exists(path.resolve("options.txt"))) {
          run(manager, path);
        } else {
          new ModelImport().load(manager, path).close();
        }
      } catch (IOException e) {
        if (Files.exists(path.resolve("options.txt"))) {
          throw e;
        }
        System.out.println(e.getMessage());
      }
    }
  }

  private static void run(NDManager manager, Path folder) throws IOException {
    ModelImport from = new ModelImport();
    for (String line : Files.readAllLines(folder.resolve("options.txt"))) {
      String[] option = line.split(" ");
      switch (option[0]) {
        case "activation" -> from.activation(Activation.valueOf(option[1]));
        case "postNorm" -> from.postNorm(Boolean.parseBoolean(option[1]));
        case "pooling" -> from.pooling(Pooling.valueOf(option[1]));
        case "clip" -> from.clip(Boolean.parseBoolean(option[1]));
        case "conjugatePairs" -> from.conjugatePairs(Boolean.parseBoolean(option[1]));
        case "discretization" -> from.discretization(Discretization.valueOf(option[1]));
        case "normalization" -> from.normalization(Normalization.valueOf(option[1]));
        case "tree" -> from.tree(option[1]);
        case "stepRescale" -> from.stepRescale(Double.parseDouble(option[1]));
        default -> throw new IOException("unknown option " + line);
      }
    }
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    try (SequenceClassifier model = from.load(manager, folder.resolve("model"))) {
      DataType type = model.parametersByName(manager).values().iterator().next().getDataType();
      NDList x = new NDList();
      for (Tensor tensor : FileFormat.read(folder.resolve("inputs.npz")).arrays().values()) {
        x.add(manager.create(tensor.toDoubles(), tensor.shape()).toType(type, false));
      }
      outputs.put("whole", Tensor.of(model.logProbabilities(x)));
      Checkpoints.save(model, folder.resolve("whole.flax"), FileFormat.FLAX);
      Dataset data = dataset(x);
      save(folder, "pruned", Criterion.LAST, model, x, outputs);
      save(folder, "reduced", Refit.on(data, Balanced.on(data)), model, x, outputs);
    }
    FileFormat.NPZ.write(new Tensors(outputs, Map.of()), folder.resolve("outputs.npz"));
  }

  private static void save(
      Path folder,
      String name,
      Pruning pruning,
      SequenceClassifier model,
      NDList x,
      Map<String, Tensor> outputs)
      throws IOException {
    try (SequenceClassifier pruned = pruning.prune(model, 0.4)) {
      outputs.put(name, Tensor.of(pruned.logProbabilities(x)));
      TorchScript.save(pruned, folder.resolve(name + ".pt"));
      for (FileFormat format : FileFormat.values()) {
        Path file = folder.resolve(name + "." + format.name().toLowerCase(Locale.ROOT));
        Checkpoints.save(pruned, file, format);
        try (SequenceClassifier again = Checkpoints.load(model.manager(), file)) {
          NDArray same = again.logProbabilities(x);
          if (!same.equals(pruned.logProbabilities(x))) {
            throw new IOException(file + ": other log-probabilities after reading it again");
          }
        }
      }
    }
  }

  /** One batch of sequences without labels. */
  private static Dataset dataset(NDList x) {
    return new Dataset() {
      @Override
      public Iterable<Batch> getData(NDManager manager) {
        NDManager own = manager.newSubManager();
        NDList copies = new NDList(x.stream().map(NDArray::duplicate).toList());
        copies.attach(own);
        int size = (int) x.head().getShape().get(0);
        return List.of(
            new Batch(own, copies, new NDList(), size, Batchifier.STACK, Batchifier.STACK, 0, 0));
      }

      @Override
      public void prepare(Progress progress) {}
    };
  }
}
