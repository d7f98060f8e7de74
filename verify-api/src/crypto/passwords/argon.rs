//! One hash of Argon2id (RFC 9106) in memory that is lent to it, and its text form
//! (a PHC string, which carries the salt and the parameters).
//!
//! This must not know whose password it is or how many hashes run.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::password_hash::{Error, Result};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use super::memory::Memory;

/// The memory of one hash, in KiB: 64 MiB, with three passes the second choice of RFC 9106
/// (section 4). A try costs whoever has stolen the database five times what the least would that
/// the OWASP Password Storage Cheat Sheet allows, and a patient less than half a second.
const MEMORY: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// The RFC has four, for a machine with idle cores. Here another patient uses them.
const LANES: u32 = 1;
/// Bytes of the result.
const LENGTH: usize = Params::DEFAULT_OUTPUT_LEN;

/// The PHC string of `password`.
///
/// # Errors
/// When the library refuses an input, which for a salt and a pepper of these
/// lengths it does not.
pub(super) fn hash(
    memory: &mut Memory,
    pepper: &[u8; 32],
    password: &[u8],
    salt: &[u8; 16],
) -> Result<String> {
    let params = Params::new(MEMORY, PASSES, LANES, Some(LENGTH))?;
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    let argon2 = Argon2::new_with_secret(pepper, algorithm, version, params)?;
    let hash = output(memory, &argon2, password, salt, LENGTH)?;
    let stored = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(argon2.params())?,
        salt: Some(Salt::new(salt)?),
        hash: Some(hash),
    };
    Ok(stored.to_string())
}

/// What stands for the stored password of nobody: it takes as long to check as one that
/// was stored today, and no password fits it.
///
/// # Errors
/// As [`hash`].
pub(super) fn of_nobody() -> Result<String> {
    let params = Params::new(MEMORY, PASSES, LANES, Some(LENGTH))?;
    let stored = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params)?,
        salt: Some(Salt::new(&[0; 16])?),
        hash: Some(Output::new(&[0; LENGTH])?),
    };
    Ok(stored.to_string())
}

/// Whether `stored` takes less work to try than what is stored today.
///
/// # Errors
/// When it is no hash by Argon2.
pub(super) fn is_lesser(stored: &str) -> Result<bool> {
    let stored = PasswordHash::new(stored)?;
    let params = Params::try_from(&stored)?;
    let is_todays = stored.algorithm == Algorithm::Argon2id.ident()
        && stored.version == Some(Version::V0x13.into());
    Ok(!is_todays || params.m_cost() < MEMORY || params.t_cost() < PASSES)
}

/// Whether `stored` was made of `password`, by the algorithm and the parameters
/// that are stored with it. The comparison takes the same time wherever they differ.
///
/// # Errors
/// When `stored` is no whole hash by Argon2, or one that takes more memory or passes
/// than this program ever asked for: checking it could stop the server.
pub(super) fn fits(
    memory: &mut Memory,
    pepper: &[u8; 32],
    password: &[u8],
    stored: &str,
) -> Result<bool> {
    let stored = PasswordHash::new(stored)?;
    let (Some(version), Some(salt), Some(hash)) = (stored.version, &stored.salt, &stored.hash)
    else {
        return Err(Error::EncodingInvalid);
    };
    let algorithm = Algorithm::try_from(stored.algorithm.as_str())?;
    let version = Version::try_from(version)?;
    let params = Params::try_from(&stored)?;
    if params.m_cost() > MEMORY || params.t_cost() > PASSES || params.p_cost() > LANES {
        return Err(Error::ParamsInvalid);
    }
    let argon2 = Argon2::new_with_secret(pepper, algorithm, version, params)?;
    Ok(output(memory, &argon2, password, salt, hash.len())? == *hash)
}

fn output(
    memory: &mut Memory,
    argon2: &Argon2<'_>,
    password: &[u8],
    salt: &[u8],
    length: usize,
) -> Result<Output> {
    let blocks = memory.blocks(argon2.params().block_count());
    let blocks = blocks.ok_or(Error::OutOfMemory)?;
    let mut bytes = Zeroizing::new([0; Output::MAX_LENGTH]);
    let bytes = bytes.get_mut(..length).ok_or(Error::OutputSize)?;
    argon2.hash_password_into_with_memory(password, salt, bytes, blocks)?;
    Ok(Output::new(bytes)?)
}

#[cfg(test)]
pub(super) mod tests {
    use argon2::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    const PEPPER: [u8; 32] = [0x4b; 32];
    const HERON: &[u8] = b"blue heron pond";

    /// The library's own way, which fetches memory anew for each hash.
    fn library(algorithm: Algorithm, version: Version, params: Params) -> Argon2<'static> {
        Argon2::new_with_secret(&PEPPER, algorithm, version, params).unwrap()
    }

    /// What was stored when less was asked for.
    pub(in crate::crypto::passwords) fn lesser(pepper: &[u8; 32], password: &[u8]) -> String {
        let params = Params::new(32, 1, 1, None).unwrap();
        let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
        let argon2 = Argon2::new_with_secret(pepper, algorithm, version, params).unwrap();
        let stored = argon2.hash_password_with_salt(password, &[7; 16]);
        stored.unwrap().to_string()
    }

    #[test]
    fn what_is_stored_is_what_the_library_stores() {
        let params = Params::new(65_536, 3, 1, None).unwrap();
        let library = library(Algorithm::Argon2id, Version::V0x13, params);
        let theirs = library.hash_password_with_salt(HERON, &[7; 16]).unwrap();
        let mut memory = Memory::default();
        // The second time in memory that is not empty, as after a hash that was wiped
        // badly: Argon2 must not read what it did not write.
        for _ in 0..2 {
            let ours = hash(&mut memory, &PEPPER, HERON, &[7; 16]).unwrap();
            assert_eq!(ours, theirs.to_string());
            library.verify_password(HERON, ours.as_str()).unwrap();
        }
    }

    #[test]
    fn a_hash_is_checked_by_what_is_stored_with_it() {
        let mut memory = Memory::default();
        for (algorithm, version, kib, passes, lanes, length) in [
            (Algorithm::Argon2id, Version::V0x13, 32, 1, 1, 16),
            (Algorithm::Argon2id, Version::V0x13, 64, 2, 1, 64),
            (Algorithm::Argon2i, Version::V0x13, 32, 2, 1, 32),
            (Algorithm::Argon2id, Version::V0x10, 32, 2, 1, 32),
        ] {
            let params = Params::new(kib, passes, lanes, Some(length)).unwrap();
            let library = library(algorithm, version, params);
            let stored = library.hash_password_with_salt(HERON, &[7; 16]).unwrap();
            let stored = stored.to_string();
            for (password, right) in [(HERON, true), (b"blue heron pony", false)] {
                let checked = fits(&mut memory, &PEPPER, password, &stored);
                assert_eq!(checked, Ok(right), "{stored}");
            }
            let checked = fits(&mut memory, &[0x4c; 32], HERON, &stored);
            assert_eq!(checked, Ok(false), "{stored}");
        }
    }

    #[test]
    fn nobodys_password_takes_the_same_work_and_nothing_fits_it() {
        let nobody = of_nobody().unwrap();
        let ours = hash(&mut Memory::default(), &PEPPER, HERON, &[7; 16]).unwrap();
        let parameters = |text: &str| text.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(parameters(&nobody), parameters(&ours));
        for password in [HERON, b""] {
            let checked = fits(&mut Memory::default(), &PEPPER, password, &nobody);
            assert_eq!(checked, Ok(false));
        }
    }

    #[test]
    fn what_was_stored_with_less_is_told_from_what_is_stored_today() {
        let ours = hash(&mut Memory::default(), &PEPPER, HERON, &[7; 16]).unwrap();
        assert_eq!(is_lesser(&ours), Ok(false));
        for (more, less) in [
            ("m=65536", "m=19456"),
            ("t=3", "t=2"),
            ("argon2id", "argon2i"),
            ("v=19", "v=16"),
        ] {
            assert_eq!(is_lesser(&ours.replace(more, less)), Ok(true), "{less}");
        }
        assert!(is_lesser("blue heron pond").is_err());
    }

    #[test]
    fn a_stored_text_that_is_no_whole_hash_is_an_error() {
        let whole = hash(&mut Memory::default(), &PEPPER, HERON, &[7; 16]).unwrap();
        let without_result = whole.rsplit_once('$').unwrap().0;
        let without_salt = without_result.rsplit_once('$').unwrap().0;
        let without_version = whole.replace("v=19$", "");
        for text in [
            "",
            "blue heron pond",
            without_result,
            without_salt,
            &without_version,
            &whole.replace("argon2id", "bcrypt"),
            &whole.replace("v=19", "v=20"),
            &whole.replace("m=65536", "m=1"),
            &whole.replace("m=65536", "m=4294967295"),
            &whole.replace("t=3", "t=4000000"),
            &whole.replace("p=1", "p=2"),
        ] {
            let checked = fits(&mut Memory::default(), &PEPPER, HERON, text);
            assert!(checked.is_err(), "{text:?}: {checked:?}");
        }
    }
}
