//! `?fields=`: the members of an answer that somebody wants, chosen from its JSON as it
//! stands. Nothing is taken apart that is not looked at: an answer costs its own length.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::endpoint::Endpoint;
use crate::domain::wording::text;
use crate::error::{Error, Result};

/// The fields that were asked for: each once, in the order of their names, so that one
/// choice has one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen(Vec<String>);

impl Chosen {
    /// Takes `fields` out of the parameters of a GET.
    ///
    /// # Errors
    /// A name that the answer does not have, or that is given twice.
    pub fn take(endpoint: &Endpoint, params: &mut Vec<(String, String)>) -> Result<Option<Chosen>> {
        if !endpoint.method.is_safe() {
            return Ok(None);
        }
        let Some(at) = params.iter().position(|(name, _)| name == "fields") else { return Ok(None) };
        let (_, value) = params.remove(at);
        let known = endpoint.field_names();
        let mut names: Vec<String> = value.split(',').map(|n| n.trim().to_owned()).collect();
        if let Some(unknown) = names.iter().find(|n| !known.contains(n.as_str())) {
            return Err(Error::invalid("fields", text!("has no field “{name}”", name = unknown)));
        }
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(twice) => Err(Error::invalid("fields", text!("names “{name}” twice", name = &twice[0]))),
            None => Ok(Some(Chosen(names))),
        }
    }

    pub fn names(&self) -> &[String] {
        &self.0
    }

    fn has(&self, name: &str) -> bool {
        self.0.binary_search_by(|chosen| chosen.as_str().cmp(name)).is_ok()
    }

    /// The chosen members of an object, or of each item of a list; what is neither stays.
    pub fn select(&self, json: &[u8]) -> Result<Vec<u8>> {
        let Ok(Members(members)) = serde_json::from_slice(json) else { return Ok(json.to_vec()) };
        let mut out = Vec::with_capacity(json.len() / 2);
        if !members.iter().any(|(name, value)| is_list(name, value)) {
            self.write(&members, &mut out);
            return Ok(out);
        }
        let mut object = Object::begin(&mut out);
        for (name, value) in members {
            let out = object.member(&name);
            if is_list(&name, value) { self.write_items(value, out)? } else { out.extend_from_slice(value.get().as_bytes()) }
        }
        object.end();
        Ok(out)
    }

    fn write_items(&self, list: &RawValue, out: &mut Vec<u8>) -> Result<()> {
        let items: Vec<&RawValue> = serde_json::from_str(list.get()).map_err(Error::internal)?;
        out.push(b'[');
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            match serde_json::from_str(item.get()) {
                Ok(Members(members)) => self.write(&members, out),
                Err(_) => out.extend_from_slice(item.get().as_bytes()),
            }
        }
        out.push(b']');
        Ok(())
    }

    /// An object with its chosen members.
    fn write(&self, members: &[Member], out: &mut Vec<u8>) {
        let mut object = Object::begin(out);
        for (name, value) in members.iter().filter(|(name, _)| self.has(name)) {
            object.member(name).extend_from_slice(value.get().as_bytes());
        }
        object.end();
    }
}

fn is_list(name: &str, value: &RawValue) -> bool {
    name == "items" && value.get().starts_with('[')
}

/// An object that is being written; its members' names are the API's own, plain words.
struct Object<'a> {
    out: &'a mut Vec<u8>,
    is_empty: bool,
}

impl<'a> Object<'a> {
    fn begin(out: &'a mut Vec<u8>) -> Object<'a> {
        out.push(b'{');
        Object { out, is_empty: true }
    }

    /// Where the value of the next member goes.
    fn member(&mut self, name: &str) -> &mut Vec<u8> {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    fn end(self) {
        self.out.push(b'}');
    }
}

type Member<'a> = (Cow<'a, str>, &'a RawValue);

/// An object's members in their order, their values as they were written.
struct Members<'a>(Vec<Member<'a>>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::with_capacity(32);
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(names: &[&str], json: &str) -> String {
        let chosen = Chosen(names.iter().map(|name| (*name).to_owned()).collect());
        String::from_utf8(chosen.select(json.as_bytes()).expect("JSON")).expect("a text")
    }

    #[test]
    fn members_are_chosen_of_an_object_and_of_each_item_and_stay_as_they_were_written() {
        let object = r#"{"id":1,"amount":120.50,"inner":{"id":[{"x":"}"}]},"name":"Ana \"A\" \u00e9"}"#;
        assert_eq!(select(&["amount", "name"], object), r#"{"amount":120.50,"name":"Ana \"A\" \u00e9"}"#);
        assert_eq!(select(&["inner"], object), r#"{"inner":{"id":[{"x":"}"}]}}"#);
        let list = r#"{"items":[{"id":1,"a":2},{"id":3},{}],"total":3}"#;
        assert_eq!(select(&["id"], list), r#"{"items":[{"id":1},{"id":3},{}],"total":3}"#);
        assert_eq!(select(&["a"], r#"{"items":[],"total":0}"#), r#"{"items":[],"total":0}"#);
        for other in ["[1,2]", "null", "\"x\"", r#"{"items":[1,null]}"#] {
            assert_eq!(select(&["id"], other), other);
        }
    }
}
