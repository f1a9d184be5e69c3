// env::var("IN_A_COMMENT")
let a = env::var("DEMANDED")?; // reads: DEMANDED!
let b = std::env::var("EXPECTED").expect("set it"); // reads: EXPECTED!
let c = env::var("WITH_DEFAULT").unwrap_or_else(|_| "3000".to_string()); // reads: WITH_DEFAULT=3000
let d = env::var("MAYBE").ok(); // reads: MAYBE?
let e = env!("AT_COMPILE_TIME"); // reads: AT_COMPILE_TIME!
let f = option_env!("PERHAPS"); // reads: PERHAPS?
let g = r#"env::var("RAW")"#; let h: &'static str = "env::var(\"QUOTED\")";
let i = '"'; env::var_os("AFTER_CHAR"); // reads: AFTER_CHAR
