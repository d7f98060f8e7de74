//! The search box of the help center: what patients find, by which words, and how they get there.

use frontdesk_tests::{Browser, Client, Scripts, Stack, Visitor as _, wait_for};

const ENTER: &str = "\u{e007}";
const BOX: &str = "#search-words";

/// Types into an empty box, and waits for what is told of the answers.
#[track_caller]
fn search(browser: &mut Browser, words: &str) -> String {
    let clear = "document.getElementById('search-words').value = '';
        document.querySelector('.search-status').textContent = '';";
    browser.script(clear, Vec::new());
    browser.click(BOX);
    browser.keys(words);
    wait_for(&format!("answers to {words:?}"), || {
        let told = browser.page().text(".search-status");
        (!told.is_empty()).then_some(told)
    })
}

/// The best of the answers.
#[track_caller]
fn best(browser: &mut Browser, words: &str) -> String {
    search(browser, words);
    let found = browser.page().texts(".search-found a");
    found.into_iter().next().unwrap_or_default()
}

#[test]
fn an_answer_is_found_by_its_words_by_synonyms_and_with_slips() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/", Scripts::On);
    let forgot = "I forgot my password. How do I reset it?";
    let spam = "I did not get an email. Where is it?";
    let close = "How do I close my account?";
    for (words, answer) in [
        // The words of its title.
        ("forgot password", forgot),
        (
            "My code did not come. What do I do?",
            "My code did not come. What do I do?",
        ),
        // Words of its text alone.
        ("junk", spam),
        ("internet explorer", "Which browsers work?"),
        // Other words for the same thing.
        ("did not get e-mail", spam),
        ("delete account", close),
        ("locked out", "It says “too many tries”. What do I do?"),
        (
            "logged out",
            "Why was I signed out after I reset my password?",
        ),
        (
            "kid",
            "Can I use Patient Ally for my child or someone I care for?",
        ),
        // Forms, slips of the finger, and words written together or apart.
        ("close accounts", "Close your account"),
        ("expiring", "My code has expired. What do I do?"),
        ("forgoten pasword", forgot),
        ("lnadline", "I only have a landline. Can I get a code?"),
        ("land line", "I only have a landline. Can I get a code?"),
        ("NICKNAMES!", "I go by a nickname. Which name do I use?"),
    ] {
        assert_eq!(best(&mut browser, words), answer, "for {words:?}");
    }
    browser.expect_silent_console();
}

/// The answer that comes first, once the index is there.
fn first(browser: &mut Browser, words: &str) -> String {
    let script = "var box = document.getElementById('search-words');
        box.value = arguments[0];
        box.form.querySelector('[type=submit]').click();
        var link = document.querySelector('.search-found a');
        return link ? link.pathname : '';";
    let path = browser.script(script, vec![words.into()]);
    path.as_str().unwrap_or_default().to_owned()
}

/// The answers that must come first, and what people type who do not know our words.
const ENGLISH: &[(&str, &[&str])] = &[
    (
        "/faq/username-and-password/forgot-password/",
        &["cant log in", "can't sign in"],
    ),
    (
        "/faq/family/caring-for-someone/",
        &[
            "grandmother",
            "grandfather",
            "my mother",
            "my dad",
            "child",
            "kid",
            "teen",
            "caregiver",
            "power of attorney",
        ],
    ),
    ("/faq/family/child-turns-18/", &["teenager turns 18"]),
    ("/faq/family/shared-phone/", &["husband has the same phone"]),
    (
        "/faq/browsers-and-support/who-to-call/",
        &[
            "cost",
            "price",
            "is it free",
            "pay bill",
            "insurance",
            "dead",
            "died",
            "moved",
            "records",
            "customer service",
        ],
    ),
    (
        "/faq/getting-started/what-questions/",
        &["ssn", "social security"],
    ),
    (
        "/faq/phone-and-codes/too-many-tries/",
        &["locked out", "blocked", "too many attempts"],
    ),
    (
        "/faq/phone-and-codes/lost-phone/",
        &["new phone", "lost phone", "stolen phone"],
    ),
    (
        "/faq/phone-and-codes/code-not-here/",
        &["never got the text"],
    ),
    ("/faq/username-and-password/not-me/", &["hacked", "scam"]),
    (
        "/faq/username-and-password/too-many-passwords/",
        &["wrong password"],
    ),
    ("/faq/providers/provider-not-listed/", &["doctor missing"]),
    (
        "/faq/providers/provider-missing/",
        &["appointment", "schedule"],
    ),
    ("/faq/providers/add-a-provider/", &["add doctor"]),
    (
        "/faq/getting-started/invitation-expired/",
        &["letter expired", "invitation code does not work"],
    ),
    (
        "/faq/getting-started/no-invitation/",
        &["never got the letter"],
    ),
    ("/faq/getting-started/how-to-enroll/", &["qr code"]),
    ("/faq/names/changed-name/", &["divorced", "married"]),
    ("/sign-in/", &["lab results", "blood test", "refill"]),
    ("/contact/", &["spanish", "emergency"]),
];

/// The same of those who read Spanish.
const SPANISH: &[(&str, &[&str])] = &[
    (
        "/es/faq/username-and-password/forgot-password/",
        &["no me deja entrar"],
    ),
    (
        "/es/faq/family/caring-for-someone/",
        &[
            "abuela",
            "mi madre",
            "mi papá",
            "hijo",
            "niña",
            "cuido a mi esposo",
        ],
    ),
    (
        "/es/faq/browsers-and-support/who-to-call/",
        &[
            "costo",
            "precio",
            "gratis",
            "cuánto cuesta",
            "pagar",
            "factura",
            "murió",
            "falleció",
            "me mudé",
            "expediente",
        ],
    ),
    (
        "/es/faq/getting-started/what-questions/",
        &["ssn", "seguro social"],
    ),
    ("/es/faq/phone-and-codes/too-many-tries/", &["bloqueado"]),
    (
        "/es/faq/phone-and-codes/lost-phone/",
        &["celular nuevo", "perdí mi celular", "me robaron el celular"],
    ),
    (
        "/es/faq/username-and-password/not-me/",
        &["hackeado", "fraude"],
    ),
    (
        "/es/faq/providers/provider-not-listed/",
        &["no encuentro a mi doctor", "falta mi doctor"],
    ),
    ("/es/faq/providers/provider-missing/", &["cita"]),
    ("/es/faq/getting-started/how-to-enroll/", &["qr"]),
    ("/es/faq/names/changed-name/", &["divorcio", "me casé"]),
    (
        "/es/sign-in/",
        &[
            "resultados",
            "laboratorio",
            "análisis",
            "receta",
            "medicinas",
        ],
    ),
    ("/es/contact/", &["idioma", "inglés", "emergencia"]),
    ("/es/enroll/", &["registrarme", "registrarse"]),
];

#[test]
fn the_words_of_patients_lead_to_their_answer() {
    let stack = Stack::with_site();
    for (home, answers) in [("/", ENGLISH), ("/es/", SPANISH)] {
        let mut browser = Browser::open(&stack, home, Scripts::On);
        search(&mut browser, "911");
        let mut missed = Vec::new();
        for (answer, words) in answers {
            for words in *words {
                let found = first(&mut browser, words);
                if found != *answer {
                    missed.push(format!("{words:?} leads to {found:?}, not to {answer}"));
                }
            }
        }
        assert!(missed.is_empty(), "{missed:#?}");
        browser.expect_silent_console();
    }
}

#[test]
fn an_answer_is_told_with_its_question_and_leads_there() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/faq/", Scripts::On);
    let told = search(&mut browser, "spam");
    let page = browser.page();
    let found = page.texts(".search-found a");
    assert_eq!(told, format!("Answers found: {}", found.len()));
    assert_eq!(
        page.text(".search-found p"),
        "Look in your spam or junk folder."
    );
    assert_eq!(
        page.attribute(".search-status", "role").as_deref(),
        Some("status")
    );
    browser.small_with_large_text();
    assert_eq!(browser.sticking_out(), [""; 0]);
    // By keys alone: to where the answers begin, to the first, and there.
    browser.keys(ENTER);
    browser.expect_focus(".search-status");
    browser.tab_to(".search-found a");
    browser.keys(ENTER);
    wait_for("the answer's page", || {
        (browser.address() == "/faq/email/in-spam/").then_some(())
    });
}

#[test]
fn whoever_finds_nothing_is_told_what_to_do() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/no-such-page/", Scripts::On);
    assert_eq!(search(&mut browser, "pizza"), "No answer found.");
    browser.click(".search-none a");
    assert_eq!(browser.address(), "/faq/all/");
}

#[test]
fn what_is_typed_stays_in_the_browser() {
    let stack = Stack::with_site();
    let mut browser = Browser::open(&stack, "/", Scripts::On);
    let index = "/search_index.en.json";
    let fetched = browser.fetched();
    assert!(!fetched.iter().any(|path| path == index), "{fetched:?}");
    search(&mut browser, "secret");
    browser.keys(ENTER);
    browser.expect_focus(".search-status");
    assert_eq!(browser.address(), "/");
    let fetched = browser.fetched();
    assert!(fetched.iter().any(|path| path == index), "{fetched:?}");
    let script = "return performance.getEntriesByType('resource')
        .filter(entry => entry.name.includes('secret')).length";
    assert_eq!(browser.script(script, Vec::new()), 0);
}

/// Without scripts, and where the index does not come, the button leads to all questions.
#[test]
fn without_the_index_all_questions_are_there() {
    let stack = Stack::with_site();
    let opened = |scripts| {
        let browser = Browser::open(&stack, "/", scripts);
        browser.block(&["*/search_index*"]);
        browser
    };
    for scripts in [Scripts::Off, Scripts::On] {
        let mut browser = opened(scripts);
        browser.click(BOX);
        browser.keys("secret");
        browser.keys(ENTER);
        let address = wait_for("all questions", || {
            let address = browser.address();
            (address != "/").then_some(address)
        });
        // What was typed is not in it.
        assert_eq!(address, "/faq/all/?");
        assert!(browser.page().texts(".all-one").len() > 30);
    }
}

/// Its name stays the same when an answer changes, so a browser asks whether it is still that one.
#[test]
fn the_index_is_never_stale() {
    let stack = Stack::with_site();
    let reply = Client::new(stack.base()).get("/search_index.en.json");
    reply.expect(200);
    assert_eq!(reply.header("cache-control"), Some("no-cache"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
}
