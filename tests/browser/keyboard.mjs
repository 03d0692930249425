// Somebody without a mouse: every step is a key, and at every step it must be plain where one is.
import assert from "node:assert/strict";
import { settled } from "./browser.mjs";

const MOST_STOPS = 90;
const THE_END = "the page's body";

export class Keyboard {
  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    this.presses = 0;
  }

  /** @param {...string} keys */
  async press(...keys) {
    for (const key of keys) {
      this.presses += 1;
      await this.page.keyboard.press(key);
    }
  }

  /** Types over what the field holds. @param {string} text */
  async type(text) {
    await this.press("Control+a");
    this.presses += text.length;
    await this.page.keyboard.type(text);
  }

  /**
   * With Tab to the control of that name, from the place where the focus is; Shift+Tab with `back`.
   * @param {string | RegExp} name @param {{ back?: boolean }} [options]
   */
  async to(name, { back = false } = {}) {
    const met = [];
    for (let stop = 0; stop < MOST_STOPS; stop += 1) {
      await this.press(back ? "Shift+Tab" : "Tab");
      const { words, problem } = await this.page.evaluate(focused);
      // Behind the last control comes the browser's own bar, then the page again.
      if (words === THE_END) continue;
      if (problem) assert.fail(`${problem}: at “${words}” on the way to ${name}, ${this.page.url()}`);
      if (typeof name === "string" ? words === name : name.test(words)) return;
      met.push(words);
    }
    assert.fail(`Tab never reached ${name}; it met ${met.join(" | ")}`);
  }

  /** @param {string | RegExp} name @param {{ back?: boolean }} [options] */
  async push(name, options) {
    await this.to(name, options);
    await this.press("Enter");
  }

  /** @param {string | RegExp} name @param {string} text */
  async fill(name, text) {
    await this.to(name);
    await this.type(text);
  }

  /** By the first letters of the entry, as a select lets one. @param {string} name @param {string} letters */
  async pick(name, letters) {
    await this.to(name);
    this.presses += letters.length;
    await this.page.keyboard.type(letters);
    await this.holds();
  }

  /** Down the open menu, to the entry that begins so. @param {string} button @param {string} entry */
  async menu(button, entry) {
    await this.push(button);
    const met = [];
    for (let stop = 0; stop < 12; stop += 1) {
      const { words, problem } = await this.page.evaluate(focused);
      if (words === THE_END) break;
      if (problem) assert.fail(`${problem}: in the menu of ${button}, at “${words}”`);
      if (words.startsWith(entry)) return this.press("Enter");
      met.push(words);
      await this.press("Tab");
    }
    assert.fail(`the menu of ${button} has no ${entry}; it has ${met.join(" | ")}`);
  }

  /** By the search box, which opens from everywhere. @param {string} words @param {RegExp | string} heading */
  async go(words, heading) {
    await this.press("Control+k");
    await this.page.keyboard.type(words);
    await this.press("Enter");
    await this.page.getByRole("heading", { level: 1, name: heading }).first().waitFor();
    await settled(this.page);
    await this.holds();
  }

  /** What has the focus, in words. */
  async here() {
    const { words, problem } = await this.page.evaluate(focused);
    if (problem) assert.fail(`${problem}: at “${words}”, ${this.page.url()}`);
    return words;
  }

  /** The focus is somewhere, whatever has left the page since. */
  async holds() {
    await settled(this.page);
    await this.here();
  }

  /** @param {string | RegExp} name */
  async dialog(name) {
    await this.page.getByRole("dialog", { name }).waitFor();
    await this.holds();
  }

  /** A dialog that is done leaves, and gives the focus back. */
  async dialogGone() {
    await this.page.waitForFunction(() => !document.querySelector("dialog.dialog"));
    await this.holds();
  }
}

/** Runs in the page: what has the focus, and what is wrong with how it shows. */
async function focused() {
  const at = document.activeElement;
  if (!at || at === document.body) return { words: "the page's body", problem: "the focus is lost" };
  const named = (at.getAttribute("aria-labelledby") ?? "")
    .split(" ")
    .map((id) => (id ? document.getElementById(id)?.textContent : ""));
  const labels = "labels" in at && at.labels ? Array.from(at.labels, (label) => label.textContent) : [];
  const is_field = at.matches("input, select, textarea");
  const words =
    at.getAttribute("aria-label") ??
    [...named, ...labels, is_field ? "" : at.textContent].map((text) => (text ?? "").trim()).find(Boolean) ??
    at.getAttribute("title") ??
    "";
  const name = words.replace(/\s+/g, " ").trim();
  if (at.matches("main, dialog, [popover]")) return { words: name, problem: "" };
  if (!name) return { words: at.outerHTML.slice(0, 120), problem: "it has no name" };
  // The mark may stand at the control, at its word beside it, or at the label or row around it.
  const marked = (element) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/, 0\)$/.test(outlineColor);
  };
  const places = [at, at.nextElementSibling, at.closest("label"), at.parentElement].filter(Boolean);
  const find = () => places.find((element) => marked(element) || marked_pseudo(element));
  // The mark may take a frame to come.
  for (let frame = 0; frame < 3 && !find(); frame += 1) await new Promise(requestAnimationFrame);
  const shown = find();
  if (!shown) return { words: name, problem: "nothing shows that it has the focus" };
  const box = shown.getBoundingClientRect();
  const is_on_screen =
    box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  return { words: name, problem: is_on_screen ? "" : "it is not on the screen" };

  function marked_pseudo(element) {
    return ["::after", "::before"].some((pseudo) => {
      const { outlineStyle, outlineWidth, content } = getComputedStyle(element, pseudo);
      return content !== "none" && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
  }
}
