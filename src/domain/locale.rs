//! The ways of writing dates and amounts that a hotel can choose: one list, which the
//! pages ask for.
//!
//! A tag stands here when whatever the pages show under it can be typed back; the pages'
//! own tests hold that for each.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// What a hotel has whose set-up named none.
pub const DEFAULT: &str = "en-GB";

/// Language and country, in the order of their codes.
#[rustfmt::skip]
pub const LOCALES: &[&str] = &[
    "ar-AE", "ar-EG", "ar-MA", "bg-BG", "cs-CZ", "da-DK", "de-AT", "de-CH", "de-DE", "el-GR", "en-AU", "en-CA",
    "en-GB", "en-IE", "en-IN", "en-KE", "en-MY", "en-NZ", "en-PH", "en-SG", "en-US", "en-ZA", "es-AR", "es-CL",
    "es-CO", "es-CR", "es-ES", "es-MX", "es-PE", "et-EE", "fa-IR", "fi-FI", "fr-BE", "fr-CA", "fr-CH", "fr-FR",
    "fr-MA", "he-IL", "hi-IN", "hr-HR", "hu-HU", "id-ID", "is-IS", "it-CH", "it-IT", "ja-JP", "ko-KR", "lt-LT",
    "lv-LV", "ms-MY", "nb-NO", "nl-BE", "nl-NL", "pl-PL", "pt-BR", "pt-PT", "ro-RO", "sk-SK", "sl-SI", "sr-RS",
    "sv-SE", "th-TH", "tr-TR", "uk-UA", "vi-VN", "zh-CN", "zh-HK", "zh-TW",
];

/// Whether the pages offer the tag.
pub fn is_locale(tag: &str) -> bool {
    LOCALES.contains(&tag)
}

/// What [`is_locale`] takes, in the API's schema.
#[derive(Debug)]
pub struct Locale;

impl JsonSchema for Locale {
    fn schema_name() -> Cow<'static, str> {
        "Locale".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "enum": LOCALES})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_are_in_order_and_the_default_is_among_them() {
        assert!(LOCALES.is_sorted_by(|a, b| a < b));
        assert!(is_locale(DEFAULT) && !is_locale("en") && !is_locale("de-de"));
    }
}
