//! A document as a page of HTML with a style sheet beside it. Whatever stands in the document is text:
//! the one way into the page escapes it.

use super::blocks::{Block, Cell, Code, ColumnKind, Document, Fact, Form, Picture, Table};
use super::code;
use crate::domain::wording::{Language, Text, Value, text};

/// The look of the page: a file of its own, since the policy allows no inline style.
pub const STYLE: &str = include_str!("sheet.css");

/// The whole page; its style sheet is at `style_address`.
pub fn page(document: &Document, style_address: &str) -> String {
    let mut page = Page { out: String::with_capacity(8 * 1024), language: document.language };
    page.markup("<!doctype html>\n<html lang=\"").markup(document.tag()).markup("\"><head><meta charset=\"utf-8\">");
    page.markup("<meta name=\"viewport\" content=\"width=device-width\"><title>");
    page.said(&document.title).markup(" ").value(&document.number);
    page.markup("</title><link rel=\"stylesheet\" href=\"").text(style_address);
    page.markup(match document.form {
        Form::Letter if document.addressee.is_empty() => "\"></head><body class=\"letter\">",
        Form::Letter => "\"></head><body class=\"letter sent\">",
        Form::List => "\"></head><body class=\"list\">",
    });
    page.head(document);
    page.markup("<main>");
    document.blocks.iter().for_each(|block| page.block(block));
    page.markup("</main>");
    page.foot(document);
    page.markup("</body></html>\n");
    page.out
}

struct Page {
    out: String,
    language: Language,
}

impl Page {
    /// Markup, which is the program's own.
    fn markup(&mut self, markup: &'static str) -> &mut Page {
        self.out.push_str(markup);
        self
    }

    /// Text, which is whatever it is.
    fn text(&mut self, text: &str) -> &mut Page {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                c => self.out.push(c),
            }
        }
        self
    }

    fn said(&mut self, text: &Text) -> &mut Page {
        self.text(&text.in_language(self.language))
    }

    fn value(&mut self, value: &Value) -> &mut Page {
        self.text(&value.in_language(self.language))
    }

    fn head(&mut self, document: &Document) {
        let hotel = &document.hotel;
        self.markup("<header><div>");
        if let Some(logo) = &hotel.logo {
            self.picture(logo, "logo");
        }
        self.markup("<p class=\"hotel\">").text(&hotel.name).markup("</p><p>").text(&hotel.address).markup("</p><p>");
        self.text(&[hotel.phone.as_str(), &hotel.email].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · "));
        self.markup("</p></div><div class=\"title\"><h1>").said(&document.title).markup("</h1><p>").value(&document.number);
        if document.has_print_date {
            self.markup("</p><p class=\"made\">").said(&text!("Printed on {date}", date = Value::DateInFull(document.made_on)));
        }
        self.markup("</p></div></header>");
        // The policy allows no style here, but an attribute of a drawing may name a colour.
        self.markup("<svg class=\"rule\" aria-hidden=\"true\"><rect width=\"100%\" height=\"100%\" fill=\"");
        self.text(&document.colour.hexadecimal()).markup("\"/></svg>");
        if !document.addressee.is_empty() {
            let lines = std::iter::once(hotel.name.as_str()).chain(hotel.address.lines());
            self.markup("<address><p>").text(&lines.collect::<Vec<_>>().join(" · ")).markup("</p>");
            for line in &document.addressee {
                self.markup("<div>").text(line).markup("</div>");
            }
            self.markup("</address>");
        }
    }

    fn foot(&mut self, document: &Document) {
        if document.hotel.foot.is_empty() {
            return;
        }
        self.markup("<footer>");
        for words in &document.hotel.foot {
            self.markup("<p>").text(words).markup("</p>");
        }
        self.markup("</footer>");
    }

    fn picture(&mut self, picture: &Picture, class: &'static str) {
        self.markup("<img class=\"").markup(class).markup("\" src=\"data:").markup(picture.kind.media_type()).markup(";base64,");
        in_base64(&picture.bytes, &mut self.out);
        self.markup("\" alt=\"").said(&picture.description).markup("\">");
    }

    /// The code, and beside it what it is for.
    fn code(&mut self, code: &Code) {
        let Some(drawing) = code::drawing(&code.payload) else { return };
        let size = drawing.size.to_string();
        self.markup("<figure><svg class=\"code\" role=\"img\" shape-rendering=\"crispEdges\" viewBox=\"0 0 ")
            .text(&size)
            .markup(" ");
        self.text(&size).markup("\" aria-label=\"").said(&code.caption).markup("\"><path d=\"");
        for dark in &drawing.stretches {
            self.out.push_str(&format!("M{} {}h{}v1h-{}z", dark.from, dark.row, dark.length, dark.length));
        }
        self.markup("\"/></svg><figcaption>").said(&code.caption).markup("</figcaption></figure>");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => _ = self.markup("<h2>").said(text).markup("</h2>"),
            Block::Paragraph(text) => _ = self.markup("<p>").said(text).markup("</p>"),
            Block::Note(text) => _ = self.markup("<p class=\"note\">").said(text).markup("</p>"),
            Block::Picture(picture) => self.picture(picture, "picture"),
            Block::Code(code) => self.code(code),
            Block::Facts(facts) => {
                self.markup("<dl>");
                facts.iter().for_each(|fact| self.fact(fact));
                self.markup("</dl>");
            }
            Block::Table(table) => self.table(table),
            Block::Signatures(names) => {
                self.markup("<div class=\"signatures\">");
                for name in names {
                    self.markup("<p>").said(name).markup("</p>");
                }
                self.markup("</div>");
            }
        }
    }

    fn fact(&mut self, fact: &Fact) {
        self.markup(if fact.is_long { "<div class=\"long\"><dt>" } else { "<div><dt>" }).said(&fact.label).markup("</dt><dd>");
        if let Some(value) = &fact.value {
            self.value(value);
        }
        self.markup("</dd></div>");
    }

    fn table(&mut self, table: &Table) {
        self.markup("<table><thead><tr>");
        for column in &table.columns {
            self.markup("<th scope=\"col\"").look(column.kind).said(&column.head).markup("</th>");
        }
        self.markup("</tr></thead><tbody>");
        for row in &table.rows {
            self.markup("<tr>");
            for (cell, column) in row.iter().zip(&table.columns) {
                self.cell(cell, column.kind);
            }
            self.markup("</tr>");
        }
        self.markup("</tbody>");
        if !table.sums.is_empty() {
            self.markup("<tfoot>");
            for sum in &table.sums {
                self.markup("<tr><th scope=\"row\" colspan=\"").text(&(table.columns.len() - 1).to_string()).markup("\">");
                self.said(&sum.label).markup("</th><td class=\"numbers\">").value(&sum.amount).markup("</td></tr>");
            }
            self.markup("</tfoot>");
        }
        self.markup("</table>");
    }

    fn cell(&mut self, cell: &Cell, kind: ColumnKind) {
        match cell {
            Cell::Name(lines) => {
                self.markup("<th scope=\"row\"").look(kind);
                self.lines(lines).markup("</th>");
            }
            Cell::Lines(lines) => {
                self.markup("<td").look(kind);
                self.lines(lines).markup("</td>");
            }
            Cell::Box => _ = self.markup("<td").look(kind).markup("<span class=\"box\"></span></td>"),
        }
    }

    fn lines(&mut self, lines: &[Value]) -> &mut Page {
        for line in lines {
            self.markup("<div>").value(line).markup("</div>");
        }
        self
    }

    /// The end of a cell's tag.
    fn look(&mut self, kind: ColumnKind) -> &mut Page {
        self.markup(match kind {
            ColumnKind::Words => ">",
            ColumnKind::Tight => " class=\"tight\">",
            ColumnKind::Numbers => " class=\"numbers\">",
        })
    }
}

/// As RFC 4648 has it, for addresses that hold their own data.
fn in_base64(bytes: &[u8], out: &mut String) {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = char::from(LETTERS[number >> (18 - 6 * place) & 63]);
            out.push(if place <= group.len() { letter } else { '=' });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_letters_of_base64() {
        for (bytes, letters) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("ÿþ", "w7/Dvg==")]
        {
            let mut out = String::new();
            in_base64(bytes.as_bytes(), &mut out);
            assert_eq!(out, letters);
        }
    }
}
