<?php
// Reads a JSON list of texts and writes what Symfony makes of each; null where it refuses.
require 'Symfony/Component/Dotenv/autoload.php';

function read($text) {
    $_ENV = [];
    $_SERVER = [];
    try {
        $values = (new Symfony\Component\Dotenv\Dotenv())->parse($text);
    } catch (Symfony\Component\Dotenv\Exception\FormatException | LogicException $refused) {
        return null;
    }
    return array_map(null, array_map('strval', array_keys($values)), array_values($values));
}

$texts = json_decode(file_get_contents($argv[1]));
file_put_contents($argv[2], json_encode(array_map('read', $texts), JSON_THROW_ON_ERROR));
