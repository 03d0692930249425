//! The API's own description, drawn from the route table: OpenAPI 3.1 and a page
//! for people.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::decode::MAX_TEXT;
use super::endpoint::{Access, Endpoint};
use super::problem::Complaint;
use super::request::Method;

/// The members of the description itself.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "it describes an answer that is made without it")]
pub struct Document {
    openapi: String,
    info: Map<String, Value>,
    servers: Vec<Value>,
    security: Vec<Value>,
    paths: Map<String, Value>,
    components: Map<String, Value>,
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into()).into_generator()
}

/// The names that `fields` may select: of a list's items, or of the object itself.
pub fn field_names(endpoint: &Endpoint) -> BTreeSet<String> {
    let mut generator = generator();
    let Some(answer) = (endpoint.schemas)(&mut generator).answer else { return BTreeSet::new() };
    let definitions = generator.take_definitions(true);
    let whole = resolve(answer.as_value(), &definitions);
    let item = whole.pointer("/properties/items/items").map(|item| resolve(item, &definitions));
    properties(&item.unwrap_or(whole), &definitions).into_iter().collect()
}

fn resolve(schema: &Value, definitions: &Map<String, Value>) -> Value {
    let name = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next());
    name.and_then(|n| definitions.get(n)).unwrap_or(schema).clone()
}

fn properties(schema: &Value, definitions: &Map<String, Value>) -> Vec<String> {
    let mut names: Vec<String> =
        schema.get("properties").and_then(Value::as_object).map(|p| p.keys().cloned().collect()).unwrap_or_default();
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        names.extend(properties(&resolve(part, definitions), definitions));
    }
    names
}

/// The whole description.
pub fn document(endpoints: &[Endpoint]) -> Value {
    let mut generator = generator();
    let field_errors = generator.subschema_for::<Vec<Complaint>>();
    let mut paths: Map<String, Value> = Map::new();
    let operations: Vec<(&Endpoint, Value)> = endpoints.iter().map(|e| (e, operation(e, &mut generator))).collect();
    for (endpoint, operation) in operations {
        let path = paths.entry(endpoint.pattern.to_owned()).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(endpoint.method.as_str().to_ascii_lowercase(), operation);
        }
    }
    let mut schemas = generator.take_definitions(true);
    inline_params(&mut paths, &mut schemas);
    bound_parameters(&mut paths);
    require_bodies(&mut paths, &schemas);
    allow_chosen_fields(&mut paths, &mut schemas);
    schemas.insert("Problem".to_owned(), problem_schema(&field_errors));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Innkeeper",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The hotel's own API: what the web pages use, and nothing else. Amounts are exact decimals in the property's currency; dates are civil (YYYY-MM-DD); instants are UTC.",
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": super::respond::SESSION_COOKIE},
            },
        },
    })
}

fn problem_schema(field_errors: &Schema) -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457 problem details. A refusal (409) may carry further members. Detail and messages are in the language that Accept-Language asks for (en, id).",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "errors": field_errors,
        },
        "required": ["type", "title", "status", "detail"],
    })
}

fn operation(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let schemas = (endpoint.schemas)(generator);
    let mut operation = json!({
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [tag(endpoint.pattern)],
        "responses": responses(endpoint, schemas.answer.as_ref()),
        "x-roles": roles(endpoint.access),
    });
    if let Some(params) = schemas.params {
        operation["x-params"] = params.to_value();
    }
    if endpoint.method.is_safe() && !endpoint.field_names().is_empty() {
        operation["x-fields"] = json!(endpoint.field_names());
    }
    if let Some(body) = schemas.body {
        // Left out, a body counts as {}; that is enough where nothing is demanded.
        operation["requestBody"] = json!({"content": {"application/json": {"schema": body}}, "required": false});
    }
    if endpoint.access == Access::Public {
        operation["security"] = json!([]);
    }
    operation
}

fn tag(pattern: &str) -> &str {
    pattern.trim_start_matches("/api/").trim_start_matches('/').split('/').next().unwrap_or("other")
}

fn roles(access: Access) -> Vec<&'static str> {
    match access {
        Access::Public => vec!["anyone"],
        Access::Roles(roles) => roles.iter().map(|r| r.as_str()).collect(),
    }
}

const NEEDS_PASSWORD: &str = "The role does not allow it, the sign-in was by PIN, or the request came from another site.";

fn responses(endpoint: &Endpoint, answer: Option<&Schema>) -> Value {
    let mut responses = Map::new();
    let good = match (endpoint.success, answer) {
        (204, _) => json!({"description": "Done."}),
        (_, Some(schema)) => json!({"description": "Done.", "content": {endpoint.media_type: {"schema": schema}}}),
        (_, None) => json!({"description": "Done.", "content": {endpoint.media_type: {}}}),
    };
    responses.insert(endpoint.success.to_string(), good);
    let mut problem = |status: &str, what: &str| {
        let content = json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}});
        responses.insert(status.to_owned(), json!({"description": what, "content": content}));
    };
    problem("400", "The request or its body cannot be read.");
    problem("422", "A field is not right; `errors` names each.");
    problem("429", "Too many requests; see Retry-After.");
    problem("503", "Busy; see Retry-After.");
    if endpoint.access != Access::Public || !endpoint.method.is_safe() {
        problem("401", "Not signed in, or not with these words.");
    }
    if endpoint.access != Access::Public {
        problem("403", "The role does not allow it.");
    }
    if endpoint.pattern.contains('{') || !endpoint.method.is_safe() {
        problem("404", "It does not exist.");
    }
    // A question can be refused too: what a change would cost that cannot be made.
    if endpoint.access != Access::Public || !endpoint.method.is_safe() {
        problem("409", "A rule or a conflict stands against it.");
    }
    if !endpoint.method.is_safe() {
        problem(
            "403",
            if endpoint.needs_password {
                NEEDS_PASSWORD
            } else {
                "The role does not allow it, or the request came from another site."
            },
        );
        problem("413", "The body is too large.");
        problem("415", "The body is not JSON.");
    }
    Value::Object(responses)
}

/// Turns each operation's parameter struct into OpenAPI parameters, and drops the structs.
fn inline_params(paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    let mut used = BTreeSet::new();
    for (pattern, methods) in paths.iter_mut() {
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            let params = operation.as_object_mut().and_then(|o| o.remove("x-params"));
            let mut parameters = Vec::new();
            if let Some(params) = params {
                if let Some(name) = params.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()) {
                    used.insert(name.to_owned());
                }
                parameters = parameters_of(pattern, &resolve(&params, schemas));
            }
            if let Some(names) = operation.as_object_mut().and_then(|o| o.remove("x-fields")) {
                parameters.push(json!({
                    "name": "fields", "in": "query", "required": false, "style": "form", "explode": false,
                    "description": "Only these fields, separated by commas.",
                    "schema": {"type": "array", "minItems": 1, "items": {"type": "string", "enum": names}},
                }));
            }
            if method != "get" {
                parameters.push(json!({
                    "name": "Idempotency-Key", "in": "header", "required": false,
                    "description": "The same key and body give the first answer again.",
                    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]([ -~]*[!-~])?$"},
                }));
            }
            if !parameters.is_empty() {
                operation["parameters"] = Value::Array(parameters);
            }
        }
    }
    for name in used {
        schemas.remove(&name);
    }
}

fn parameters_of(pattern: &str, params: &Value) -> Vec<Value> {
    let required: Vec<&str> =
        params.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    params
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            let in_path = pattern.contains(&format!("{{{name}}}"));
            let mut schema = schema.clone();
            strip_null(&mut schema);
            let description = schema.as_object_mut().and_then(|s| s.remove("description")).unwrap_or(Value::Null);
            let mut parameter = json!({
                "name": name,
                "in": if in_path { "path" } else { "query" },
                "required": in_path || required.contains(&name.as_str()),
                "schema": schema,
            });
            if !description.is_null() {
                parameter["description"] = description;
            }
            parameter
        })
        .collect()
}

/// States what is checked of every text of a parameter, whatever type reads it. Those of bodies say it
/// themselves.
fn bound_parameters(paths: &mut Map<String, Value>) {
    for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(|methods| methods.values_mut()) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let schema = &mut parameter["schema"];
            let is_plain = schema["type"] == "string" && ["format", "enum", "pattern"].iter().all(|k| schema.get(k).is_none());
            if is_plain {
                if schema.get("maxLength").is_none() {
                    schema["maxLength"] = json!(MAX_TEXT);
                }
                schema["pattern"] = json!(r"^[^\x00-\x1f\x7f-\x9f]*$");
            }
        }
    }
}

/// A body has to be sent where one of its fields has to.
fn require_bodies(paths: &mut Map<String, Value>, schemas: &Map<String, Value>) {
    for operation in paths.values_mut().filter_map(Value::as_object_mut).flat_map(|methods| methods.values_mut()) {
        let Some(body) = operation.get_mut("requestBody") else { continue };
        let schema = resolve(&body["content"]["application/json"]["schema"], schemas);
        body["required"] = json!(schema["required"].as_array().is_some_and(|fields| !fields.is_empty()));
    }
}

/// A GET that takes `fields` answers with the whole thing, or with the chosen fields of it.
fn allow_chosen_fields(paths: &mut Map<String, Value>, schemas: &mut Map<String, Value>) {
    for operation in paths.values_mut().filter_map(|methods| methods.get_mut("get")) {
        let takes_fields = operation["parameters"].as_array().is_some_and(|ps| ps.iter().any(|p| p["name"] == "fields"));
        let Some(schema) = operation.pointer_mut("/responses/200/content/application~1json/schema").filter(|_| takes_fields)
        else {
            continue;
        };
        let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()).map(str::to_owned) else {
            continue;
        };
        let mut chosen = resolve(schema, schemas);
        match chosen.pointer("/properties/items/items").map(|item| resolve(item, schemas)) {
            Some(mut item) => {
                drop_required(&mut item);
                chosen["properties"]["items"]["items"] = item;
            }
            None => drop_required(&mut chosen),
        }
        let chosen_name = format!("{name}_chosen");
        *schema = json!({"anyOf": [{"$ref": format!("#/components/schemas/{name}")}, {"$ref": format!("#/components/schemas/{chosen_name}")}]});
        schemas.insert(chosen_name, chosen);
    }
}

fn drop_required(schema: &mut Value) {
    if let Some(object) = schema.as_object_mut() {
        object.remove("required");
    }
}

/// An optional parameter is left out, never null.
fn strip_null(schema: &mut Value) {
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|t| t != "null");
        if let [only] = types.as_slice() {
            schema["type"] = only.clone();
        }
    }
    if let Some(variants) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        variants.retain(|v| v.get("type").and_then(Value::as_str) != Some("null"));
        if let [only] = variants.as_slice() {
            *schema = only.clone();
        }
    }
}

/// The description as a page, without scripts.
pub fn page(endpoints: &[Endpoint]) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Innkeeper API</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/api/docs/style.css\"></head><body><main>\
         <h1>Innkeeper API</h1><p>Sign in with <code>POST /api/auth/login</code> and send <code>Authorization: Bearer …</code>. \
         The machine-readable description is <a href=\"/api/openapi.json\">openapi.json</a>.</p>",
    );
    let mut tags: Vec<&str> = endpoints.iter().map(|e| tag(e.pattern)).collect();
    tags.sort_unstable();
    tags.dedup();
    let document = document(endpoints);
    for name in tags {
        let _ = write!(page, "<section><h2>{name}</h2>");
        for endpoint in endpoints.iter().filter(|e| {
            tag(e.pattern) == name && e.method != Method::Put || (tag(e.pattern) == name && is_only_put(endpoints, e))
        }) {
            page.push_str(&entry(endpoint, &document));
        }
        page.push_str("</section>");
    }
    page.push_str("</main></body></html>");
    page
}

/// A PUT that is not the twin of a PATCH.
fn is_only_put(endpoints: &[Endpoint], endpoint: &Endpoint) -> bool {
    !endpoints.iter().any(|e| e.pattern == endpoint.pattern && e.method == Method::Patch)
}

fn entry(endpoint: &Endpoint, document: &Value) -> String {
    let operation = &document["paths"][endpoint.pattern][endpoint.method.as_str().to_ascii_lowercase()];
    let mut html = format!(
        "<details><summary><b class=\"{0}\">{0}</b> <code>{1}</code> <span>{2}</span></summary><p>For: {3}.</p>",
        endpoint.method.as_str(),
        escape(endpoint.pattern),
        escape(endpoint.summary),
        roles(endpoint.access).join(", "),
    );
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let required = if parameter["required"] == true { ", required" } else { "" };
        let (name, place) = (parameter["name"].as_str().unwrap_or(""), parameter["in"].as_str().unwrap_or(""));
        let _ = write!(html, "<p><code>{}</code> ({place}{required})</p>", escape(name));
    }
    let schema = |pointer: &str| {
        let schema = operation.pointer(pointer)?;
        // The whole answer; the other one is a choice of its fields.
        let schema = schema.pointer("/anyOf/0").unwrap_or(schema);
        let definitions = document["components"]["schemas"].as_object()?;
        serde_json::to_string_pretty(&resolve(schema, definitions)).ok()
    };
    if let Some(body) = schema("/requestBody/content/application~1json/schema") {
        let _ = write!(html, "<h3>Takes</h3><pre>{}</pre>", escape(&body));
    }
    if let Some(answer) = schema(&format!("/responses/{}/content/application~1json/schema", endpoint.success)) {
        let _ = write!(html, "<h3>Gives {}</h3><pre>{}</pre>", endpoint.success, escape(&answer));
    }
    html.push_str("</details>");
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The page's style: a file of its own, since the policy allows no inline style.
pub const PAGE_STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;margin:0;color:#1b1f24;background:#fff}main{max-width:60rem;margin:auto;padding:2rem 1rem}\
h2{margin-top:2rem;font-size:1.1rem;text-transform:capitalize}details{border-bottom:1px solid #e3e6ea}summary{padding:.4rem 0;cursor:pointer}\
summary b{display:inline-block;min-width:4.5rem;font-size:.8rem}summary span{color:#59636e}pre{background:#f5f6f8;padding:.75rem;overflow:auto;font-size:12px}\
.POST{color:#0a7d33}.DELETE{color:#b3261e}.PATCH,.PUT{color:#8a5a00}.GET{color:#1a56b0}\
@media (prefers-color-scheme:dark){body{background:#16181c;color:#e6e8eb}pre{background:#1f2227}details{border-color:#2b2f36}summary span{color:#9aa3ad}a{color:#8ab4ff}.GET{color:#8ab4ff}.POST{color:#6fdc94}.PATCH,.PUT{color:#f0c060}.DELETE{color:#ff8a80}}";
