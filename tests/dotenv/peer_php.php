<?php
// Reads a JSON list of texts and writes what phpdotenv makes of each; null where it refuses.
require 'Dotenv/autoload.php';

function read($text) {
    $repository = Dotenv\Repository\RepositoryBuilder::createWithNoAdapters()
        ->addAdapter(Dotenv\Repository\Adapter\ArrayAdapter::class)->immutable()->make();
    try {
        $text = Dotenv\Util\Str::utf8($text)->success()->get();
        $entries = (new Dotenv\Parser\Parser())->parse($text);
        $values = (new Dotenv\Loader\Loader())->load($repository, $entries);
    } catch (Dotenv\Exception\InvalidFileException $refused) {
        return null;
    }
    $pairs = [];
    foreach ($values as $name => $value) {
        $pairs[] = [(string) $name, $value];
    }
    return $pairs;
}

$texts = json_decode(file_get_contents($argv[1]));
file_put_contents($argv[2], json_encode(array_map('read', $texts), JSON_THROW_ON_ERROR));
