//! Parses path, query and body into the types that handlers demand.
//!
//! Every complaint names its field. A handler never sees a half-checked value.

use serde::de::{self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::strict::{Strict, is_unprintable};
use crate::domain::wording::{Text, text};
use crate::error::{Error, Result};

/// Path and query parameters as a typed struct (`deny_unknown_fields`).
pub fn params<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T> {
    let map = ParamMap { pairs: pairs.iter(), value: None, field: "" };
    T::deserialize(ParamDeserializer(map)).map_err(|e| Error::invalid(e.field, e.message))
}

/// A JSON body as a typed struct. An empty body counts as `{}`.
pub fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(Strict(&mut json)).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.into_inner();
        let message = strip_position(&inner.to_string());
        match inner.classify() {
            // A bad field is told only of a body that can be read to its end.
            serde_json::error::Category::Data if !is_json(bytes) => unreadable(),
            serde_json::error::Category::Data => Error::invalid(field_name(&path, &message), humanise(&message)),
            // Good JSON all the same; no number is taken that large.
            _ if message == "number out of range" => Error::invalid(field_name(&path, &message), text!("is too large a number")),
            _ => unreadable(),
        }
    })?;
    json.end().map_err(|_| unreadable())?;
    Ok(value)
}

fn is_json(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| serde_json::from_str::<de::IgnoredAny>(text).is_ok())
}

fn unreadable() -> Error {
    Error::BadRequest(text!("The body is not readable JSON."))
}

/// For a nullable field of a change: left out is `None`, `null` is `Some(None)`.
/// Goes with `#[serde(default, deserialize_with = "given")]`.
pub fn given<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

/// `missing field `x` at line 1 column 2` without its position.
fn strip_position(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).to_owned()
}

/// The field a complaint is about; serde names missing and unknown ones in the message.
fn field_name(path: &str, message: &str) -> String {
    let named = ["missing field `", "unknown field `", "duplicate field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start))
        .and_then(|rest| rest.split('`').next());
    match (named, path) {
        (Some(name), ".") => name.to_owned(),
        (Some(name), path) if path.rsplit('.').next() == Some(name) => path.to_owned(),
        (Some(name), path) => format!("{path}.{name}"),
        (None, path) => path.to_owned(),
    }
}

/// The complaint that serde hands on as English words: one of our own types', or its own.
fn humanise(message: &str) -> Text {
    if let Some(own) = Text::of_serde(message) {
        return own;
    }
    if message.starts_with("missing field") {
        return text!("is missing");
    }
    if message.starts_with("unknown field") {
        return text!("is not a known field");
    }
    if message.starts_with("duplicate field") {
        return text!("is given twice");
    }
    match message.split_once(", expected ") {
        Some((_, expected)) => must_be(expected),
        None => Text::as_it_is(message),
    }
}

/// What serde expected, as a person says it.
fn must_be(expected: &str) -> Text {
    match expected {
        "i64" | "i32" | "u64" | "u32" | "u16" | "u8" | "a whole number" => text!("must be a whole number"),
        "a JSON number" => text!("must be a number"),
        "a boolean" => text!("must be true or false"),
        "a string" | "a borrowed string" => text!("must be a text"),
        "a sequence" => text!("must be a list"),
        "an object" => text!("must be an object"),
        "a word" => text!("must be a word"),
        other => match (other.strip_prefix("one of "), other.split_once(" or ")) {
            (Some(words), _) => text!("must be one of {words}", words),
            (None, Some((one, other))) => text!("must be {one} or {other}", one, other),
            (None, None) => text!("must be {what}", what = other),
        },
    }
}

/// A bad parameter.
#[derive(Debug)]
struct ParamError {
    field: String,
    message: Text,
}

impl std::fmt::Display for ParamError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.message.fmt(f)
    }
}

impl std::error::Error for ParamError {}

impl de::Error for ParamError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        let message = message.to_string();
        ParamError { field: field_name(".", &message), message: humanise(&message) }
    }
}

struct ParamDeserializer<'a>(ParamMap<'a>);

impl<'de> de::Deserializer<'de> for ParamDeserializer<'_> {
    type Error = ParamError;
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        visitor.visit_map(self.0)
    }
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct ParamMap<'a> {
    pairs: std::slice::Iter<'a, (String, String)>,
    value: Option<&'a str>,
    field: &'a str,
}

impl<'de> MapAccess<'de> for ParamMap<'_> {
    type Error = ParamError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ParamError> {
        let Some((name, value)) = self.pairs.next() else { return Ok(None) };
        self.value = Some(value);
        self.field = name;
        seed.deserialize(name.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ParamError> {
        let value = self.value.take().unwrap_or("");
        seed.deserialize(ParamValue(value)).map_err(|e| ParamError { field: self.field.to_owned(), message: e.message })
    }
}

/// The longest text that a parameter may hold, in characters.
pub const MAX_TEXT: usize = 254;

/// One parameter's text, read as whatever type is asked for.
struct ParamValue<'a>(&'a str);

macro_rules! parse_number {
    ($($method:ident $visit:ident $kind:ty),*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
            let plain = self.0.strip_prefix('-').unwrap_or(self.0).bytes().all(|b| b.is_ascii_digit());
            match self.0.parse::<$kind>() {
                Ok(number) if plain => visitor.$visit(number),
                _ => Err(text!("must be a whole number").to_serde()),
            }
        }
    )*};
}

impl<'de> de::Deserializer<'de> for ParamValue<'_> {
    type Error = ParamError;

    parse_number!(
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32, deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32, deserialize_u64 visit_u64 u64
    );

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        match self.0 {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(text!("must be true or false").to_serde()),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, ParamError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ParamError> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ParamError> {
        if self.0.chars().any(|c| is_unprintable(c) || c == '\n' || c == '\r' || c == '\t') {
            return Err(text!("must not contain control characters").to_serde());
        }
        if self.0.chars().count() > MAX_TEXT {
            return Err(text!("must be at most {most} characters", most = MAX_TEXT).to_serde());
        }
        visitor.visit_str(self.0)
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::date::Date;
    use crate::domain::status::ReservationStatus;
    use crate::error::FieldError;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Params {
        id: i64,
        page: Option<u32>,
        status: Option<ReservationStatus>,
        from: Option<Date>,
    }

    fn decode(pairs: &[(&str, &str)]) -> Result<Params> {
        params(&pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>())
    }

    fn field_of<T: std::fmt::Debug>(result: Result<T>) -> String {
        match result {
            Err(Error::Invalid(fields)) => fields.into_iter().map(|FieldError { field, .. }| field).collect(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn parameters_become_types() {
        let decoded = decode(&[("id", "7"), ("status", "no_show"), ("from", "2025-11-10")]).expect("good");
        assert_eq!((decoded.id, decoded.page, decoded.status), (7, None, Some(ReservationStatus::NoShow)));
    }

    #[test]
    fn a_bad_parameter_is_named() {
        assert_eq!(field_of(decode(&[("id", "x")])), "id");
        assert_eq!(field_of(decode(&[("id", "+1")])), "id");
        assert_eq!(field_of(decode(&[("id", "1"), ("page", "-1")])), "page");
        assert_eq!(field_of(decode(&[("id", "1"), ("status", "gone")])), "status");
        assert_eq!(field_of(decode(&[("id", "1"), ("from", "10.11.2025")])), "from");
        assert_eq!(field_of(decode(&[("id", "1"), ("color", "red")])), "color");
        assert_eq!(field_of(decode(&[("id", "1"), ("id", "2")])), "id");
        assert_eq!(field_of(decode(&[])), "id");
    }

    #[test]
    fn null_is_told_from_left_out() {
        #[derive(Debug, Deserialize)]
        struct Change {
            #[serde(default, deserialize_with = "given")]
            from: Option<Option<Date>>,
        }
        let from = |json: &str| body::<Change>(json.as_bytes()).map(|c| c.from.map(|d| d.map(|d| d.to_string())));
        assert_eq!(from("{}"), Ok(None));
        assert_eq!(from(r#"{"from": null}"#), Ok(Some(None)));
        assert_eq!(from(r#"{"from": "2025-11-10"}"#), Ok(Some(Some("2025-11-10".to_owned()))));
        assert_eq!(field_of(from(r#"{"from": "soon"}"#)), "from");
    }

    #[test]
    fn a_body_is_read_as_its_schema_says() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Inner {
            #[allow(dead_code)]
            note: String,
        }
        #[derive(Debug, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        struct Body {
            id: Option<crate::domain::id::RoomId>,
            status: Option<ReservationStatus>,
            inner: Option<Inner>,
            list: Option<Vec<Inner>>,
        }
        let field = |json: &str| field_of(body::<Body>(json.as_bytes()));
        for whole in ["[]", "null", "1", "true", "\"x\""] {
            assert_eq!(field(whole), ".", "{whole}");
        }
        assert_eq!(field(r#"{"inner": ["x"]}"#), "inner");
        assert_eq!(field(r#"{"list": [{"note": "x"}, ["x"]]}"#), "list[1]");
        assert_eq!(field(r#"{"list": [{"note": "a\u0000b"}]}"#), "list[0].note");
        assert_eq!(field(r#"{"status": {"confirmed": null}}"#), "status");
        assert_eq!(field(r#"{"id": 1, "id": 2}"#), "id");
        for id in [
            "0",
            "-1",
            "9007199254740992",
            "99999999999999999999",
            "-9223372036854775809",
            "1e999",
            "1.5",
            "1e17",
            "-0.5",
            "\"1\"",
        ] {
            assert_eq!(field(&format!(r#"{{"id": {id}}}"#)), "id", "{id}");
        }
        assert!(body::<Body>(br#"{"id": 1e2}"#).is_ok_and(|b| b.id == Some(crate::domain::id::RoomId(100))));
        let good = body::<Body>(br#"{"id": 9007199254740991.0, "status": "no_show", "list": [{"note": "a\nb"}], "inner": null}"#);
        assert_eq!(good.expect("good").status, Some(ReservationStatus::NoShow));
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(body::<Body>(deep.as_bytes()), Err(Error::BadRequest(_) | Error::Invalid(_))));
    }

    #[test]
    fn a_bad_body_is_named_or_unreadable() {
        assert_eq!(field_of(body::<Params>(br#"{"id": 1, "page": "x"}"#)), "page");
        assert_eq!(field_of(body::<Params>(br#"{"id": 1, "zz": 1}"#)), "zz");
        assert_eq!(field_of(body::<Params>(b"")), "id");
        assert!(matches!(body::<Params>(b"{"), Err(Error::BadRequest(_))));
        assert!(matches!(body::<Params>(br#"{"zz": 1"#), Err(Error::BadRequest(_))));
        assert!(matches!(body::<Params>(br#"{"id":1} x"#), Err(Error::BadRequest(_))));
        assert!(matches!(body::<Params>(&[0xff]), Err(Error::BadRequest(_))));
    }
}
