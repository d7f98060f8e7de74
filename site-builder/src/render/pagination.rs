//! Pagination: a list of pages in parts, each of which has an address.

use tera::{Map, Value};

use crate::config::Pagination;
use crate::page::Site;

/// One part of a list, or a list that is not cut.
pub(super) struct Pager {
    /// Path of its address.
    pub path: String,
    /// Its full address.
    pub permalink: String,
    /// `paginator`, if the list is cut.
    pub paginator: Option<Value>,
}

impl Pager {
    /// What is not cut.
    pub(super) fn whole(site: &Site, path: &str) -> Self {
        Self {
            path: path.to_owned(),
            permalink: site.config.permalink(path),
            paginator: None,
        }
    }
}

/// Cuts the list at `path`. There is at least one pager, and the first has the list's own address.
pub(super) fn pagers(
    site: &Site,
    pagination: Option<&Pagination>,
    path: &str,
    pages: &[usize],
) -> Vec<Pager> {
    let Some(pagination) = pagination else {
        return vec![Pager::whole(site, path)];
    };
    let values = site.engine.index.values();
    let mut values: Vec<Value> = pages.iter().map(|&page| values.listed(page)).collect();
    if pagination.reversed {
        values.reverse();
    }
    let mut parts: Vec<&[Value]> = values.chunks(pagination.by.get()).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let address = |number: usize| match number {
        1 => path.to_owned(),
        _ => pagination.address(path, number),
    };
    let link = |number: usize| Value::from(site.config.permalink(&address(number)));
    let base = pagination.base(path);
    let numbered = parts.iter().zip(1..);
    numbered
        .map(|(part, number)| {
            let previous = (number > 1).then(|| link(number - 1));
            let next = (number < parts.len()).then(|| link(number + 1));
            let paginator = Map::from_iter([
                ("paginate_by".into(), Value::from(pagination.by.get())),
                ("base_url".into(), Value::from(site.config.permalink(&base))),
                ("number_pagers".into(), Value::from(parts.len())),
                ("total_pages".into(), Value::from(values.len())),
                ("first".into(), link(1)),
                ("last".into(), link(parts.len())),
                ("previous".into(), previous.unwrap_or_else(Value::none)),
                ("next".into(), next.unwrap_or_else(Value::none)),
                ("current_index".into(), Value::from(number)),
                ("pages".into(), Value::from(*part)),
            ]);
            Pager {
                path: address(number),
                permalink: site.config.permalink(&address(number)),
                paginator: Some(Value::from(paginator)),
            }
        })
        .collect()
}
