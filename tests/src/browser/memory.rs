//! What a page holds in memory once all that can be thrown away is thrown away. Chromium
//! alone tells.
//!
//! It must not change the page.

use serde_json::json;

use super::Browser;

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// Bytes of the scripts' heap.
    pub heap: u64,
    /// Nodes of the document, also of such that are not shown any more.
    pub nodes: u64,
    /// Listeners for events.
    pub listeners: u64,
    /// Bytes of the memories of WebAssembly modules.
    pub wasm: u64,
}

impl Browser {
    /// What the page that is open holds.
    pub fn memory(&self) -> Memory {
        // What a first collection has let go of may have held something itself.
        for _ in 0..2 {
            self.devtools("HeapProfiler.collectGarbage", &json!({}));
        }
        let counted = self.devtools("Memory.getDOMCounters", &json!({}));
        let number = |name: &str| counted[name].as_u64().expect("a count");
        let heap = self.devtools("Runtime.getHeapUsage", &json!({}));
        Memory {
            heap: heap["usedSize"].as_u64().expect("a size"),
            nodes: number("nodes"),
            listeners: number("jsEventListeners"),
            wasm: self.wasm_memory(),
        }
    }

    /// The module is out of the page's reach, and so of a script's.
    fn wasm_memory(&self) -> u64 {
        let group = "memories";
        let prototype = self.devtools(
            "Runtime.evaluate",
            &json!({ "expression": "WebAssembly.Memory.prototype", "objectGroup": group }),
        );
        let found = self.devtools(
            "Runtime.queryObjects",
            &json!({ "prototypeObjectId": prototype["result"]["objectId"], "objectGroup": group }),
        );
        let sum = "function() { return this.reduce((sum, it) => sum + it.buffer.byteLength, 0); }";
        let told = self.devtools(
            "Runtime.callFunctionOn",
            &json!({
                "objectId": found["objects"]["objectId"],
                "functionDeclaration": sum,
                "returnByValue": true,
            }),
        );
        self.devtools(
            "Runtime.releaseObjectGroup",
            &json!({ "objectGroup": group }),
        );
        told["result"]["value"].as_u64().expect("a size")
    }
}
