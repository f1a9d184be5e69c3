<?php
// What src/Illuminate/Encryption/Encrypter.php of Laravel does, with PHP's own functions.

function sealed(string $text, string $key, string $cipher): string
{
    $iv = random_bytes(openssl_cipher_iv_length($cipher));
    $tag = '';
    $aead = str_ends_with($cipher, 'gcm');
    $value = $aead
        ? openssl_encrypt($text, $cipher, $key, 0, $iv, $tag)
        : openssl_encrypt($text, $cipher, $key, 0, $iv);
    $iv = base64_encode($iv);
    $tag = base64_encode($tag);
    $mac = $aead ? '' : hash_hmac('sha256', $iv . $value, $key);

    return base64_encode(json_encode(compact('iv', 'value', 'mac', 'tag'), JSON_UNESCAPED_SLASHES));
}

$keys = [
    'aes-128-cbc' => 'base64:ABEiM0RVZneImaq7zN3u/w==',
    'aes-256-cbc' => 'base64:ej4VPr9aS9jX9xBpnVFUJrMysIYabupGJOKDxLjUvzc=',
];
$keys['aes-128-gcm'] = $keys['aes-128-cbc'];
$keys['aes-256-gcm'] = $keys['aes-256-cbc'];
$vectors = [];
foreach ($keys as $cipher => $secret) {
    $key = base64_decode(substr($secret, 7));
    $recipe = ['cipher' => $cipher, 'encoding' => 'base64', 'prefix' => 'base64:'];
    foreach (['encryptString' => 'naïve café', 'encrypt' => serialize('naïve café'), 'of nothing' => ''] as $how => $text) {
        $vectors[] = [
            'name' => "$cipher, $how",
            'envelope' => 'laravel',
            'recipe' => $recipe,
            'secret' => $secret,
            'stored' => sealed($text, $key, $cipher),
            'plaintext' => $text,
        ];
    }
}
echo json_encode(['producer' => 'php ' . PHP_VERSION . ', as Laravel does', 'vectors' => $vectors]);
