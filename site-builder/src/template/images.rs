//! `resize_image` and `get_image_metadata`.

use tera::{Error, Kwargs, Map, TeraResult, Value};

use super::index::Index;
use super::reads::note;
use crate::images::{self, Op};

/// Asks for a copy of a picture in another size, and says where it will be.
pub(super) fn resize_image(index: &Index, kwargs: &Kwargs) -> TeraResult<Value> {
    let path = kwargs.must_get::<&str>("path")?;
    let op = Op::new(
        kwargs.get::<&str>("op")?.unwrap_or("fill"),
        kwargs.get::<u32>("width")?,
        kwargs.get::<u32>("height")?,
    )
    .map_err(Error::message)?;
    let format = kwargs.get::<&str>("format")?.unwrap_or("auto");
    let quality = kwargs.get::<u8>("quality")?;
    // How long an AVIF encoder may try; there is none, but the argument is the dialect's.
    kwargs.get::<u8>("speed")?;
    let images = index.images();
    let picture = if let Some(picture) = images.known(path) {
        picture
    } else {
        let (file, bytes) = index.find(path)?.ok_or_else(|| index.no_file(path))?;
        images.look_at(path, file, bytes).map_err(Error::message)?
    };
    let copy = images
        .ask(&picture, op, format, quality)
        .map_err(Error::message)?;
    note(|reads| {
        reads.made.insert(format!("{} {quality:?}", copy.path));
    });
    let url = index.config().permalink(&format!("/{}", copy.path));
    let size = |(width, height): (u32, u32)| (Value::from(width), Value::from(height));
    let ((width, height), (orig_width, orig_height)) = (size(copy.size), size(picture.size));
    Ok(Value::from(Map::from_iter([
        ("url".into(), Value::from(url)),
        (
            "static_path".into(),
            Value::from(format!("static/{}", copy.path)),
        ),
        ("width".into(), width),
        ("height".into(), height),
        ("orig_width".into(), orig_width),
        ("orig_height".into(), orig_height),
    ])))
}

/// Size and kind of a picture. The keys `description` and `created` are there and empty: no picture
/// is searched for what its camera wrote about it.
pub(super) fn get_image_metadata(index: &Index, kwargs: &Kwargs) -> TeraResult<Value> {
    let path = kwargs.must_get::<&str>("path")?;
    let missing_is_fine = kwargs.get::<bool>("allow_missing")?.unwrap_or(false);
    let Some((file, bytes)) = index.find(path)? else {
        return if missing_is_fine {
            Ok(Value::none())
        } else {
            Err(index.no_file(path))
        };
    };
    let meta = images::metadata(&file, &bytes).map_err(Error::message)?;
    let (width, height) = meta.size;
    Ok(Value::from(Map::from_iter([
        ("width".into(), Value::from(width)),
        ("height".into(), Value::from(height)),
        ("format".into(), Value::from(meta.format)),
        ("mime".into(), Value::from(meta.mime)),
        ("description".into(), Value::none()),
        ("created".into(), Value::none()),
    ])))
}
