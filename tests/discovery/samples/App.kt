val a = System.getenv("WITH_DEFAULT") ?: "d" // reads: WITH_DEFAULT=d
val b = "${System.getenv("INTERPOLATED")}" // reads: INTERPOLATED
val c = System.getenv("SURE")!! // reads: SURE!
