/* System.getenv("IN_A_BLOCK") */
String a = System.getenv("PLAIN"); // reads: PLAIN
String b = System.getenv().get("BY_MAP"); // reads: BY_MAP
String c = System.getenv().getOrDefault("WITH_DEFAULT", "x"); // reads: WITH_DEFAULT=x
String d = "System.getenv(\"QUOTED\")"; char e = '"';
String f = """
  System.getenv("IN_A_TEXT_BLOCK")
  """;
