package io.github.last4j.notebook;

import ai.djl.ndarray.NDArray;
import io.github.last4j.table.Tablesaw;
import java.util.function.Supplier;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
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
            (array, context) -> {
              NDArrayView view = NDArrayView.of(array);
              offer(context, HTML, view::html);
              offer(context, TEXT, view::text);
            });
    renderer
        .createRegistration(Table.class)
        .preferring(HTML, TEXT)
        .register(
            (table, context) -> {
              TableView view = TableView.of(table);
              offer(context, HTML, view::html);
              offer(context, TEXT, view::text);
            });
    renderer
        .createRegistration(Figure.class)
        .preferring(PlotlyJson.MIME_TYPE, PNG, TEXT)
        .register(
            (figure, context) -> {
              PlotlyJson json = PlotlyJson.of(figure);
              offer(context, PlotlyJson.MIME_TYPE, json::bundle);
              offer(context, PNG, () -> FigurePng.base64(json));
              context.getOutputContainer().putMetaData(PNG, FigurePng.size(json));
              offer(context, TEXT, json::summary);
            });
  }

  private static void offer(RenderContext context, String type, Supplier<Object> data) {
    context.renderIfRequested(MIMEType.parse(type), data);
  }
}
