// Prints what Diesel's own crate makes of a folder of migrations: real-tool.json was made by it, from tree/.
//
//     cargo init /tmp/probe && cp real-tool.rs /tmp/probe/src/main.rs && cd /tmp/probe && cargo add migrations_internals@=2.3.0
//     cargo run -q -- …/diesel/__fixtures__/tree > real-tool.json
use std::path::Path;
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let mut rows: Vec<String> = vec![];
    for e in migrations_internals::migrations_directories(Path::new(&root)).unwrap() {
        let e = e.unwrap();
        let name = e.file_name().to_string_lossy().to_string();
        let valid = migrations_internals::valid_sql_migration_directory(&e.path());
        let m = migrations_internals::TomlMetadata::read_from_file(&e.path().join("metadata.toml")).unwrap_or_default();
        rows.push(format!("{{\"folder\":{:?},\"version\":{:?},\"valid\":{},\"transaction\":{}}}", name, migrations_internals::version_from_string(&name).unwrap(), valid, m.run_in_transaction));
    }
    rows.sort();
    println!("[\n  {}\n]", rows.join(",\n  "));
}
