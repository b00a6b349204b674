// A JupyterLab extension in the form in which JupyterLab loads built ones.
//
// Until the pointer enters a figure, plotly's renderer shows the picture that was saved with it, in
// as many CSS pixels as it has pixels, and ours have two for one; then it draws the figure, makes a
// picture of it and puts that into the notebook, which is unsaved from then on. This shows the
// picture in the figure's size and with the text that says what it shows, and keeps it.
(() => {
  const TYPE = "application/vnd.plotly.v1+json";
  const PICTURE = "image/png";
  let shared;

  const readOnly = ({ data, metadata, trusted }) => ({
    // plotly writes its axes' ranges into what it draws.
    data: structuredClone(data),
    metadata,
    trusted,
    setData: () => {},
  });

  const keepingPictures = (factory) => ({
    ...factory,
    createRenderer: (options) => {
      const renderer = factory.createRenderer(options);
      const render = renderer.renderModel.bind(renderer);
      renderer.renderModel = async (model) => {
        await render(readOnly(model));
        const { width, alt } = model.metadata[PICTURE] ?? {};
        const picture = renderer.node.querySelector(".plot-img");
        if (picture && width) {
          picture.width = width;
          picture.alt = alt ?? "";
        }
      };
      return renderer;
    },
  });

  const plugin = async () => {
    const [rendermime] = Object.values(shared["@jupyterlab/rendermime"]);
    const { IRenderMimeRegistry } = (await rendermime.get())();
    return {
      id: "last4j:figures",
      autoStart: true,
      requires: [IRenderMimeRegistry],
      activate: (app, registry) => {
        // Plotly's own is there once all extensions are.
        app.started.then(() => {
          const factory = registry.getFactory(TYPE);
          if (factory) {
            registry.addFactory(keepingPictures(factory), 0);
          }
        });
      },
    };
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB.last4j = {
    init: (scope) => {
      shared = scope;
    },
    get: async () => {
      const module = { __esModule: true, default: await plugin() };
      return () => module;
    },
  };
})();
