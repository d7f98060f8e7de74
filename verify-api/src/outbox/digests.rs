//! How a code is hashed: one way for the worker that makes it and for the app
//! that checks what was typed.

use protocol::values::Code;

use crate::crypto::{Digest, Keyring, Purpose};
use crate::flow::CodeFor;
use crate::store::FlowId;

/// The keyed hash of a code, bound to its flow and to what it proves: the same
/// six digits mean nothing elsewhere (NIST SP 800-63B-4 §3.1.3.2).
pub fn code_digest(keys: &Keyring, flow: FlowId, purpose: CodeFor, code: &Code) -> Digest {
    // The id and the code have a fixed length, so no two inputs run together.
    let mut message = flow.0.to_vec();
    message.extend_from_slice(purpose.as_str().as_bytes());
    message.extend_from_slice(code.as_str().as_bytes());
    keys.digest(Purpose::Code, &message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_counts_only_for_its_flow_and_purpose() {
        let keys = Keyring::of_byte(0x4b);
        let digest = |flow: u8, purpose, code| {
            let code = Code::parse(code).unwrap();
            code_digest(&keys, FlowId([flow; 16]), purpose, &code)
        };
        let sent = digest(1, CodeFor::Reset, "123456");
        assert!(sent.matches(&digest(1, CodeFor::Reset, "123456")));
        assert!(!sent.matches(&digest(2, CodeFor::Reset, "123456")));
        assert!(!sent.matches(&digest(1, CodeFor::Phone, "123456")));
        assert!(!sent.matches(&digest(1, CodeFor::Reset, "123457")));
    }
}
