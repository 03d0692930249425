//! What cargo does not do by itself.

mod assets;
mod licences;
mod link;

fn main() -> assets::Outcome<()> {
    println!("cargo::rerun-if-changed=packaging/build");
    licences::make();
    assets::make()
}
