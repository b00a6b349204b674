package io.github.last4j.notebook;

import ai.djl.ndarray.NDArray;
import io.github.last4j.table.Tablesaw;
import java.util.function.Supplier;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.RenderFunction;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import tech.tablesaw.api.Table;
import tech.tablesaw.plotly.components.Figure;

/**
 * Teaches JJava's kernel to show arrays, tables and figures. The kernel finds it on its class path
 * and installs it before the first cell runs.
 */
public final class Last4jExtension implements Extension {
  private static final String TEXT = "text/plain";
  private static final String HTML = "text/html";
  private static final String PNG = "image/png";

  /** For the kernel, which makes its extensions itself. */
  public Last4jExtension() {}

  @Override
  public void install(BaseKernel kernel) {
    register(kernel.getRenderer());
    // Beside the first cell: an interrupt of one that makes a table then finds it made.
    Thread thread = new Thread(Tablesaw::ready, "last4j");
    thread.setDaemon(true);
    thread.start();
  }

  /** Adds the toolkit's render functions to a renderer. */
  static void register(Renderer renderer) {
    renderer
        .createRegistration(NDArray.class)
        .preferring(HTML, TEXT)
        .register(
            orReason(
                "NDArray",
                (array, context) -> {
                  NDArrayView view = NDArrayView.of(array);
                  offer(context, HTML, view::html);
                  offer(context, TEXT, view::text);
                }));
    renderer
        .createRegistration(Table.class)
        .preferring(HTML, TEXT)
        .register(
            orReason(
                "Table",
                (table, context) -> {
                  TableView view = TableView.of(table);
                  offer(context, HTML, view::html);
                  offer(context, TEXT, view::text);
                }));
    renderer
        .createRegistration(Figure.class)
        .preferring(PlotlyJson.MIME_TYPE, PNG, TEXT)
        .register(
            orReason(
                "Figure",
                (figure, context) -> {
                  PlotlyJson json = PlotlyJson.of(figure);
                  offer(context, PlotlyJson.MIME_TYPE, json::bundle);
                  String reason =
                      reason(
                          () -> {
                            offer(context, PNG, () -> FigurePng.base64(json));
                            context.getOutputContainer().putMetaData(PNG, FigurePng.metadata(json));
                          });
                  String summary = json.summary();
                  String text = reason.isEmpty() ? summary : summary + "\nno picture: " + reason;
                  offer(context, TEXT, () -> text);
                }));
    renderer
        .createRegistration(Shown.class)
        .preferring(HTML, TEXT)
        .register(
            orReason(
                "Shown",
                (shown, context) -> {
                  offer(context, HTML, shown::html);
                  offer(context, TEXT, shown::text);
                }));
  }

  private static void offer(RenderContext context, String type, Supplier<Object> data) {
    context.renderIfRequested(MIMEType.parse(type), data);
  }

  /** A cell must not fail because its last value cannot be shown: then a text says why. */
  private static <T> RenderFunction<T> orReason(String what, RenderFunction<T> render) {
    return (value, context) -> {
      String reason = reason(() -> render.render(value, context));
      if (!reason.isEmpty()) {
        context.getOutputContainer().putText(what + ", not shown: " + reason);
      }
    };
  }

  /** Why something failed, or nothing. Java2D throws errors where there are no fonts. */
  private static String reason(Runnable attempt) {
    try {
      attempt.run();
      return "";
    } catch (RuntimeException | LinkageError | VirtualMachineError failure) {
      String message = failure.getMessage();
      return message == null ? failure.getClass().getSimpleName() : message;
    }
  }
}
