use super::*;
use crate::source::FileId;

const EXAMPLES: &[(&str, &str)] = &[
    ("schema", include_str!("../../../fixtures/language/example-pack/schema.gj")),
    ("control_lines", include_str!("../../../fixtures/language/example-pack/control_lines.gj")),
    ("control_lines.zh", include_str!("../../../fixtures/language/example-pack/control_lines.zh.gj")),
    ("coordination", include_str!("../../../fixtures/language/example-pack/coordination.gj")),
    ("package", include_str!("../../../fixtures/language/example-pack/package.gj")),
];

fn drawn(text: &str) -> Vec<String> {
    let (_, diagnostics) = parse(FileId(0), text);
    diagnostics
        .iter()
        .map(|d| {
            let span = d.labels[0].span;
            let help = d.help.as_ref().map_or(String::new(), |help| format!(" ({})", help.en));
            let line = text[..span.start as usize].matches('\n').count() + 1;
            format!(
                "{line}: {} [{}] {}{help}",
                d.code.name,
                &text[span.start as usize..span.end as usize],
                d.message.en
            )
        })
        .collect()
}

#[test]
fn examples_parse_without_diagnostics() {
    for (name, text) in EXAMPLES {
        assert_eq!(drawn(text), Vec::<String>::new(), "{name}");
    }
}
