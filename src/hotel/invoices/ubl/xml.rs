//! XML as UBL wants it: no empty element, nothing that XML cannot hold.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

pub struct Xml(Writer<Vec<u8>>);

const COMMON: &str = "urn:oasis:names:specification:ubl:schema:xsd:";

impl Xml {
    /// With the root opened; `finish` closes it.
    pub fn new(root: &str) -> Xml {
        let mut xml = Xml(Writer::new_with_indent(Vec::new(), b' ', 2));
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        let mut start = BytesStart::new(root);
        start.push_attribute(("xmlns", format!("{COMMON}{root}-2").as_str()));
        start.push_attribute(("xmlns:cac", format!("{COMMON}CommonAggregateComponents-2").as_str()));
        start.push_attribute(("xmlns:cbc", format!("{COMMON}CommonBasicComponents-2").as_str()));
        xml.write(Event::Start(start));
        xml
    }

    fn write(&mut self, event: Event) {
        self.0.write_event(event).expect("invariant: memory takes every byte");
    }

    pub fn within(&mut self, name: &str, inside: impl FnOnce(&mut Xml)) {
        self.write(Event::Start(BytesStart::new(name)));
        inside(self);
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// Nothing where there is nothing to say.
    pub fn text(&mut self, name: &str, value: &str) {
        self.element(BytesStart::new(name), name, value);
    }

    pub fn with(&mut self, name: &str, attribute: (&str, &str), value: &str) {
        let mut start = BytesStart::new(name);
        if !attribute.1.is_empty() {
            start.push_attribute(attribute);
        }
        self.element(start, name, value);
    }

    fn element(&mut self, start: BytesStart, name: &str, value: &str) {
        let value: String = value.trim().chars().filter(|c| is_in_xml(*c)).collect();
        if value.is_empty() {
            return;
        }
        self.write(Event::Start(start));
        self.write(Event::Text(BytesText::new(&value)));
        self.write(Event::End(BytesEnd::new(name)));
    }

    pub fn finish(mut self, root: &str) -> Vec<u8> {
        self.write(Event::End(BytesEnd::new(root)));
        let mut bytes = self.0.into_inner();
        bytes.push(b'\n');
        bytes
    }
}

/// XML 1.0 has no way of writing other control characters.
fn is_in_xml(c: char) -> bool {
    matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}
