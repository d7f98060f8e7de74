//! After any change the site in memory is the one that a fresh build gives.

use std::fs;
use std::path::Path;

use super::*;
use crate::Mode;

const SETTINGS: &str = "base_url = \"https://help.example.org\"\ngenerate_feeds = true\n\
    build_search_index = true\n[search]\nindex_format = \"fuse_json\"\n\
    [[taxonomies]]\nname = \"tags\"\n[slugify]\npaths = \"on\"\n";

/// It holds all texts, and follows an edit only when the site is looked over.
const INDEX: &str = "search_index.en.json";

/// A site in which pages show one another in every way there is.
const FILES: [(&str, &str); 22] = [
    ("zola.toml", SETTINGS),
    ("data/a.toml", "word = \"one\"\n"),
    (
        "templates/index.html",
        "{{ section.content | safe }}{% set s = get_section(path=\"s/_index.md\") %}\
         {% for page in s.pages %}{{ page.content | safe }}{% endfor %}",
    ),
    (
        "templates/section.html",
        "{{ section.content | safe }}{% for page in paginator?.pages or section.pages %}\
         <a href=\"{{ page.permalink }}\">{{ page.title }}</a>{{ page.summary or \"\" }}{% endfor %}",
    ),
    (
        "templates/page.html",
        "<h1>{{ page.title }}</h1>{{ page.content | safe }}{{ page.word_count }}\
         {% for h in page.toc %}{{ h.title }}{% endfor %}\
         {% if page.lower %}{{ page.lower.content | safe }}{% endif %}\
         {% for from in page.backlinks %}{{ from.title }}{% endfor %}\
         {% set data = load_data(path=\"data/a.toml\") %}{{ data.word }}",
    ),
    (
        "templates/asks.html",
        "{% set b = get_page(path=\"s/b.md\") %}{{ b.content | safe }}{{ page.content | safe }}\
         {{ load_data(path=\"content/s/raw.md\", format=\"plain\") }}",
    ),
    (
        "templates/taxonomy_list.html",
        "{% for term in terms %}{{ term.name }}{% endfor %}",
    ),
    (
        "templates/taxonomy_single.html",
        "{% for page in term.pages %}{{ page.content | safe }}{% endfor %}",
    ),
    (
        "templates/404.html",
        "{% set home = get_section(path=\"_index.md\", metadata_only=true) %}{{ home.content }}",
    ),
    ("static/a.css", "p {}"),
    ("content/_index.md", "+++\ntitle = \"Home\"\n+++\nHello.\n"),
    (
        "content/s/_index.md",
        "+++\ntitle = \"S\"\nsort_by = \"weight\"\npaginate_by = 2\n+++\nAbout.\n",
    ),
    (
        "content/s/a.md",
        "+++\ntitle = \"A\"\nweight = 1\n+++\nOne.\n",
    ),
    (
        "content/s/b.md",
        "+++\ntitle = \"B\"\nweight = 2\n+++\nTwo.\n\n## Part\n",
    ),
    (
        "content/s/c.md",
        "+++\ntitle = \"C\"\nweight = 3\ndate = 2026-01-02\n[taxonomies]\ntags = [\"x\"]\n+++\nThree.\n",
    ),
    (
        "content/s/raw.md",
        "+++\ntitle = \"Raw\"\nweight = 4\n+++\nAs it is.\n",
    ),
    (
        "content/s/body.md",
        "+++\ntitle = \"T\"\nweight = 5\n+++\n{% set b = get_page(path=\"s/b.md\") %}{{ b.word_count }}\n",
    ),
    (
        "content/t/_index.md",
        "+++\ntitle = \"T\"\nsort_by = \"weight\"\ntransparent = true\n+++\n",
    ),
    (
        "content/t/d.md",
        "+++\ntitle = \"D\"\nweight = 1\n+++\nFour. [a](@/s/a.md)\n",
    ),
    (
        "content/t/e.md",
        "+++\ntitle = \"E\"\nweight = 2\ntemplate = \"asks.html\"\naliases = [\"old\"]\n+++\nFive.\n",
    ),
    (
        "content/s/own.md",
        "+++\ntitle = \"O\"\nweight = 0\n+++\n{{ page.higher.word_count }}\n",
    ),
    (
        "content/alone.md",
        "+++\ntitle = \"Alone\"\n+++\nSix. [b](/s/b/#part)\n",
    ),
];

const BODIES: [&str; 9] = [
    "Plain words.\n",
    "Other words.\n",
    "More of the plain words than before.\n",
    "See [there](@/s/c.md) for it.\n",
    "See [nowhere](@/s/none.md) and [nothing](/none/).\n",
    "Short.\n\n<!-- more -->\n\n## Part\n\nLong.\n",
    "## A heading\n\n### Part {#part}\n\nText.\n",
    "{{ page.title }} is a template.\n",
    "(Not written yet.)\n",
];

struct Walk {
    folder: tempfile::TempDir,
    graph: Graph,
    /// How many changes were taken over without building anew.
    quick: usize,
}

impl Walk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in FILES {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let graph = Graph::new(options(folder.path()));
        Self {
            folder,
            graph,
            quick: 0,
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file, has the site follow, and holds it to a fresh build.
    fn write(&mut self, path: &str, text: &str) -> bool {
        let path = self.path(path);
        fs::write(&path, text).unwrap();
        self.follow(&[path])
    }

    fn body(&mut self, path: &str, body: &str) -> bool {
        let old = fs::read_to_string(self.path(path)).unwrap();
        let (front, _) = old.rsplit_once("+++\n").unwrap();
        self.write(path, &format!("{front}+++\n{body}"))
    }

    fn follow(&mut self, changed: &[PathBuf]) -> bool {
        let before = self.graph.check().0.map(|checked| checked.files);
        let edited = self.graph.edit(&changed.iter().cloned().collect());
        let quick = edited.is_some();
        if let (Some(others), Some(mut files)) = (edited, before) {
            files.extend(others);
            let now = self.graph.check().0.unwrap().files;
            files.insert(INDEX.to_owned(), Arc::clone(&now[INDEX]));
            assert_same(&now, &files);
        } else {
            self.graph.build();
        }
        self.quick += usize::from(quick);
        let mut fresh = Graph::new(options(self.folder.path()));
        let ((ours, our_findings), (fresh, fresh_findings)) = (self.graph.check(), fresh.check());
        let all = |findings: &Findings| findings.iter().cloned().collect::<Vec<_>>();
        assert_eq!(all(&our_findings), all(&fresh_findings), "{changed:?}");
        assert_same(&ours.unwrap().files, &fresh.unwrap().files);
        quick
    }
}

type Files = BTreeMap<String, Arc<[u8]>>;

fn assert_same(ours: &Files, fresh: &Files) {
    assert!(ours.keys().eq(fresh.keys()));
    for (path, bytes) in ours {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(bytes), text(&fresh[path]), "{path}");
    }
}

fn options(root: &Path) -> BuildOptions {
    BuildOptions {
        mode: Mode::Serve,
        ..BuildOptions::new(root)
    }
}

#[test]
fn a_changed_body_reaches_whoever_shows_it_and_needs_no_fresh_build() {
    let mut walk = Walk::new();
    assert!(walk.body("content/s/a.md", "Uno.\n"));
    assert!(walk.body("content/s/c.md", "Tres.\n"));
    assert!(walk.body(
        "content/alone.md",
        "Six. [b](/s/b/#part) [nowhere](/none/)\n"
    ));
    assert!(walk.body("content/alone.md", "Six again. [b](/s/b/#part)\n"));
    assert!(walk.body("content/_index.md", "Hello again.\n"));
    assert!(walk.body("content/t/e.md", "Five.\n\n## Part\n\nMore of it.\n"));
    // A body that is a template, and one that becomes one.
    let asks = "{% set b = get_page(path=\"s/b.md\") %}{{ b.title }}{{ b.content }}\n";
    assert!(walk.body("content/s/body.md", asks));
    let shows = "{{ page.higher.word_count }}{{ page.higher.content }}\n";
    assert!(walk.body("content/s/own.md", shows));
    let own = "{{ page.title }}{{ page.word_count }} [x](/y/)\n";
    assert!(walk.body("content/alone.md", own));
    assert!(walk.body("content/alone.md", "No more.\n"));
    assert!(!walk.body("content/alone.md", "[gone](@/none.md)\n"));
}

#[test]
fn what_may_reach_further_is_built_anew() {
    let mut walk = Walk::new();
    // Another body asks for this one's length.
    assert!(!walk.body("content/s/b.md", "Two, three, four.\n\n## Part\n"));
    let mut walk = Walk::new();
    // The body of its neighbour shows it.
    assert!(!walk.body("content/s/a.md", "One and more.\n"));
    let mut walk = Walk::new();
    // A template reads the file as it is.
    assert!(!walk.body("content/s/raw.md", "As was.\n"));
    let mut walk = Walk::new();
    // Who is linked to shows who links to it.
    assert!(!walk.body("content/t/d.md", "Four. [c](@/s/c.md)\n"));
    assert!(!walk.write(
        "content/s/a.md",
        "+++\ntitle = \"Anew\"\nweight = 1\n+++\nOne.\n"
    ));
    assert!(!walk.write("templates/404.html", "Gone."));
    assert!(!walk.write("data/a.toml", "word = \"two\"\n"));
    assert!(!walk.write("zola.toml", &format!("title = \"T\"\n{SETTINGS}")));
    assert!(!walk.write("content/s/new.md", "+++\ntitle = \"New\"\n+++\nNew.\n"));
    assert!(!walk.write("content/s/a.md", "no front matter\n"));
}

#[test]
fn a_body_that_a_template_reads_is_known_by_whatever_path() {
    let raw = "content/s/raw.md";
    for path in [
        "./content/s/raw.md",
        "content//s/raw.md",
        "@/s/./raw.md",
        "data/link.md",
    ] {
        let mut walk = Walk::new();
        #[cfg(unix)]
        std::os::unix::fs::symlink("../content/s/raw.md", walk.path("data/link.md")).unwrap();
        #[cfg(not(unix))]
        if path == "data/link.md" {
            continue;
        }
        let asks = format!("{{{{ load_data(path=\"{path}\", format=\"plain\") }}}}");
        walk.write("templates/asks.html", &asks);
        assert!(!walk.body(raw, "As was.\n"), "{path}");
    }
}

#[cfg(unix)]
#[test]
fn a_body_that_a_template_reads_is_known_where_a_symlink_leads_to_it() {
    let mut walk = Walk::new();
    std::os::unix::fs::symlink("s", walk.path("content/u")).unwrap();
    walk.graph.build();
    let (file, link) = (walk.path("content/s/raw.md"), "content/u/raw.md");
    let text = fs::read_to_string(&file).unwrap();
    // As many words as before, so that nothing else has it built anew.
    fs::write(file, text.replace("As it is.", "So it was.")).unwrap();
    let link = walk.path(link);
    assert!(walk.graph.edit(&BTreeSet::from([link])).is_none());
}

#[test]
fn after_any_walk_of_changes_the_site_is_that_of_a_fresh_build() {
    for seed in 1..=2_usize {
        let mut walk = Walk::new();
        let mut state = seed;
        let mut next = |below: usize| {
            // The constants of the "minimal standard" generator (Park and Miller 1988).
            state = state * 16807 % 2_147_483_647;
            state % below
        };
        for step in 0..25 {
            let pages: Vec<PathBuf> = ["content", "content/s", "content/t"]
                .iter()
                .flat_map(|folder| fs::read_dir(walk.path(folder)).unwrap().flatten())
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect();
            let page = pages[next(pages.len())].clone();
            let name = page.strip_prefix(walk.folder.path()).unwrap();
            let name = name.to_str().unwrap().to_owned();
            let is_section = name.ends_with("_index.md");
            match next(10) {
                0 => {
                    let old = fs::read_to_string(&page).unwrap();
                    let new = old.replacen("title = \"", "title = \"N", 1);
                    walk.write(&name, &new);
                }
                1 => {
                    let text = "+++\ntitle = \"New\"\nweight = 2\n+++\nNew.\n";
                    walk.write(&format!("content/s/n{step}.md"), text);
                }
                2 if !is_section => {
                    fs::remove_file(&page).unwrap();
                    walk.follow(&[page]);
                }
                3 if !is_section => {
                    let to = walk.path(&format!("content/t/m{step}.md"));
                    fs::rename(&page, &to).unwrap();
                    walk.follow(&[page, to]);
                }
                _ => {
                    walk.body(&name, BODIES[next(BODIES.len())]);
                }
            }
        }
        assert!(walk.quick > 0);
    }
}
