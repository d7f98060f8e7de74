//! The document that the server gives of itself, and whether answers keep to it.
//!
//! Every answer that a [`Flow`](crate::Flow) gets is held to it, so the tests that
//! walk to a step hold that step's answers too. It must not know what is right
//! beyond the document.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jsonschema::{Draft, Validator};
use protocol::paths;
use serde_json::Value;

use crate::{Client, Reply};

/// What the server says that it answers.
pub struct Document {
    document: Value,
    /// By the place of their schema in the document.
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Document {
    /// The document of every server that these tests start: they are all one build.
    #[track_caller]
    pub fn of(client: &Client) -> &'static Self {
        static DOCUMENT: OnceLock<Document> = OnceLock::new();
        DOCUMENT.get_or_init(|| {
            let reply = client.get(paths::OPENAPI);
            reply.expect(200);
            Self {
                document: reply.json(),
                validators: Mutex::default(),
            }
        })
    }

    /// Asserts that the answer to a call is one that the document describes.
    #[track_caller]
    pub fn allows(&self, method: &str, path: &str, reply: &Reply) {
        if let Err(fault) = self.judge(method, path, reply) {
            panic!("{method} {path} should answer as the document says: {fault}: {reply:?}");
        }
    }

    /// What about an answer is not as described.
    ///
    /// # Errors
    /// The first thing that is not.
    pub fn judge(&self, method: &str, path: &str, reply: &Reply) -> Result<(), String> {
        let escaped = path.replace('~', "~0").replace('/', "~1");
        let method = method.to_lowercase();
        let at = format!("/paths/{escaped}/{method}/responses/{}", reply.status);
        let described = self.document.pointer(&at);
        let described = described.ok_or(format!("the status {} is not in it", reply.status))?;
        let headers = described["headers"].as_object().into_iter().flatten();
        for (name, header) in headers {
            if header["required"] == true && reply.header(&name.to_lowercase()).is_none() {
                return Err(format!("the header {name} is missing"));
            }
        }
        let kind = reply.header("content-type").unwrap_or_default();
        let content = &described["content"][kind];
        if content.is_null() {
            return Err(format!("the content type {kind:?} is not in it"));
        }
        let kind = kind.replace('/', "~1");
        let validator = self.validator(format!("{at}/content/{kind}/schema"));
        let faults: Vec<_> = validator
            .iter_errors(&reply.json())
            .map(|fault| format!("{fault} at {:?}", fault.instance_path().to_string()))
            .collect();
        if faults.is_empty() {
            return Ok(());
        }
        Err(faults.join("; "))
    }

    fn validator(&self, at: String) -> Arc<Validator> {
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let entry = validators.entry(at);
        let at = format!("#{}", entry.key());
        let validator = entry.or_insert_with(|| {
            // The document stays around the schema, whose references lead into it.
            let mut schema = self.document.clone();
            schema["$ref"] = at.into();
            let options = jsonschema::options()
                .with_draft(Draft::Draft202012)
                .should_validate_formats(true);
            let validator = options.build(&schema);
            Arc::new(validator.unwrap_or_else(|error| panic!("the document is broken: {error}")))
        });
        Arc::clone(validator)
    }
}
