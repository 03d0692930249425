//! Whose work the program is made of: generated with the program itself.

/// Every licence, with what it is for.
pub const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/licences.txt"));

/// The same as a CycloneDX document.
pub const BILL_OF_MATERIALS: &str = include_str!(concat!(env!("OUT_DIR"), "/sbom.json"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_is_named_with_its_licence_and_what_only_tests_use_is_not() {
        for name in ["rusqlite", "libsqlite3-sys", "tiny_http", "jiff", "clap"] {
            let line = TEXT.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap_or_else(|| panic!("{name}"));
            assert!(line.contains("MIT"), "{line}");
        }
        assert!(TEXT.contains("Permission is hereby granted") && TEXT.contains("SQLite"));
        assert!(!TEXT.lines().any(|line| line.starts_with("proptest ") || line.starts_with("winresource ")));
        let bill: serde_json::Value = serde_json::from_str(BILL_OF_MATERIALS).expect("JSON");
        let components = bill["components"].as_array().expect("components");
        assert!(components.len() > 50 && components.iter().all(|c| c["hashes"][0]["content"].is_string()));
    }
}
