<?php
// Encrypts as applications in PHP do: Laravel's Encrypter, and what tutorials show. Reads
// {app, env, texts} a line, prints {stored} a line.

function laravel(string $env, string $text): string
{
    $key = base64_decode(substr($env, 7));
    $iv = random_bytes(16);
    $value = openssl_encrypt($text, 'aes-256-cbc', $key, 0, $iv);
    $iv = base64_encode($iv);
    $tag = '';
    $mac = hash_hmac('sha256', $iv . $value, $key);

    return base64_encode(json_encode(compact('iv', 'value', 'mac', 'tag'), JSON_UNESCAPED_SLASHES));
}

$apps = [
    'laravel' => 'laravel',
    'cbc-joined' => function (string $env, string $text): string {
        $iv = random_bytes(16);

        return base64_encode($iv . openssl_encrypt($text, 'aes-256-cbc', hex2bin($env), OPENSSL_RAW_DATA, $iv));
    },
    'cbc-nested' => function (string $env, string $text): string {
        $iv = random_bytes(16);

        return base64_encode($iv . openssl_encrypt($text, 'aes-256-cbc', hex2bin($env), 0, $iv));
    },
    'cbc-colons' => function (string $env, string $text): string {
        $iv = random_bytes(16);

        return base64_encode(openssl_encrypt($text, 'aes-256-cbc', hex2bin($env), 0, $iv) . '::' . $iv);
    },
    'gcm-joined' => function (string $env, string $text): string {
        $iv = random_bytes(12);
        $body = openssl_encrypt($text, 'aes-256-gcm', hex2bin($env), OPENSSL_RAW_DATA, $iv, $tag);

        return base64_encode($iv . $tag . $body);
    },
];
while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true);
    $stored = array_map(fn ($text) => $apps[$asked['app']]($asked['env'], $text), $asked['texts']);
    echo json_encode(['stored' => $stored], JSON_UNESCAPED_SLASHES), "\n";
}
