//! The machine that figures were measured on.

use std::fs;
use std::thread::available_parallelism;

/// Its cores and its processor, in one line.
pub(super) fn name() -> String {
    let cores = available_parallelism().map_or(1, usize::from);
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    format!("Machine: {cores} cores, {}", model(&info))
}

/// The processor's name in the text of `/proc/cpuinfo`.
fn model(info: &str) -> &str {
    let mut lines = info.lines();
    let line = lines.find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split_once(':'));
    name.map_or("processor without a name", |(_, name)| name.trim())
}

#[cfg(test)]
mod tests {
    use super::model;

    #[test]
    fn the_processor_is_named() {
        assert_eq!(model("processor : 0\nmodel name\t: Quick 3\n"), "Quick 3");
        assert_eq!(model(""), "processor without a name");
    }
}
