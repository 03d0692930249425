/**
 * The ground of our custom elements: light DOM, and a signal that lives as long as the element is
 * in the page.
 */
export class LightElement extends HTMLElement {
  #controller = new AbortController();

  /** Ends when the element leaves the page. */
  get signal() {
    return this.#controller.signal;
  }

  connectedCallback() {
    this.#controller = new AbortController();
    this.build(this.#controller.signal);
  }

  disconnectedCallback() {
    this.#controller.abort();
  }

  /** Fills the element. @param {AbortSignal} _signal */
  build(_signal) {}
}
