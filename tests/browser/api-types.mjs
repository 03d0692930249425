// The API's own description as TypeScript, for the type check of static/js: which requests there are, and what
// a page takes for granted about an answer, is what the executable says of itself. Writes generated/api.d.ts, which is not kept.
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
  if (others === false && lines.length === 0) return "Record<string, never>";
  if (others) lines.push(`[name: string]: ${lines.length ? "unknown" : typeOf(others, is_asked)};`);
  return lines.length ? `{\n  ${lines.join("\n  ")}\n}` : "Record<string, unknown>";
}

/**
 * What a request names in its path and asks behind it. `fields` is left out: what it picks has another shape.
 * In an address the empty text says nothing, so that a filter which is not set can stand there.
 */
function paramsOf(parameters = []) {
  const named = parameters.filter((one) => one.in !== "header" && one.name !== "fields");
  const lines = named.map(
    ({ name, in: place, required, schema }) =>
      `${JSON.stringify(name)}${required ? "" : "?"}: ${typeOf(schema, true)}${place === "query" ? ' | ""' : ""};`,
  );
  return lines.length ? `{ ${lines.join(" ")} }` : "Record<string, never>";
}

function answerOf(responses) {
  const [, good] = Object.entries(responses).find(([status]) => status.startsWith("2"));
  const [media, { schema }] = Object.entries(good.content ?? {})[0] ?? [null, {}];
  if (media?.startsWith("text/")) return "string";
  const whole = schema?.anyOf?.find(({ $ref }) => $ref && !$ref.endsWith("_chosen")) ?? schema;
  return whole ? typeOf(whole, false) : "null";
}

function pathType([address, methods]) {
  const lines = Object.entries(methods).map(([method, { parameters, requestBody, responses }]) => {
    const body = requestBody ? typeOf(requestBody.content["application/json"].schema, true) : "never";
    return `${method}: { params: ${paramsOf(parameters)}; body: ${body}; answer: ${answerOf(responses)} };`;
  });
  return `${JSON.stringify(address)}: {\n    ${lines.join("\n    ")}\n  };`;
}

const paths = `/** Every request there is: what it takes and what it answers. */
export interface Paths {\n  ${Object.entries(api.paths).map(pathType).join("\n  ")}\n}\n`;
const types = Object.entries(schemas)
  .filter(([name]) => !name.endsWith("_chosen"))
  .map(([name, schema]) => `export type ${name} = ${typeOf(schema, asked.has(name))};\n`);
const folder = path.join(import.meta.dirname, "generated");
await mkdir(folder, { recursive: true });
await writeFile(path.join(folder, "api.d.ts"), [paths, ...types].join("\n"));
