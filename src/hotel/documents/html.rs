//! A document as a page of HTML with a style sheet beside it. Whatever stands in the document is text:
//! the one way into the page escapes it.

use super::blocks::{Block, Cell, ColumnKind, Document, Fact, Form, Table};
use crate::domain::wording::{Language, Text, Value, text};

/// The look of the page: a file of its own, since the policy allows no inline style.
pub const STYLE: &str = include_str!("sheet.css");

/// The whole page; its style sheet is at `style_address`.
pub fn page(document: &Document, style_address: &str) -> String {
    let mut page = Page { out: String::with_capacity(8 * 1024), language: document.language };
    page.markup("<!doctype html>\n<html lang=\"").markup(document.language.tag()).markup("\"><head><meta charset=\"utf-8\">");
    page.markup("<meta name=\"viewport\" content=\"width=device-width\"><title>");
    page.said(&document.title).markup(" ").value(&document.number);
    page.markup("</title><link rel=\"stylesheet\" href=\"").text(style_address);
    page.markup(match document.form {
        Form::Letter => "\"></head><body class=\"letter\">",
        Form::List => "\"></head><body class=\"list\">",
    });
    page.head(document);
    page.markup("<main>");
    document.blocks.iter().for_each(|block| page.block(block));
    page.markup("</main></body></html>\n");
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
        self.markup("<header><div><p class=\"hotel\">")
            .text(&hotel.name)
            .markup("</p><p>")
            .text(&hotel.address)
            .markup("</p><p>");
        self.text(&[hotel.phone.as_str(), &hotel.email].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · "));
        self.markup("</p></div><div class=\"title\"><h1>").said(&document.title).markup("</h1><p>").value(&document.number);
        self.markup("</p><p class=\"made\">").said(&text!("Printed on {date}", date = Value::DateInFull(document.made_on)));
        self.markup("</p></div></header>");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => _ = self.markup("<h2>").said(text).markup("</h2>"),
            Block::Paragraph(text) => _ = self.markup("<p>").said(text).markup("</p>"),
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
