# System.get_env("IN_A_COMMENT")
config :app, a: System.get_env("WITH_DEFAULT", "b") # reads: WITH_DEFAULT=b
config :app, b: System.fetch_env!("DEMANDED") # reads: DEMANDED!
config :app, c: "#{System.get_env("INTERPOLATED")}" # reads: INTERPOLATED
