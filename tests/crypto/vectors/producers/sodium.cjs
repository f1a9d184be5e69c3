// secretbox and XChaCha20-Poly1305 of npm libsodium-wrappers, in the ways of many programs.
const { readFileSync } = require('fs');
const sodium = require('libsodium-wrappers');

const { version } = JSON.parse(readFileSync(`${process.env.NODE_PATH}/libsodium-wrappers/package.json`));
const secret = '7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37';
const key = Buffer.from(secret, 'hex');
const plaintext = 'hello naïve café';
const [hex, b64, url] = ['hex', 'base64', 'base64url'].map(e => b => Buffer.from(b).toString(e));

sodium.ready.then(() => {
  const vectors = [];
  const seals = {
    secretbox: (nonce, text) => sodium.crypto_secretbox_easy(text, nonce, key),
    'xchacha20-poly1305': (nonce, text, aad) => sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(text, aad ?? null, null, nonce, key),
  };
  for (const [cipher, seal] of Object.entries(seals)) {
    const add = (name, options, stored, more = {}) => {
      const envelope = options ? { format: cipher, ...options } : cipher;
      vectors.push({ name: `${cipher}, ${name}`, envelope, recipe: { cipher, encoding: 'hex' }, secret, plaintext, ...(typeof stored === 'string' ? { stored } : { stored_hex: hex(stored) }), ...more });
    };
    const nonce = sodium.randombytes_buf(24);
    const sealed = seal(nonce, plaintext);
    const joined = Buffer.concat([nonce, sealed]);
    add('bytes', null, joined);
    add('hex', { encoding: 'hex' }, hex(joined));
    add('base64', { encoding: 'base64' }, b64(joined));
    add('base64url', { encoding: 'base64url' }, url(joined));
    add('nonce and the rest', { encoding: 'base64', separator: ':' }, `${b64(nonce)}:${b64(sealed)}`);
    add('JSON', { encoding: 'hex' }, JSON.stringify({ nonce: hex(nonce), ciphertext: hex(sealed) }));
    add('of nothing', null, Buffer.concat([nonce, seal(nonce, '')]), { plaintext: '' });
    if (cipher !== 'secretbox') {
      add('with aad', { aad: '{tenant_id}' }, Buffer.concat([nonce, seal(nonce, plaintext, 'tenant 7')]), { aad: 'tenant 7' });
    }
  }
  console.log(JSON.stringify({ producer: `libsodium-wrappers ${version}`, vectors }));
});
