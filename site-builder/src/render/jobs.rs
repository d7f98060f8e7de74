//! Files that no content file stands behind, rendered on all cores; and what becomes of anything that
//! was rendered.

use rayon::prelude::*;
use tera::Context;

use super::faults::{Attempt, Faults, attempt};
use super::output::{Origin, Output};
use crate::page::Site;
use crate::page::model::Doc;
use crate::template::reads::Reads;

/// A file to render.
pub(super) struct Job {
    /// Its path in the output.
    pub path: String,
    /// The template's name.
    pub template: String,
    /// What the template sees.
    pub context: Context,
    /// What the file comes from.
    pub origin: Origin,
    /// The values in the context.
    pub reads: Reads,
}

impl Job {
    /// A file that comes from its template.
    pub(super) fn new(site: &Site, path: &str, template: &str, context: Context) -> Self {
        let file = site.engine.file(template);
        let file = file.map_or_else(|| template.to_owned(), |text| text.file.to_string());
        Self {
            path: path.to_owned(),
            template: template.to_owned(),
            context,
            origin: Origin::Template(file),
            reads: Reads::default(),
        }
    }
}

/// Renders the files, in their order.
pub(super) fn run(site: &Site, jobs: Vec<Job>, files: &mut Vec<Output>, faults: &mut Faults<'_>) {
    let rendered: Vec<_> = jobs
        .into_par_iter()
        .filter(|job| faults.wants(&job.path))
        .map(|job| {
            let attempt = attempt(&site.engine, &job.template, &job.context);
            (attempt, job.path, job.origin, job.reads)
        })
        .collect();
    for (attempt, path, origin, reads) in rendered {
        take(attempt, path, origin, reads, None, files, faults);
    }
}

/// Takes in what came of rendering a file: its bytes, or what is wrong with it. `reads` are the values
/// in its context, and `doc` is the page or section that it shows.
pub(super) fn take(
    attempt: Attempt,
    path: String,
    origin: Origin,
    mut reads: Reads,
    doc: Option<&Doc>,
    files: &mut Vec<Output>,
    faults: &mut Faults<'_>,
) {
    faults.note(&attempt, &path);
    match (attempt, doc) {
        (Attempt::Text(bytes, asked), _) => {
            reads.append(asked);
            files.push(Output {
                path,
                bytes,
                origin,
                reads,
            });
        }
        (Attempt::Faults(found), Some(doc)) => faults.add_for(found, doc),
        (Attempt::Faults(found), None) => match path.strip_suffix("index.html") {
            Some(url) => faults.add(found, &format!("/{url}")),
            None => faults.add(found, &path),
        },
        (Attempt::Reported, _) => {}
    }
}
