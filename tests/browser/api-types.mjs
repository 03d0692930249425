// The API's own description as TypeScript, for the type check of static/js: what a page takes for granted
// about an answer is what the executable says of it. Writes generated/api.d.ts, which is not kept.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { executable } from "./innkeeper.mjs";

const { stdout } = await promisify(execFile)(executable, ["openapi"], { maxBuffer: 32 << 20 });
const api = JSON.parse(stdout);
const { schemas } = api.components;
const asked = namesIn(
  Object.values(api.paths).flatMap((methods) => Object.values(methods).map((one) => one.requestBody)),
);

/** The names of all schemas below a node, those that they name in turn too. */
function namesIn(node, found = new Set()) {
  for (const value of Object.values(node ?? {})) {
    const name = typeof value === "string" && /^#\/components\/schemas\/(.+)$/.exec(value)?.[1];
    if (name && !found.has(name)) {
      found.add(name);
      namesIn(schemas[name], found);
    } else if (typeof value === "object") namesIn(value, found);
  }
  return found;
}

/** @returns {string} */
function typeOf(schema, is_asked) {
  if (schema === true) return "unknown";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map((one) => typeOf(one, is_asked)))].join(" | ");
  if (schema.allOf) return schema.allOf.map((one) => typeOf(one, is_asked)).join(" & ");
  const kinds = [schema.type ?? "unknown"].flat();
  return kinds.map((kind) => plainType(kind, schema, is_asked)).join(" | ");
}

function plainType(kind, schema, is_asked) {
  switch (kind) {
    case "string":
    case "boolean":
    case "null":
    case "unknown":
      return kind;
    case "integer":
    case "number":
      return "number";
    case "array":
      return `Array<${typeOf(schema.items ?? true, is_asked)}>`;
    case "object":
      return objectType(schema, is_asked);
    default:
      throw new Error(`no type for ${JSON.stringify(schema)}`);
  }
}

const isNullable = (schema) =>
  [schema.type].flat().includes("null") || (schema.anyOf ?? []).some((one) => one.type === "null");

/** An answer carries its empty fields too, as null; a request may leave them out. */
function objectType(schema, is_asked) {
  const lines = Object.entries(schema.properties ?? {}).map(([name, one]) => {
    const is_there = schema.required?.includes(name) || (!is_asked && isNullable(one));
    const words = one.description ? `/** ${one.description.replaceAll("*/", "* /")} */ ` : "";
    return `${words}${JSON.stringify(name)}${is_there ? "" : "?"}: ${typeOf(one, is_asked)};`;
  });
  const others = schema.additionalProperties;
  if (others) lines.push(`[name: string]: ${lines.length ? "unknown" : typeOf(others, is_asked)};`);
  return lines.length ? `{\n  ${lines.join("\n  ")}\n}` : "Record<string, unknown>";
}

const types = Object.entries(schemas)
  .filter(([name]) => !name.endsWith("_chosen"))
  .map(([name, schema]) => `export type ${name} = ${typeOf(schema, asked.has(name))};\n`);
const folder = path.join(import.meta.dirname, "generated");
await mkdir(folder, { recursive: true });
await writeFile(path.join(folder, "api.d.ts"), types.join("\n"));
