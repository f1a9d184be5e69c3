<?php // env('IN_A_COMMENT')
# getenv('IN_ANOTHER')
$a = env('PLAIN'); // reads: PLAIN
$b = env('WITH_DEFAULT', 'x'); // reads: WITH_DEFAULT=x
$c = getenv('GOT') ?: 'y'; // reads: GOT=y
$d = $_ENV['DIRECT'] ?? null; // reads: DIRECT?
$_ENV['WRITTEN'] = 1;
$e = "env('IN_A_STRING')";
$f = $object->env('METHOD');
