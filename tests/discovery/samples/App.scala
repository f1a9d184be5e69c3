val a = sys.env("PLAIN") // reads: PLAIN
val b = sys.env.getOrElse("WITH_DEFAULT", "c") // reads: WITH_DEFAULT=c
val c = sys.env.get("MAYBE") // reads: MAYBE?
