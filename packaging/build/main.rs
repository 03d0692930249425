//! What cargo does not do by itself.

mod licences;
mod pages;

pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    println!("cargo::rerun-if-changed=packaging/build");
    licences::make();
    pages::make()
}
