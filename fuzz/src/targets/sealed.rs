//! Sealed records and wrapped keys: nothing opens that we have not sealed.

use std::sync::LazyLock;

use verify_api::crypto::{KeyId, Keyring, MasterKey, Purpose, Sealed, SecretKey, Wrapped};
use verify_api::entropy::SeededEntropy;

const ROW: &[u8] = b"row 1";

static ENTROPY: SeededEntropy = SeededEntropy::new(1);
static KEYS: LazyLock<Keyring> = LazyLock::new(|| {
    let key = || SecretKey::new(&ENTROPY);
    Keyring::new(&key(), [(KeyId(1), key()), (KeyId(2), key())])
});
static MASTER: LazyLock<MasterKey> =
    LazyLock::new(|| MasterKey::from_hex(&"4b".repeat(32)).expect("64 hex digits"));

pub(crate) fn run(input: &[u8]) {
    let forged = Sealed(input.to_vec());
    assert_eq!(forged.key().is_some(), input.len() >= 3);
    for purpose in [Purpose::Patient, Purpose::FlowState, Purpose::Job] {
        assert!(
            KEYS.open(purpose, ROW, &forged).is_err(),
            "opened what nobody sealed"
        );
    }
    for id in [KeyId::ROOT, KeyId::FIRST] {
        assert!(
            MASTER.unwrap(id, &Wrapped(input.to_vec())).is_err(),
            "a key out of nothing"
        );
    }
    let sealed = KEYS.seal(Purpose::Patient, ROW, input, &ENTROPY);
    let opened = KEYS
        .open(Purpose::Patient, ROW, &sealed)
        .expect("we sealed it");
    assert_eq!(opened.as_slice(), input);
    assert!(
        KEYS.open(Purpose::Account, ROW, &sealed).is_err(),
        "for another purpose"
    );
    assert!(
        KEYS.open(Purpose::Patient, b"row 2", &sealed).is_err(),
        "in another row"
    );
    // The input says which byte is changed, and how.
    if let [at, how, ..] = *input {
        let mut changed = sealed.clone();
        let at = usize::from(at) % changed.0.len();
        changed.0[at] ^= how.max(1);
        assert!(
            KEYS.open(Purpose::Patient, ROW, &changed).is_err(),
            "byte {at} was changed"
        );
        let mut shorter = sealed;
        shorter.0.truncate(at);
        assert!(
            KEYS.open(Purpose::Patient, ROW, &shorter).is_err(),
            "cut at {at}"
        );
    }
}
