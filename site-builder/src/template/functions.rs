//! The functions that templates can call. Names and arguments are Zola's.

use std::sync::Arc;

use data_encoding::{BASE64, HEXLOWER};
use icu_locale::{LanguageIdentifier, LocaleDirectionality};
use sha2::{Digest, Sha256, Sha384, Sha512};
use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use super::index::Index;
use super::lenient::forgives;
use super::taxonomies::{get_taxonomy, get_taxonomy_term, get_taxonomy_url};
use super::{chance, data, images};

/// Makes the functions known.
pub(super) fn register(tera: &mut Tera, index: &Arc<Index>) {
    register_by_language(tera, index, "get_url", get_url);
    register_by_language(tera, index, "get_page", get_page);
    register_by_language(tera, index, "get_section", get_section);
    register_by_language(tera, index, "get_taxonomy", get_taxonomy);
    register_by_language(tera, index, "get_taxonomy_term", get_taxonomy_term);
    register_by_language(tera, index, "get_taxonomy_url", get_taxonomy_url);
    register_by_language(tera, index, "trans", trans);
    register_by_language(tera, index, "text_direction", text_direction);
    register_one(tera, index, "get_hash", get_hash);
    register_one(tera, index, "load_data", data::load_data);
    register_one(tera, index, "resize_image", images::resize_image);
    register_one(
        tera,
        index,
        "get_image_metadata",
        images::get_image_metadata,
    );
    register_one(tera, index, "now", now);
    tera.register_function("get_random", chance::get_random);
}

type Body = fn(&Index, &Kwargs) -> TeraResult<Value>;

fn register_one(tera: &mut Tera, index: &Arc<Index>, name: &'static str, body: Body) {
    let index = Arc::clone(index);
    tera.register_function(name, move |kwargs: Kwargs, _: &State<'_>| {
        body(&index, &kwargs)
    });
}

/// A function that goes by a language: `lang`, else that of the page which is rendered.
type ByLanguage = fn(&Index, &Kwargs, &str) -> TeraResult<Value>;

fn register_by_language(tera: &mut Tera, index: &Arc<Index>, name: &'static str, body: ByLanguage) {
    let index = Arc::clone(index);
    tera.register_function(name, move |kwargs: Kwargs, state: &State<'_>| {
        let lang = match kwargs.get::<&str>("lang")? {
            Some(lang) => Some(lang.to_owned()),
            // A template may call something else `lang`.
            None => state.get::<String>("lang").ok().flatten(),
        };
        let lang = lang.as_deref();
        let lang = lang.unwrap_or(&index.config().default_language);
        body(&index, &kwargs, lang)
    });
}

fn known(index: &Index, lang: &str) -> TeraResult<()> {
    if index.config().has_language(lang) {
        return Ok(());
    }
    Err(Error::message(format!("The site has no language `{lang}`")))
}

fn get_url(index: &Index, kwargs: &Kwargs, lang: &str) -> TeraResult<Value> {
    known(index, lang)?;
    let path = kwargs.must_get::<&str>("path")?;
    if path.starts_with("@/") {
        let address = index.resolve_in(path, lang).or_else(|lacking| {
            let original = index.resolve(path).ok();
            original
                .filter(|_| forgives(&lacking))
                .ok_or_else(|| index.with_remedy(lacking, path, lang))
        });
        return address.map(Value::from).map_err(Error::message);
    }
    let cachebust = kwargs.get::<bool>("cachebust")?.unwrap_or(false);
    let slash = kwargs.get::<bool>("trailing_slash")?.unwrap_or(false);
    let mut path = if cachebust {
        index.cache_busted(path)?
    } else {
        path.trim_start_matches('/').to_owned()
    };
    if slash && !path.is_empty() && !path.ends_with('/') {
        path.push('/');
    }
    let root = match kwargs.get::<&str>("lang")? {
        // The path may be that of a page in the language already.
        Some(lang) if !is_below(&path, lang) => index.config().language_root(lang),
        _ => String::new(),
    };
    let path = format!("{root}/{path}");
    Ok(Value::from(index.config().permalink(&path)))
}

/// Whether a path without a slash at its start is a folder or something in it.
fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn get_page(index: &Index, kwargs: &Kwargs, lang: &str) -> TeraResult<Value> {
    let path = kwargs.must_get::<&str>("path")?;
    let missing_is_fine = kwargs.get::<bool>("allow_missing")?.unwrap_or(false);
    let path = path.strip_prefix("@/").unwrap_or(path);
    let values = index.values();
    match values.page(&index.translated(path, lang)) {
        Some(page) => Ok(page),
        None if missing_is_fine => Ok(Value::none()),
        None => original(index, values.page(path), path, lang),
    }
}

fn get_section(index: &Index, kwargs: &Kwargs, lang: &str) -> TeraResult<Value> {
    let path = kwargs.must_get::<&str>("path")?;
    let path = path.strip_prefix("@/").unwrap_or(path);
    let with_pages = !kwargs.get::<bool>("metadata_only")?.unwrap_or(false);
    let values = index.values();
    match values.section(&index.translated(path, lang), with_pages) {
        Some(section) => Ok(section),
        None if kwargs.get::<bool>("allow_missing")?.unwrap_or(false) => Ok(Value::none()),
        None => original(index, values.section(path, with_pages), path, lang),
    }
}

/// What has no translation, once that is told.
fn original(index: &Index, value: Option<Value>, path: &str, lang: &str) -> TeraResult<Value> {
    let lacking = index.no_translation(path, lang);
    let original = value.filter(|_| forgives(&lacking));
    original.ok_or_else(|| Error::message(index.with_remedy(lacking, path, lang)))
}

fn get_hash(index: &Index, kwargs: &Kwargs) -> TeraResult<Value> {
    let path = kwargs.get::<&str>("path")?;
    let literal = kwargs.get::<&str>("literal")?;
    let bytes = match (path, literal) {
        (Some(path), None) => index.file(path)?.ok_or_else(|| index.no_file(path))?,
        (None, Some(literal)) => literal.as_bytes().into(),
        _ => {
            return Err(Error::message(
                "`get_hash` takes either a `path` or a `literal`",
            ));
        }
    };
    let digest = match kwargs.get::<u32>("sha_type")?.unwrap_or(384) {
        256 => Sha256::digest(&bytes).to_vec(),
        384 => Sha384::digest(&bytes).to_vec(),
        512 => Sha512::digest(&bytes).to_vec(),
        other => {
            return Err(Error::message(format!(
                "`sha_type` is 256, 384 or 512, not {other}"
            )));
        }
    };
    Ok(Value::from(
        if kwargs.get::<bool>("base64")?.unwrap_or(true) {
            BASE64.encode(&digest)
        } else {
            HEXLOWER.encode(&digest)
        },
    ))
}

/// When the build began, as text or as seconds since 1970. The time zone is always UTC: the site
/// must not depend on the machine that builds it.
fn now(index: &Index, kwargs: &Kwargs) -> TeraResult<Value> {
    kwargs.get::<bool>("utc")?;
    let seconds = index.now();
    if kwargs.get::<bool>("timestamp")?.unwrap_or(false) {
        return Ok(Value::from(seconds));
    }
    jiff::Timestamp::from_second(seconds)
        .map(|now| Value::from(now.to_string()))
        .map_err(|error| Error::message(format!("{seconds} is not a time: {error}")))
}

fn trans(index: &Index, kwargs: &Kwargs, lang: &str) -> TeraResult<Value> {
    known(index, lang)?;
    index.translation(kwargs.must_get::<&str>("key")?, lang)
}

fn text_direction(_: &Index, _: &Kwargs, lang: &str) -> TeraResult<Value> {
    let code = LanguageIdentifier::try_from_str(lang)
        .map_err(|_| Error::message(format!("`{lang}` is not the code of a language")))?;
    let right = LocaleDirectionality::new_extended().is_right_to_left(&code);
    Ok(Value::from(if right { "rtl" } else { "ltr" }))
}
