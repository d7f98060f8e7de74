//! The document beside the code that it describes: nothing of either is missing in
//! the other.

use std::collections::BTreeSet;

use protocol::{Field, FieldProblem, FlowKind, Notice, ProblemCode, StepName};
use serde_json::Value;

use super::super::calls;
use super::document;

/// Whether `text` stands anywhere in `value`.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(found) => found == text,
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(members) => members
            .iter()
            .any(|(name, member)| name == text || holds(member, text)),
        _ => false,
    }
}

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let pairs = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, it)| (method.to_uppercase(), path.clone(), it))
    });
    pairs.collect()
}

#[test]
fn it_is_openapi_3_1() {
    assert_eq!(document()["openapi"], "3.1.0");
}

#[test]
fn every_call_is_described_and_no_other() {
    let document = document();
    let described: BTreeSet<_> = operations(&document)
        .into_iter()
        .map(|(method, path, _)| (method, path))
        .collect();
    let routed: BTreeSet<_> = calls()
        .into_iter()
        .map(|(method, path, _)| (method.to_string(), path.to_owned()))
        .collect();
    assert_eq!(described, routed);
}

#[test]
fn every_name_of_the_protocol_is_in_it() {
    let document = document();
    let schemas = &document["components"]["schemas"];
    let in_schema = |schema: &str, name: &str| {
        assert!(holds(&schemas[schema], name), "{schema} lacks {name}");
    };
    for step in StepName::ALL {
        in_schema("Step", step.as_str());
        if !step.fields().is_empty() {
            in_schema("Answer", step.as_str());
        }
    }
    for kind in FlowKind::ALL {
        in_schema("FlowKind", kind.as_str());
    }
    for notice in Notice::ALL {
        in_schema("Notice", notice.as_str());
    }
    for field in Field::ALL {
        in_schema("Answer", field.as_str());
        in_schema("Problem", field.as_str());
    }
    for code in ProblemCode::ALL {
        in_schema("ProblemCode", code.as_str());
    }
    for problem in FieldProblem::ALL {
        in_schema("FieldProblem", problem.as_str());
    }
}

/// All but the two that are told where no call is found.
#[test]
fn every_problem_is_told_by_some_call_at_its_own_status() {
    let document = document();
    let operations = operations(&document);
    for code in ProblemCode::ALL {
        let is_of_no_call = matches!(code, ProblemCode::NotFound | ProblemCode::MethodNotAllowed);
        let told = operations.iter().filter(|(.., operation)| {
            let response = &operation["responses"][code.status().to_string()];
            holds(
                &response["content"]["application/problem+json"],
                code.as_str(),
            )
        });
        assert_eq!(told.count() == 0, is_of_no_call, "{code:?}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(document: &Value, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| walk(document, item)),
            Value::Object(members) => {
                if let Some(to) = members.get("$ref").and_then(Value::as_str) {
                    let pointer = to.strip_prefix('#').unwrap_or(to);
                    assert!(document.pointer(pointer).is_some(), "{to}");
                }
                members.values().for_each(|member| walk(document, member));
            }
            _ => {}
        }
    }
    let document = document();
    walk(&document, &document);
    let ids: BTreeSet<_> = operations(&document)
        .into_iter()
        .map(|(.., operation)| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    for (.., operation) in operations(&document) {
        for response in operation["responses"].as_object().unwrap().values() {
            for link in response["links"]
                .as_object()
                .into_iter()
                .flat_map(|it| it.values())
            {
                assert!(
                    ids.contains(link["operationId"].as_str().unwrap()),
                    "{link}"
                );
            }
        }
    }
}

#[test]
fn who_is_told_to_wait_is_always_told_how_long_in_the_head_too() {
    let document = document();
    let header = |method: &str, path: &str, status: &str| {
        document["paths"][path][method]["responses"][status]["headers"]["Retry-After"].clone()
    };
    assert_eq!(header("post", "/api/v1/flows", "429")["required"], true);
    assert_eq!(header("get", "/api/v1/flow", "503")["required"], true);
    // Where no try is left, no time helps.
    let of_answers = header("post", "/api/v1/flow/answers", "429");
    assert!(of_answers.is_object() && of_answers["required"].is_null());
}
