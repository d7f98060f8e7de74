//! Pictures: copies in other sizes, what is known of each, and what is wrong with some.

use std::fs;
use std::io::Cursor;

use crate::support::Site;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use sha2::{Digest, Sha256};
use site_builder::Mode;

/// A picture of this size: red at the left, blue at the right.
fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, _| {
        Rgb(if x < width / 2 {
            [250, 0, 0]
        } else {
            [0, 0, 250]
        })
    });
    encode(&image.into(), format)
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// A JPEG that says how it is to be turned (EXIF, tag 0x0112).
fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let exif = [
        b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
        &[orientation, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    let length = u16::try_from(exif.len() + 2).expect("a short segment");
    let (start, rest) = jpeg.split_at(2);
    [start, &[0xff, 0xe1], &length.to_be_bytes(), &exif, rest].concat()
}

/// A site with a picture beside a page, whose template is this.
fn site(name: &str, bytes: &[u8], template: &str) -> Site {
    Site::new()
        .page("a/index.md", "A", "")
        .bytes(&format!("content/a/{name}"), bytes)
        .file("templates/page.html", template)
}

/// What a template makes of the answer to a call about `content/a/NAME`.
fn ask(name: &str, bytes: &[u8], call: &str) -> String {
    let template = format!(
        "{{% set it = {call} %}}{{% for k, v in it %}}{{{{ k }}}}={{{{ v }}}} {{% endfor %}}"
    );
    site(name, bytes, &template).build_and_read("a/index.html")
}

fn copies(site: &Site) -> Vec<(String, Vec<u8>)> {
    let tree = site.build().clean().tree();
    let of = |(path, bytes): (String, Vec<u8>)| {
        Some((path.strip_prefix("processed_images/")?.to_owned(), bytes))
    };
    tree.into_iter().filter_map(of).collect()
}

#[test]
fn a_copy_has_the_size_that_was_asked_for_and_a_name_of_its_own() {
    let png = picture(60, 40, ImageFormat::Png);
    let call = "resize_image(path='a/Blick ins Tal.png', width=30, op='fit_width')";
    let template = format!(
        "{{% set it = {call} %}}{{{{ it.url }}}} {{{{ it.width }}}}x{{{{ it.height }}}} \
         {{{{ it.orig_width }}}}x{{{{ it.orig_height }}}} {{{{ it.static_path }}}}"
    );
    let site = site("Blick ins Tal.png", &png, &template).page("b.md", "B", "");
    let copies = copies(&site);
    let [(name, bytes)] = copies.as_slice() else {
        panic!("two pages that ask for one copy: {copies:?}");
    };
    let hash = name
        .strip_prefix("blick-ins-tal.")
        .and_then(|rest| rest.strip_suffix(".png"));
    assert_eq!(hash.map(str::len), Some(16), "{name}");
    let said = site.build().clean().text("a/index.html");
    let address = format!("https://help.example.org/processed_images/{name}");
    assert_eq!(
        said,
        format!("{address} 30x20 60x40 static/processed_images/{name}")
    );
    let copy = image::load_from_memory(bytes).unwrap().to_rgb8();
    assert_eq!(copy.dimensions(), (30, 20));
    assert_eq!(
        (copy[(2, 2)], copy[(27, 17)]),
        (Rgb([250, 0, 0]), Rgb([0, 0, 250]))
    );
}

#[test]
fn a_copy_is_the_same_on_every_machine() {
    let png = picture(60, 40, ImageFormat::Png);
    let call =
        |format| format!("resize_image(path='a/p.png', width=9, height=9, format='{format}')");
    let template = format!(
        "{{{{ {} | length }}}}{{{{ {} | length }}}}{{{{ {} | length }}}}",
        call("jpg"),
        call("png"),
        call("webp")
    );
    let copies = copies(&site("p.png", &png, &template));
    let mut hash = Sha256::new();
    for (name, bytes) in &copies {
        hash.update(name);
        hash.update(bytes);
    }
    let hash = data_encoding::HEXLOWER.encode(&hash.finalize());
    // When this changes, `RECIPE` in src/images/mod.rs must, too: else a cache gives the old bytes.
    assert_eq!(hash[..16], *"bc587133c1e6bf85");
}

#[test]
fn a_name_changes_with_the_picture_and_with_what_is_done_to_it() {
    let name = |bytes: &[u8], arguments: &str| {
        let call = format!("resize_image(path='a/p.png', {arguments})");
        let site = site("p.png", bytes, &format!("{{{{ {call} | length }}}}"));
        copies(&site).remove(0).0
    };
    let one = picture(8, 8, ImageFormat::Png);
    let two = encode(&RgbImage::new(8, 8).into(), ImageFormat::Png);
    let names = [
        name(&one, "width=4, height=4"),
        name(&two, "width=4, height=4"),
        name(&one, "width=4, height=5"),
        name(&one, "width=4, height=4, format='jpg'"),
        name(&one, "width=4, height=4, format='jpg', quality=50"),
        name(&one, "width=4, height=4, format='webp'"),
    ];
    assert_eq!(name(&one, "width=4, height=4, op='fill'"), names[0]);
    let mut different = names.to_vec();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), names.len(), "{names:?}");
}

#[test]
fn every_format_is_read_and_each_copy_has_its_format() {
    let of = |from: ImageFormat, format: &str| {
        let name = format!("p.{}", from.extensions_str()[0]);
        let call = format!("resize_image(path='a/{name}', width=4, height=4, format='{format}')");
        let bytes = picture(8, 8, from);
        let site = site(&name, &bytes, &format!("{{{{ {call} | length }}}}"));
        image::guess_format(&copies(&site)[0].1).unwrap()
    };
    for (from, auto) in [
        (ImageFormat::Png, ImageFormat::Png),
        (ImageFormat::Jpeg, ImageFormat::Jpeg),
        (ImageFormat::Gif, ImageFormat::Jpeg),
        (ImageFormat::WebP, ImageFormat::Jpeg),
    ] {
        assert_eq!(of(from, "auto"), auto, "{from:?}");
        assert_eq!(of(from, "webp"), ImageFormat::WebP, "{from:?}");
    }
}

#[test]
fn what_is_transparent_is_white_in_a_jpeg() {
    let clear = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0]));
    let png = encode(&clear.into(), ImageFormat::Png);
    let call = "resize_image(path='a/p.png', width=4, height=4, format='jpg')";
    let site = site("p.png", &png, &format!("{{{{ {call} | length }}}}"));
    let copy = image::load_from_memory(&copies(&site)[0].1)
        .unwrap()
        .to_rgb8();
    assert_eq!(copy[(2, 2)], Rgb([255, 255, 255]));
}

#[test]
fn a_photo_is_turned_the_way_the_camera_was_held() {
    let photo = turned(&picture(60, 40, ImageFormat::Jpeg), 6);
    let meta = ask("p.jpg", &photo, "get_image_metadata(path='a/p.jpg')");
    assert!(meta.contains("width=40 height=60 "), "{meta}");
    let call = "resize_image(path='a/p.jpg', width=20, height=30, op='scale')";
    let site = site("p.jpg", &photo, &format!("{{{{ {call} | length }}}}"));
    let copy = image::load_from_memory(&copies(&site)[0].1)
        .unwrap()
        .to_rgb8();
    // Turned to the right: what was left is up.
    assert!(copy[(10, 3)][0] > 200 && copy[(10, 26)][2] > 200);
}

#[test]
fn what_a_picture_says_of_itself() {
    let avif = b"\0\0\0\x14ftypavif\0\0\0\0mif1\0\0\0\x38meta\0\0\0\0\0\0\0\x2ciprp\0\0\0\x24ipco\0\0\0\x14ispe\0\0\0\0\0\0\0\x07\0\0\0\x05\0\0\0\x08free";
    for (name, bytes, format, mime) in [
        ("p.png", picture(7, 5, ImageFormat::Png), "png", "image/png"),
        (
            "p.jpg",
            picture(7, 5, ImageFormat::Jpeg),
            "jpg",
            "image/jpeg",
        ),
        ("p.gif", picture(7, 5, ImageFormat::Gif), "gif", "image/gif"),
        (
            "p.webp",
            picture(7, 5, ImageFormat::WebP),
            "webp",
            "image/webp",
        ),
        ("p.avif", avif.to_vec(), "avif", "image/avif"),
        (
            "p.svg",
            b"<svg viewBox='0 0 7 5'/>".to_vec(),
            "svg",
            "image/svg+xml",
        ),
    ] {
        let call = format!("get_image_metadata(path='@/a/{name}')");
        let said = ask(name, &bytes, &call);
        let expected = format!("width=7 height=5 format={format} mime={mime} ");
        assert!(said.starts_with(&expected), "{name}: {said}");
    }
    let template = "{{ get_image_metadata(path='none.png', allow_missing=true) is none }}";
    let site = site("p.png", b"", template);
    assert_eq!(site.build_and_read("a/index.html"), "true");
}

#[test]
fn a_copy_is_kept_and_a_damaged_or_unused_one_is_not() {
    let png = picture(60, 40, ImageFormat::Png);
    let template = |width| {
        format!("{{{{ resize_image(path='a/p.png', width={width}, op='fit_width') | length }}}}")
    };
    let site = site("p.png", &png, &template(30));
    let (name, good) = copies(&site).remove(0);
    let cache = site.root().join(".site-builder-cache");
    assert_eq!(fs::read_to_string(cache.join(".gitignore")).unwrap(), "*\n");
    // What is kept is what a build gives, as long as it is whole.
    let kept = |bytes: &[u8]| [&Sha256::digest(bytes)[..], bytes].concat();
    assert_eq!(fs::read(cache.join(&name)).unwrap(), kept(&good));
    let again = |site: &Site| {
        fs::remove_dir_all(site.output()).unwrap();
        copies(site)
    };
    fs::write(cache.join(&name), kept(b"planted")).unwrap();
    assert_eq!(again(&site), [(name.clone(), b"planted".to_vec())]);
    for damaged in [&kept(&good)[..40], b"short"] {
        fs::write(cache.join(&name), damaged).unwrap();
        assert_eq!(again(&site), [(name.clone(), good.clone())]);
    }
    let site = site.file("templates/page.html", &template(31));
    assert_eq!(copies(&site).len(), 1);
    assert!(!cache.join(&name).exists(), "an unused copy stayed");
    // A check uses the cache, and makes what is missing to see whether it can be made.
    fs::remove_dir_all(&cache).unwrap();
    let site = site.with(|options| options.mode = Mode::Check);
    assert!(!site.build().report.findings.has_errors());
    assert!(cache.exists());
}

#[test]
fn a_cache_that_leads_elsewhere_is_left_alone() {
    let png = picture(60, 40, ImageFormat::Png);
    let template = "{{ resize_image(path='a/p.png', width=30, op='fit_width') | length }}";
    let site = site("p.png", &png, template);
    crate::support::put(&site.beside("other/precious.txt"), b"precious");
    std::os::unix::fs::symlink(
        site.beside("other"),
        site.root().join(".site-builder-cache"),
    )
    .unwrap();
    assert_eq!(copies(&site).len(), 1);
    let left = crate::support::read_tree(&site.beside("other"));
    assert_eq!(left.keys().collect::<Vec<_>>(), ["precious.txt"]);
}

/// A PNG that claims to be this large and ends after its head.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut png = picture(1, 1, ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = flate2::Crc::new();
    crc.update(&png[12..29]);
    png[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    png
}

#[test]
fn a_bad_picture_is_a_finding() {
    let whole = picture(60, 40, ImageFormat::Png);
    for (name, bytes, why) in [
        (
            "p.png",
            b"no picture".to_vec(),
            "is not a picture in the format",
        ),
        (
            "p.png",
            b"<svg/>".to_vec(),
            "is not a picture in the format",
        ),
        ("p.png", Vec::new(), "is not a picture in the format"),
        ("p.png", whole[..20].to_vec(), "cannot be read"),
        ("p.png", whole[..whole.len() / 2].to_vec(), "cannot be read"),
        ("p.png", claims(60_000, 60_000), "pixels, and more than"),
        ("p.png", claims(10_000, 10_000), "cannot be read"),
        ("p.jpg", vec![0xff, 0xd8, 0xff, 0xd8], "cannot be read"),
        (
            "p.gif",
            b"GIF89a\xff\xff\xff\xff\0\0\0".to_vec(),
            "cannot be read",
        ),
    ] {
        let call = format!("resize_image(path='a/{name}', width=4, height=4)");
        let built = site(
            name,
            &bytes,
            &format!("<img src=\"{{% set i = {call} %}}{{{{ i.url }}}}\">"),
        )
        .build();
        let findings = built.findings();
        assert_eq!(built.report.findings.len(), 1, "{why}: {findings}");
        assert!(findings.contains(why), "{why}: {findings}");
        assert!(built.report.written.is_none());
    }
}

#[test]
fn a_call_that_cannot_be_is_a_finding_where_it_stands() {
    let png = picture(6, 4, ImageFormat::Png);
    for (arguments, why) in [
        ("path='a/p.png', width=0, height=4", "`width` is 0"),
        ("path='a/p.png', width=4", "`op=\"fill\"` needs a `height`"),
        (
            "path='a/p.png', width=4, op='fit_widht'",
            "did you mean `fit_width`?",
        ),
        ("path='a/p.png', width=99999, op='fit_width'", "too large"),
        (
            "path='a/p.png', width=4, height=4, format='avif'",
            "cannot be written as AVIF",
        ),
        (
            "path='a/p.png', width=4, height=4, format='jpg', quality=101",
            "goes from 1 to 100",
        ),
        (
            "path='content/a/q.png', width=4, height=4",
            "did you mean `content/a/p.png`?",
        ),
        (
            "path='../p.png', width=4, height=4",
            "outside the site's folder",
        ),
    ] {
        let template = format!("\n  {{{{ resize_image({arguments}) | length }}}}");
        let built = site("p.png", &png, &template).build();
        let findings = built.findings();
        assert!(findings.contains(why), "{findings}");
        let places = built.places();
        assert_eq!(places.len(), 1, "{findings}");
        assert!(
            places[0].starts_with("templates/page.html:2:"),
            "{places:?}"
        );
    }
}

#[test]
fn webp_of_a_quality_is_made_and_told_once() {
    let png = picture(6, 4, ImageFormat::Png);
    let call = |width: u8| {
        format!("resize_image(path='a/p.png', width={width}, height=4, format='webp', quality=60)")
    };
    let template = format!(
        "{{{{ {} | length }}}}{{{{ {} | length }}}}",
        call(3),
        call(4)
    );
    let built = site("p.png", &png, &template).build();
    assert_eq!(built.places(), ["content/a/p.png:1:1 lossless-webp"]);
    assert!(built.report.written.is_some());
}
