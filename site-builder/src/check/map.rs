//! Which file of the output an address leads to, also behind redirects.

use std::collections::BTreeMap;

use super::targets::{Target, resolve};
use crate::config::Config;
use crate::render::{Origin, Output};

/// Files of the output by path.
pub(super) type Files<'a> = BTreeMap<&'a str, &'a Output>;

/// The files of the output.
#[derive(Clone, Copy)]
pub(super) struct SiteMap<'a> {
    /// The files by path.
    pub files: &'a Files<'a>,
    /// The site's settings.
    pub config: &'a Config,
}

impl<'a> SiteMap<'a> {
    /// The file that a path leads to.
    pub(super) fn file(self, path: &str) -> Option<&'a str> {
        let path = path.trim_end_matches('/');
        let index = match path {
            "" => "index.html".to_owned(),
            path => format!("{path}/index.html"),
        };
        self.files
            .get_key_value(path)
            .or_else(|| self.files.get_key_value(index.as_str()))
            .map(|(path, _)| *path)
    }

    /// A redirect hands fragments on, so it is the page behind it that must have them.
    pub(super) fn behind_redirects(self, mut path: &'a str) -> &'a str {
        let mut hops = 0;
        while let Some(Output {
            origin: Origin::Redirect { to, .. },
            ..
        }) = self.files.get(path)
        {
            let Target::Inside { path: next, .. } = resolve(to, path, None, self.config) else {
                break;
            };
            match self.file(&next) {
                Some(next) if hops < 8 => path = next,
                _ => break,
            }
            hops += 1;
        }
        path
    }

    /// The file that an address on a page leads to, when it is one of ours.
    pub(super) fn lead(self, address: &str, page: &str, base: Option<&str>) -> Option<&'a str> {
        match resolve(address, page, base, self.config) {
            Target::Inside { path, .. } => Some(self.behind_redirects(self.file(&path)?)),
            Target::Elsewhere => None,
        }
    }
}
