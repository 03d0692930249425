//! Whose work the program is made of: generated with the program itself.

use crate::gzip;

/// Every licence, with what it is for.
pub fn text() -> Vec<u8> {
    gzip::expand(include_bytes!(concat!(env!("OUT_DIR"), "/licences.txt.gz")))
}

/// The same as a CycloneDX document.
pub fn bill_of_materials() -> Vec<u8> {
    gzip::expand(include_bytes!(concat!(env!("OUT_DIR"), "/sbom.json.gz")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_is_named_with_its_licence_and_what_only_tests_use_is_not() {
        let text = String::from_utf8(text()).expect("UTF-8");
        for name in ["rusqlite", "libsqlite3-sys", "tiny_http", "jiff", "clap"] {
            let line = text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap_or_else(|| panic!("{name}"));
            assert!(line.contains("MIT"), "{line}");
        }
        assert!(text.contains("Permission is hereby granted") && text.contains("SQLite"));
        assert!(!text.lines().any(|line| line.starts_with("proptest ") || line.starts_with("winresource ")));
        let bill: serde_json::Value = serde_json::from_slice(&bill_of_materials()).expect("JSON");
        let components = bill["components"].as_array().expect("components");
        assert!(components.len() > 50 && components.iter().all(|c| c["hashes"][0]["content"].is_string()));
    }
}
