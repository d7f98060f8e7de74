//! What others weigh for the same job: a form of three fields with React, and what a well-known
//! provider has a browser fetch to sign somebody in. Both as their makers publish them, bundled
//! for browsers and compressed as our own files are.
//!
//! Without npm, which nothing else of a build needs, it says that they were not measured.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{brotli, read};
use crate::bench::table::{Table, thousands};
use crate::build;
use crate::failure::{During, Failure, Result};
use crate::progress::step;
use crate::tools::{find, must};

/// What is measured, and what bundles it, of npm. Pinned, so that figures stay the same.
const PACKAGES: [&str; 4] = [
    "esbuild@0.28.2",
    "react@19.3.1",
    "react-dom@19.3.1",
    "@clerk/clerk-js@6.40.0",
];

/// A form with the fields of a sign-in, as React's own guide has them.
const REACT: &str = "
import { createElement as h, useState } from 'react';
import { createRoot } from 'react-dom/client';

function SignIn() {
  const [values, setValues] = useState({ username: '', password: '', code: '' });
  const field = (name, label, type, autoComplete) => h('p', { key: name },
    h('label', { htmlFor: name }, label),
    h('input', {
      id: name, name, type, autoComplete, value: values[name],
      onChange: (event) => setValues({ ...values, [name]: event.target.value }),
    }));
  return h('form', { method: 'post', action: '/sign-in' },
    field('username', 'Username', 'text', 'username'),
    field('password', 'Password', 'password', 'current-password'),
    field('code', 'Code', 'text', 'one-time-code'),
    h('button', null, 'Sign in'));
}

createRoot(document.getElementById('root')).render(h(SignIn));
";
/// The file that a page of the provider's customers loads. It shows no form yet: what does
/// is fetched by it.
const CLERK: &str = "import './node_modules/@clerk/clerk-js/dist/clerk.browser.js';";

/// Prints what they weigh beside a flow of ours.
pub(super) fn run(flow: usize) {
    let mut table = Table::new(&["what others weigh", "brotli 11", "times ours"]);
    let mut row = |name: &str, bytes: usize| {
        let times = format!("{:.1}", ratio(bytes, flow));
        table.row(&[name, &thousands(bytes), &times]);
    };
    row("our whole flow", flow);
    // What others do is nothing that we could fail over.
    match measured() {
        Ok(others) => others
            .into_iter()
            .for_each(|(name, bytes)| row(name, bytes)),
        Err(failure) => println!("What others weigh was not measured: {failure}"),
    }
    println!("{table}");
}

/// Their names and what they weigh.
fn measured() -> Result<[(&'static str, usize); 2]> {
    if find("npm").is_none() {
        return Err(Failure::new("there is no npm"));
    }
    let folder = build::output().join("bench-npm");
    step("installing what others weigh", || install(&folder))?;
    let react = bundled(&folder, "react", REACT)?;
    let clerk = bundled(&folder, "clerk", CLERK)?;
    Ok([
        ("a form of three fields with React", react),
        ("@clerk/clerk-js, before a form", clerk),
    ])
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes are far below what a float holds exactly"
)]
fn ratio(bytes: usize, flow: usize) -> f64 {
    bytes as f64 / flow as f64
}

fn install(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).during(format_args!("make {}", folder.display()))?;
    let mut npm = Command::new("npm");
    npm.args([
        "install",
        "--no-save",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ])
    .arg("--prefix")
    .arg(folder)
    .args(PACKAGES);
    must(&mut npm, "install what others weigh with npm")
}

/// Bundles a script as for production, and weighs it, brotli 11.
fn bundled(folder: &Path, name: &str, script: &str) -> Result<usize> {
    let (source, bundle) = (
        folder.join(format!("{name}.js")),
        folder.join(format!("{name}.min.js")),
    );
    fs::write(&source, script).during(format_args!("write {}", source.display()))?;
    let mut esbuild = Command::new(folder.join("node_modules/.bin/esbuild"));
    esbuild
        .current_dir(folder)
        .arg(&source)
        .args(["--bundle", "--minify", "--format=esm", "--log-level=error"])
        .args(["--platform=browser", "--legal-comments=none"])
        .arg("--define:process.env.NODE_ENV=\"production\"")
        .arg(format!("--outfile={}", bundle.display()));
    must(&mut esbuild, &format!("bundle {name} with esbuild"))?;
    Ok(brotli(&read(&bundle)?, 11)?.len())
}
