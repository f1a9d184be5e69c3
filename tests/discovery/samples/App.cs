// Environment.GetEnvironmentVariable("IN_A_COMMENT")
var a = Environment.GetEnvironmentVariable("WITH_DEFAULT") ?? "x"; // reads: WITH_DEFAULT=x
var b = $"{Environment.GetEnvironmentVariable("INTERPOLATED")}"; // reads: INTERPOLATED
var c = Environment.GetEnvironmentVariable("SURE")!; // reads: SURE!
var d = @"Environment.GetEnvironmentVariable(""VERBATIM"")";
