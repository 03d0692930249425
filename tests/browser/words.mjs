// The words of the UI: every language has every sentence, no sentence is left over, and no page says
// anything that is not from a catalogue. Reads the sources; needs no browser.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { parse } from "acorn";

const ROOT = path.resolve(import.meta.dirname, "../../static/js");
const CATALOGUES = path.join(ROOT, "i18n");
const languages = (await readdir(CATALOGUES, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();
const areas = (await readdir(path.join(CATALOGUES, "en"))).sort();

/** Every sentence of a language, by its key. */
async function catalogue(language) {
  const all = {};
  for (const area of areas) {
    const { words } = await import(path.join(CATALOGUES, language, area));
    for (const key of Object.keys(words)) assert.ok(!(key in all), `${language}: ${key} stands in two areas`);
    Object.assign(all, words);
  }
  const { words: loaded } = await import(path.join(CATALOGUES, `${language}.js`));
  assert.deepEqual(loaded, all, `${language}.js loads every area`);
  return all;
}

const names = (await readdir(ROOT, { recursive: true })).filter((name) => name.endsWith(".js"));
const sources = await Promise.all(
  names
    .filter((name) => !name.startsWith("i18n"))
    .map(async (name) => {
      const text = await readFile(path.join(ROOT, name), "utf8");
      return { name, tree: parse(text, { ecmaVersion: "latest", sourceType: "module", locations: true }) };
    }),
);

/** Calls back for each node, with those around it. */
function walk(node, see, around = []) {
  see(node, around);
  const inside = [...around, node];
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (child && typeof child.type === "string") walk(child, see, inside);
}

/** The texts a source can make keys of: literals, and templates as patterns. */
function keyTexts() {
  const literals = new Set();
  const patterns = [];
  for (const { tree } of sources)
    walk(tree, (node) => {
      if (node.type === "Literal" && typeof node.value === "string") literals.add(node.value);
      if (node.type === "TemplateLiteral" && /^[a-z_]+\./.test(node.quasis[0].value.cooked)) {
        const parts = node.quasis.map((part) => part.value.cooked.replaceAll(".", "\\."));
        patterns.push(new RegExp(`^${parts.join("[a-z0-9_]+")}$`));
      }
    });
  return { literals, patterns };
}

const stem = (key) => key.replace(/\.(zero|one|two|few|many|other)$/, "");
const slots = (text) => [...text.matchAll(/\{\w+\}/g)].map(([slot]) => slot).sort();

test("every language says everything, with the same slots, and nothing else", async () => {
  const english = await catalogue("en");
  const plural_stems = new Set(
    Object.keys(english)
      .filter((key) => key.endsWith(".other") && `${stem(key)}.one` in english)
      .map(stem),
  );
  for (const language of languages) {
    const words = await catalogue(language);
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const wanted = Object.keys(english).flatMap((key) => {
      if (!plural_stems.has(stem(key))) return [key];
      return key.endsWith(".other") ? forms.map((form) => `${stem(key)}.${form}`) : [];
    });
    assert.deepEqual(Object.keys(words).sort(), wanted.sort(), language);
    for (const [key, text] of Object.entries(words)) {
      assert.ok(text.trim(), `${language}: ${key} says nothing`);
      const model = english[key] ?? english[`${stem(key)}.other`];
      assert.deepEqual(slots(text), slots(model), `${language}: the slots of ${key}`);
    }
  }
});

test("words stand by area as the pages do, and each beginning of a key in one area", async () => {
  const pages = await readdir(path.join(ROOT, "pages"), { withFileTypes: true });
  const folders = pages.filter((entry) => entry.isDirectory()).map(({ name }) => `${name}.js`);
  assert.deepEqual(areas, ["frame.js", "shared.js", ...folders].sort());
  for (const language of languages) {
    const home = new Map();
    for (const area of areas) {
      const { words } = await import(path.join(CATALOGUES, language, area));
      for (const beginning of new Set(Object.keys(words).map((key) => key.split(".")[0]))) {
        assert.equal(home.get(beginning), undefined, `${language}: ${beginning} stands in ${area} too`);
        home.set(beginning, area);
      }
    }
  }
});

test("each folder of words is a language one can choose", async () => {
  globalThis.localStorage ??= { getItem: () => null };
  const { LANGUAGES } = await import(path.join(ROOT, "i18n.js"));
  assert.deepEqual(Object.keys(LANGUAGES).sort(), languages);
});

test("every key a page asks for is there, and every one there is asked for", async () => {
  const english = await catalogue("en");
  const missing = [];
  for (const { name, tree } of sources)
    walk(tree, (node) => {
      if (node.type !== "CallExpression" || !["t", "tn"].includes(node.callee.name)) return;
      const [key] = node.arguments;
      if (key?.type !== "Literal") return;
      const whole = node.callee.name === "t" ? key.value : `${key.value}.other`;
      if (!(whole in english)) missing.push(`${name}:${node.loc.start.line} ${whole}`);
    });
  assert.deepEqual(missing, []);
  const { literals, patterns } = keyTexts();
  const is_used = (key) => literals.has(key) || patterns.some((pattern) => pattern.test(key));
  const unused = Object.keys(english).filter((key) => !is_used(key) && !literals.has(stem(key)));
  assert.deepEqual(unused, []);
});

/** Attributes and options that a person reads or hears. */
const SPOKEN = new Set([
  "aria-label",
  "title",
  "placeholder",
  "alt",
  "label",
  "name",
  "hint",
  "text",
  "lead",
  "submit",
  "intro",
]);
/** What is the same in every language: codes, figures, signs. */
const isWord = (text) => /\p{Ll}/u.test(text) && /\p{L}{2}/u.test(text);
/** A sentence wherever it stands. */
const isSentence = (text) => /^\p{Lu}\p{Ll}+ \p{L}+/u.test(text) || /\p{L}{2} \p{L}.*[.!?…]$/u.test(text);

/** The literal pieces a value can be made of. */
function pieces(node) {
  switch (node?.type) {
    case "Literal":
      return typeof node.value === "string" ? [node.value] : [];
    case "TemplateLiteral":
      return node.quasis.map((part) => part.value.cooked);
    case "ConditionalExpression":
      return [node.consequent, node.alternate].flatMap(pieces);
    case "LogicalExpression":
      return [node.left, node.right].flatMap(pieces);
    case "BinaryExpression":
      return node.operator === "+" ? [node.left, node.right].flatMap(pieces) : [];
    case "ArrayExpression":
      return node.elements.flatMap(pieces);
    default:
      return [];
  }
}

/** What a name says beside an `h()` is an attribute for machines, as the name of a form's field is. */
const isMachineName = (key, around) => {
  if (key !== "name") return false;
  const call = around.findLast(({ type }) => type === "CallExpression");
  return call?.callee.name !== "button";
};

test("no page says anything that is not from a catalogue", () => {
  const said = [];
  for (const { name, tree } of sources)
    walk(tree, (node, around) => {
      const note = (texts) =>
        said.push(...texts.filter(isWord).map((text) => `${name}:${node.loc.start.line} ${text}`));
      // What a keyboard has printed on it is said in no language.
      if (node.type === "CallExpression" && node.callee.name === "h" && node.arguments[0].value !== "kbd")
        note(node.arguments.slice(2).flatMap(pieces));
      if (node.type === "Property") {
        const key = node.key.name ?? node.key.value;
        if (SPOKEN.has(key) && !isMachineName(key, around)) note(pieces(node.value));
      }
      if (node.type === "Literal" && typeof node.value === "string" && isSentence(node.value)) {
        const is_thrown = around.some(({ type }) => type === "ThrowStatement");
        if (!is_thrown) note([node.value]);
      }
    });
  assert.deepEqual(said, []);
});
