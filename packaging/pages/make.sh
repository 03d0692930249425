#!/usr/bin/env bash
# Writes the web UI as the packages ship it into a folder: make.sh [FOLDER], target/pages
# where a debug build with INNKEEPER_SHIPPED_PAGES looks for it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cargo run --locked --quiet --manifest-path packaging/pages/Cargo.toml --target-dir target/small -- "${1:-target/pages}"
