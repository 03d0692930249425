/**
 * A document of the server's as a sheet of paper, as high as what stands on it.
 */
import { h } from "../../dom.js";

/**
 * @param {string} name
 * @param {string} page the document, whole
 * @param {AbortSignal} signal
 */
export function sheetOf(name, page, signal) {
  /** @type {(value: void) => void} */
  let shown = () => {};
  const whenShown = new Promise((/** @type {(value: void) => void} */ resolve) => (shown = resolve));
  const sheet = h("iframe", {
    title: name,
    // It holds nothing to press, and the page around it scrolls.
    tabindex: "-1",
    // No script runs in it, whatever it says.
    sandbox: "allow-same-origin allow-modals",
    srcdoc: page,
    onload: () => {
      fit();
      shown();
    },
    signal,
  });
  const fit = () => {
    const height = sheet.contentDocument?.body?.getBoundingClientRect().height ?? 0;
    if (height) sheet.style.blockSize = `${Math.ceil(height)}px`;
  };
  const watch = new ResizeObserver(fit);
  watch.observe(sheet);
  signal.addEventListener("abort", () => watch.disconnect());
  return { sheet, whenShown };
}
