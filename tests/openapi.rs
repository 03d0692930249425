//! The API's description is a valid OpenAPI 3.1 document that tells the truth.

use std::collections::HashSet;

use innkeeper::hotel::Memory;
use innkeeper::http::openapi;
use innkeeper::routes;
use serde_json::Value;

const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

fn document() -> Value {
    openapi::document(&routes::endpoints(&Memory::default()))
}

/// Every operation with its path and method.
fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let methods = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().expect("methods").iter().map(|(method, operation)| (path.clone(), method.clone(), operation))
    });
    methods.collect()
}

fn visit(value: &Value, see: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                see(name, member);
                visit(member, see);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| visit(item, see)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_head_of_the_document_is_that_of_openapi_3_1() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    assert!(document["info"]["title"].is_string());
    for (path, method, operation) in operations(&document) {
        assert!(path.starts_with('/') && METHODS.contains(&method.as_str()), "{method} {path}");
        let summary = operation["summary"].as_str().unwrap_or("");
        assert!(!summary.is_empty() && !summary.ends_with('.'), "{method} {path}: {summary:?}");
    }
}

#[test]
fn every_endpoint_stands_in_it_once_under_its_own_name() {
    let document = document();
    let operations = operations(&document);
    let names: HashSet<&str> = operations.iter().filter_map(|(_, _, o)| o["operationId"].as_str()).collect();
    assert_eq!(
        (operations.len(), names.len()),
        (routes::endpoints(&Memory::default()).len(), routes::endpoints(&Memory::default()).len())
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = Vec::new();
    visit(&document, &mut |name, value| {
        if name == "$ref" {
            references.push(value.as_str().expect("a reference is text").to_owned());
        }
    });
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads out of the document"));
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

#[test]
fn no_schema_is_left_over() {
    let document = document();
    let mut used = HashSet::new();
    visit(&document, &mut |name, value| {
        if let ("$ref", Some(name)) = (name, value.as_str().and_then(|r| r.strip_prefix("#/components/schemas/"))) {
            used.insert(name.to_owned());
        }
    });
    let known = document["components"]["schemas"].as_object().expect("schemas");
    let unused: Vec<&String> = known.keys().filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn the_parameters_of_a_path_are_declared_and_every_parameter_once() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let mut seen = HashSet::new();
        for parameter in &parameters {
            let key = (parameter["in"].to_string(), parameter["name"].to_string());
            assert!(seen.insert(key), "{method} {path} declares {} twice", parameter["name"]);
            assert!(parameter["schema"].is_object(), "{method} {path}: {}", parameter["name"]);
        }
        let in_path: HashSet<&str> = path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')).collect();
        let declared: HashSet<&str> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path" && parameter["required"] == true)
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        assert_eq!(in_path, declared, "{method} {path}");
    }
}

#[test]
fn operations_say_what_they_give() {
    let document = document();
    for (path, method, operation) in operations(&document) {
        let responses = operation["responses"].as_object().expect("responses");
        let good: Vec<&String> = responses.keys().filter(|status| status.starts_with('2')).collect();
        assert_eq!(good.len(), 1, "{method} {path}");
        let content = &responses[good[0]]["content"]["application/json"];
        assert!(content.is_null() || content["schema"].is_object(), "{method} {path} gives JSON of no known shape");
        assert!(method == "get" || operation["requestBody"].is_object(), "{method} {path} takes what?");
    }
}

/// A schema of its own is a type of its own in the pages. Dates, instants, bounded numbers and
/// texts are described where they stand.
#[test]
fn of_all_plain_values_amounts_and_ways_of_writing_them_have_a_name() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().expect("schemas");
    let is_plain =
        |schema: &Value| schema["type"] != "object" && ["enum", "oneOf", "anyOf"].iter().all(|way| schema[way].is_null());
    let plain: Vec<&str> = schemas.iter().filter(|(_, schema)| is_plain(schema)).map(|(name, _)| name.as_str()).collect();
    assert_eq!((plain, &schemas["Amount"]["type"]), (vec!["Amount"], &"number".into()));
    let unit = &schemas["ChargeRequest"]["properties"]["unit_amount"];
    assert_eq!((&unit["type"], &unit["maximum"]), (&serde_json::json!(["number", "null"]), &10_000_000_000_i64.into()));
    let rate = &schemas["RateRequest"]["properties"]["rate"];
    assert_eq!((&rate["type"], &rate["minimum"]), (&serde_json::json!(["number", "null"]), &0.into()));
    assert!(schemas["Locale"]["enum"].as_array().is_some_and(|tags| tags.contains(&"id-ID".into())));
}

/// Whoever reads a text of a body by a type without a limit is told here.
#[test]
fn every_text_of_a_body_says_what_it_may_hold() {
    let document = document();
    let schema = |operation: &Value| operation.pointer("/requestBody/content/application~1json/schema").cloned();
    let mut to_see: Vec<Value> = operations(&document).iter().filter_map(|(.., operation)| schema(operation)).collect();
    let (mut seen, mut texts) = (HashSet::new(), 0);
    while let Some(taken) = to_see.pop() {
        // As a member, so that it is looked at itself as well.
        visit(&serde_json::json!({ "body": taken }), &mut |name, schema| {
            let is_text =
                schema["type"] == "string" || schema["type"].as_array().is_some_and(|ways| ways.contains(&"string".into()));
            if is_text {
                texts += 1;
                let ways = ["format", "enum", "const", "pattern"];
                assert!(ways.iter().any(|way| !schema[*way].is_null()), "{name}: {schema}");
            }
            if let ("$ref", Some(at)) = (name, schema.as_str())
                && seen.insert(at.to_owned())
            {
                to_see.push(document.pointer(at.trim_start_matches('#')).expect("a schema").clone());
            }
        });
    }
    assert!(texts > 50, "{texts} texts");
}

#[test]
fn amounts_are_numbers_and_dates_are_dates() {
    let document = document();
    visit(&document["components"]["schemas"], &mut |name, schema| {
        let format = || schema["format"].as_str();
        // The audit trail's business date is empty for what happened before the set-up.
        if name.ends_with("_date") && name != "business_date" && schema["type"] == "string" {
            assert_eq!(format(), Some("date"), "{name}");
        }
        if name.ends_with("_at") && schema["type"] == "string" {
            assert_eq!(format(), Some("date-time"), "{name}");
        }
        if matches!(name, "amount" | "rate" | "balance") || name.ends_with("_amount") {
            assert!(schema["type"] != "string", "{name} is text");
        }
    });
}
