// What a browser fetches of the UI by the time it has opened every screen, as it is sent: the module and the
// style sheet that the page names, compressed, as the executable ships them, and the words of one language,
// the longest, since a browser loads no other. `npm run budget` lists the files.
import { readdir } from "node:fs/promises";
import { get } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { startInnkeeper } from "./innkeeper.mjs";

const STATIC = path.resolve(import.meta.dirname, "../../static");
const WORDS = path.join(STATIC, "js/i18n");

const LANGUAGE = /\/js\/i18n\/(\w+)\.js$/;

/** Bytes of JavaScript and CSS together: half a second over the Wi-Fi of an old phone, once. */
export const BUDGET_BYTES = 185 * 1024;

/**
 * @param {string} url
 * @returns {Promise<number>}
 */
const bytesAsSent = (url) =>
  new Promise((resolve, reject) => {
    get(url, { headers: { "Accept-Encoding": "gzip" } }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url}: ${response.statusCode}`));
      let bytes = 0;
      response.on("data", (part) => (bytes += part.length));
      response.on("end", () => resolve(bytes));
    }).on("error", reject);
  });

/**
 * What the page names, and the words of all languages.
 * @param {string} url of the hotel
 * @returns {Promise<{ path: string, bytes: number }[]>}
 */
export async function assetsAsSent(url) {
  const page = await (await fetch(url)).text();
  const named = [...page.matchAll(/(?:href|src)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path);
  const tree = /^\/assets\/[^/]+\//.exec(named[0] ?? "")?.[0];
  const words = (await readdir(WORDS)).filter((name) => name.endsWith(".js"));
  const paths = new Set([...named, ...words.map((name) => `${tree}js/i18n/${name}`)]);
  return Promise.all([...paths].map(async (path) => ({ path, bytes: await bytesAsSent(url + path) })));
}

/** Starts a hotel that serves what is shipped, whatever the build, and adds up. */
export async function measure() {
  const innkeeper = await startInnkeeper(["serve"], { env: { INNKEEPER_SHIPPED_PAGES: "1" } });
  try {
    const files = await assetsAsSent(innkeeper.url);
    const sum = (of) => files.filter(({ path }) => of(path)).reduce((total, { bytes }) => total + bytes, 0);
    const languages = new Set(files.flatMap(({ path }) => LANGUAGE.exec(path)?.[1] ?? []));
    const words = [...languages].map((language) => sum((path) => LANGUAGE.exec(path)?.[1] === language));
    const code = sum((path) => path.endsWith(".js") && !LANGUAGE.test(path));
    return { files, languages: words.length, js: code + Math.max(...words), css: sum((path) => path.endsWith(".css")) };
  } finally {
    await innkeeper.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { files, languages, js, css } = await measure();
  for (const { path, bytes } of files.sort((a, b) => b.bytes - a.bytes)) console.log(`${bytes}`.padStart(7), path);
  console.log(`${files.length} files in ${languages} languages; of one and all the rest,`);
  console.log(`${js} bytes of JavaScript + ${css} of CSS = ${js + css} of ${BUDGET_BYTES}`);
}
