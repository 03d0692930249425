// What a browser fetches of the UI, as it is sent: every module and style sheet that the page can reach,
// compressed, as the executable ships it. `npm run budget` lists the files.
import { get } from "node:http";
import { pathToFileURL } from "node:url";
import { startInnkeeper } from "./innkeeper.mjs";

/** Bytes of JavaScript and CSS together. */
export const BUDGET_BYTES = 120 * 1024;

/**
 * One file, and how many bytes of it crossed the wire.
 * @param {string} url
 * @returns {Promise<{ text: string, bytes: number }>}
 */
async function fetchAsSent(url) {
  const bytes = await new Promise((resolve, reject) => {
    get(url, { headers: { "Accept-Encoding": "gzip" } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
      let length = 0;
      response.on("data", (part) => (length += part.length));
      response.on("end", () => resolve(length));
    }).on("error", reject);
  });
  return { text: await (await fetch(url)).text(), bytes };
}

/**
 * Walks from the page through every import, those made on demand too.
 * @param {string} url of the hotel
 * @returns {Promise<{ path: string, bytes: number }[]>}
 */
export async function assetsAsSent(url) {
  const page = await (await fetch(url)).text();
  const found = new Map();
  const waiting = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+\.(?:js|css))"/g)].map((match) => match[1]);
  while (waiting.length) {
    const path = waiting.pop();
    if (found.has(path)) continue;
    const { text, bytes } = await fetchAsSent(url + path);
    found.set(path, { path, bytes });
    if (!path.endsWith(".js")) continue;
    for (const [, target] of text.matchAll(/(?:from|import)\s*\(?["'`](\.[^"'`]+)["'`]/g))
      waiting.push(new URL(target, url + path).pathname);
  }
  return [...found.values()];
}

/** Starts a hotel that serves what is shipped, whatever the build, and adds up. */
export async function measure() {
  const innkeeper = await startInnkeeper(["serve"], { env: { INNKEEPER_SHIPPED_PAGES: "1" } });
  try {
    const files = await assetsAsSent(innkeeper.url);
    const sum = (ending) =>
      files.filter(({ path }) => path.endsWith(ending)).reduce((total, { bytes }) => total + bytes, 0);
    return { files, js: sum(".js"), css: sum(".css") };
  } finally {
    await innkeeper.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { files, js, css } = await measure();
  for (const { path, bytes } of files.sort((a, b) => b.bytes - a.bytes)) console.log(`${bytes}`.padStart(7), path);
  console.log(`${files.length} files: ${js} bytes of JavaScript + ${css} of CSS = ${js + css} of ${BUDGET_BYTES}`);
}
