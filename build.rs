//! Has the rules that are embedded in the program looked at again when they change.

fn main() {
    println!("cargo::rerun-if-changed=rules");
}
