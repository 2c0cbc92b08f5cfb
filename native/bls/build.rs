//! Linker flags of a Node addon; none on Linux.

fn main() {
    napi_build::setup();
}
