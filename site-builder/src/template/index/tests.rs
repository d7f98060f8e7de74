//! A file is read once in a build, by whatever path.

use std::fs;

use crate::diagnostic::Findings;
use crate::{BuildOptions, page, source};

#[test]
fn a_file_is_the_same_for_the_whole_build_by_whatever_path() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for (path, text) in [
        ("zola.toml", "base_url = \"/\"\n"),
        ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n"),
        ("facts/a.txt", "one"),
        ("facts/b.txt", "one"),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.txt", root.join("facts/link.txt")).unwrap();
    let mut findings = Findings::default();
    let source = source::read(&BuildOptions::new(root), &mut findings).unwrap();
    let index = page::assemble(source, &mut findings).engine.index;
    let text = |path: &str| {
        let bytes = index.file(path).unwrap()?;
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    };
    assert_eq!(text("facts/a.txt").as_deref(), Some("one"));
    assert_eq!(text("facts/c.txt"), None);
    #[cfg(unix)]
    assert_eq!(text("facts/link.txt").as_deref(), Some("one"));
    for name in ["a.txt", "b.txt", "c.txt"] {
        fs::write(root.join("facts").join(name), "two").unwrap();
    }
    for path in ["facts/a.txt", "/facts//a.txt", "./facts/./a.txt"] {
        assert_eq!(text(path).as_deref(), Some("one"), "{path}");
    }
    #[cfg(unix)]
    assert_eq!(text("facts/link.txt").as_deref(), Some("one"));
    assert_eq!(text("facts/b.txt").as_deref(), Some("two"));
    assert_eq!(text("facts/c.txt"), None);
    assert!(index.file("facts/./../a.txt").is_err());
}
